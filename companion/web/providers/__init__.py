"""Hospitals: find one, see its page, take it along through a journey."""
