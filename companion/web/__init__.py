"""The only package that knows HTTP: one room a journey, and what the rooms share."""
