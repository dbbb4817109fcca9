"""The companion's settings as a person runs it on their own machine, for the tests."""

import os

os.environ.setdefault("COMPANION_MODE", "local")
os.environ.setdefault("COMPANION_ADMIN", "on")
os.environ.setdefault("COMPANION_REQUESTS_PER_MINUTE", "100000")
# Playwright's synchronous API runs an event loop in the test's own thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from companion.settings import *  # noqa: F403, TID251
