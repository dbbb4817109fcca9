"""The companion where nobody has collected the static files."""

from pathlib import Path

from companion.settings import *  # noqa: F403, TID251

STATIC_ROOT = Path("/nonexistent")
