"""A version of the companion with static files of its own, in ``COMPANION_TEST_VERSION``."""

import os
from pathlib import Path

from companion.settings import *  # noqa: F403, TID251

_FOLDER = Path(os.environ["COMPANION_TEST_VERSION"])
STATIC_ROOT = _FOLDER / "collected"
STATICFILES_DIRS = [BASE_DIR / "static", _FOLDER / "source"]  # noqa: F405
