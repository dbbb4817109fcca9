"""Is this still my scan? A receipt to keep, and a comparison with it later."""
