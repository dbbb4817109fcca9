"""Packs that a patients' group prints."""
