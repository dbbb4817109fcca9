"""The companion where nobody has collected the static files."""

from companion.settings import *  # noqa: F403, TID251

STATIC_ROOT = "/nonexistent"
