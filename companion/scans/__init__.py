"""Bytes -> report. Start at ``companion.scans.inspection``; it knows pydicom, and no Django."""
