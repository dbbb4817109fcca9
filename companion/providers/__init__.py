"""Hospitals: their public profiles and the staff who edit them; the public list of breaches.

Patients' pages read what is published, through ``profiles`` and ``breach_search``.
"""
