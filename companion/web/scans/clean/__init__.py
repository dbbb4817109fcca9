"""Share: choose what a copy is for, see it before and after, download it with its account."""
