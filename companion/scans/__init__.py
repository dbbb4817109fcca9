"""Bytes -> report. Start at ``companion.scans.inspection``; pydicom lives here, Django does not."""
