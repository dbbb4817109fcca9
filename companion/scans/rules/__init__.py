"""What an element or a text means: the identifier table, and what detectors look at."""
