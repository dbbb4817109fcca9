"""Log lines without values.

Django logs exception texts even where DEBUG is off, pydicom's messages quote what
the file contains, and gunicorn's name addresses, headers and paths. So a line says
which kind of error, in which file and line, and a random number that the visitor's
error page shows too; never a message's arguments, an exception's text, a URL, an
address or a file's name.
"""

from __future__ import annotations

import logging
import re
import secrets
import traceback
from pathlib import Path

from companion.scans.isolation.reasons import Reason

_OURS = Path(__file__).resolve().parents[2]

_PLACE = re.compile(r"[A-Za-z_]\w{0,59} in [A-Za-z_]\w{0,56}\.py, line \d{1,6}")
"""Type, file and line, as a child that reads scans reports them (``scans.isolation``)."""
_NO_PLACE = re.compile(r"[A-Z][A-Za-z]{0,40}Error")
"""The type alone, of an error that kept a child from starting."""


class ValueFreeFormatter(logging.Formatter):
    """Formats a record by its level, logger, place in the code and error type.

    Reads from a record, where they are: ``request.error_number``, what ``number_for``
    gave the visitor's page; ``status_code``; ``where``, a child's last words.
    """

    def format(self, record: logging.LogRecord) -> str:
        words = [record.levelname, record.name]
        number = getattr(getattr(record, "request", None), "error_number", "")
        if number:
            words.append(f"error={number}")
        status = getattr(record, "status_code", None)
        if isinstance(status, int):
            words.append(f"status={status}")
        if record.exc_info and record.exc_info[0] is not None:
            words.append(record.exc_info[0].__name__)
            words.extend(_places(record.exc_info[2]))
        else:
            words.append(f"at {Path(record.pathname).name}:{record.lineno}")
            words.append(_message(record))
        if hasattr(record, "where"):
            words.append(_where(record.where))
        return " ".join(word for word in words if word)


def number_for(request: object) -> str:
    """A random number that joins an error page to its log line and to nobody.

    Django calls the error page's view first and logs afterwards, with the request.
    """
    number = secrets.token_hex(4)
    request.error_number = number  # type: ignore[attr-defined]
    return number


def _message(record: logging.LogRecord) -> str:
    """A message that is known to be a constant text, without its arguments."""
    if record.name.startswith("companion"):
        return str(record.msg)
    # gunicorn's messages without arguments are no constants: some have the address and
    # the header in them already. Those with arguments keep them apart.
    if record.name.startswith("gunicorn") and record.args and isinstance(record.args, tuple):
        try:
            return " ".join((str(record.msg) % tuple(map(_harmless, record.args))).split())
        except (TypeError, ValueError):
            return ""
    return ""


def _harmless(argument: object) -> object:
    """A process's number, an exit code, a signal's name; dots for all else."""
    if isinstance(argument, int) or re.fullmatch(r"SIG[A-Z]{1,10}", str(argument)):
        return argument
    return "…"


def _where(report: object) -> str:
    """A child's report of where it failed, if it has one of the expected shapes.

    The child was reading a stranger's file, so what it says is not trusted.
    """
    text = str(report)
    known = text in set(Reason)
    if known or any(shape.fullmatch(text) for shape in (_PLACE, _NO_PLACE)):
        return f"({text})"
    return "(no place that can be told)"


def _places(trace: object, most: int = 6) -> list[str]:
    frames = traceback.extract_tb(trace) if trace is not None else []  # type: ignore[arg-type]
    places = []
    for frame in list(frames)[-most:]:
        path = Path(frame.filename)
        name = path.relative_to(_OURS) if path.is_relative_to(_OURS) else Path(path.name)
        places.append(f"{name}:{frame.lineno}")
    return places
