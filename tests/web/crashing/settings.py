"""The tests' settings, with addresses that fail."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.web.crashing.urls"
