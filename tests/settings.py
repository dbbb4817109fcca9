"""The companion's settings as a person runs it on their own machine, for the tests."""

import os

os.environ.setdefault("COMPANION_MODE", "local")
os.environ.setdefault("COMPANION_ADMIN", "on")
os.environ.setdefault("COMPANION_REQUESTS_PER_MINUTE", "100000")
# Playwright's synchronous API runs an event loop in the test's own thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from companion.settings import *  # noqa: F403, TID251

# What stands for standard error while settings are read is closed by the first test, and each line
# of a log would then print where it could not be printed.
LOGGING["handlers"]["console"]["stream"] = "ext://sys.__stderr__"  # noqa: F405
