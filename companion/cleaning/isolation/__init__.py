"""One cleaning = one child process with limits of memory and time, which dies with all it saw."""
