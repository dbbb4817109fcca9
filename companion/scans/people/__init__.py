"""Whose scans they are: names as they are written, what stands in their place, persons."""
