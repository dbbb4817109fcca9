"""The visitors' pages: one room a journey, and what the rooms share."""
