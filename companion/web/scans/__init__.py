"""See: choose files, read the report, take it along."""
