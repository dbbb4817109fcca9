"""Why a child stopped, in the parent's own words, where the child could not say.

The log lets these texts through and no others of the kind (``companion.web.logs``), so
they stand apart from what reads uploads: the server's log is set up before all else.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """What ``ChildStoppedError.where`` holds in the place of type, file and line."""

    NO_LAST_MESSAGE = "it ended without a word"
    NO_REPORT = "an answer that is no report"
    ANSWER_TOO_LONG = "an answer that is too long"
    NO_ROOM = "no room for one more process"
    NOT_INSTALLED = "what it needs is not installed"
    UNKNOWN = "unknown"
