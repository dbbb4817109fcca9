"""A data set's bytes -> elements, every byte accounted for."""
