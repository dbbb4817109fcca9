"""A companion with views that fail, for the tests of what a real server logs."""
