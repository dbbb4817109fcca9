"""One receipt or one comparison = one child process with limits, which dies with all it saw."""
