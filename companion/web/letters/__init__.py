"""Write: choose a letter, fill it in, take it along."""
