"""Log lines without values.

Django logs exception texts even where DEBUG is off, and pydicom's messages quote
what stands in the file. So a line says which kind of error, in which file and line,
and a random number that the visitor's error page shows too; never a message's
arguments, an exception's text, a URL, an address or a file's name.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import Path

_OURS = Path(__file__).resolve().parents[2]


class ValueFreeFormatter(logging.Formatter):
    """Formats a record by its level, logger, place in the code and error type."""

    def format(self, record: logging.LogRecord) -> str:
        words = [record.levelname, record.name]
        number = getattr(record, "error_number", "")
        if number:
            words.append(f"error={number}")
        status = getattr(record, "status_code", None)
        if isinstance(status, int):
            words.append(f"status={status}")
        if record.exc_info and record.exc_info[0] is not None:
            words.append(record.exc_info[0].__name__)
            words.extend(_places(record.exc_info[2]))
        else:
            # The unformatted message is our own or a library's constant text; its
            # arguments are where values would stand.
            words.append(f"at {Path(record.pathname).name}:{record.lineno}")
            if record.name.startswith("companion"):
                words.append(str(record.msg) if not record.args else "")
        return " ".join(word for word in words if word)


def error_number() -> str:
    """A random number that joins an error page to its log line and to nobody."""
    return secrets.token_hex(4)


def _places(trace: object, most: int = 6) -> list[str]:
    frames = traceback.extract_tb(trace) if trace is not None else []  # type: ignore[arg-type]
    places = []
    for frame in list(frames)[-most:]:
        path = Path(frame.filename)
        name = path.relative_to(_OURS) if path.is_relative_to(_OURS) else Path(path.name)
        places.append(f"{name}:{frame.lineno}")
    return places
