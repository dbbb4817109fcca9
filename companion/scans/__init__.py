"""Bytes -> report. The door is ``companion.scans.inspection``; pydicom lives here, Django not."""
