"""Hospitals: find one, see its page, carry it through a journey."""
