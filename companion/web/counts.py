"""How often each kind of thing happened: sums for whoever runs the companion.

Nothing about a visitor, a file or a hospital is in them: each label's values are the few
that are written here. They are held in memory, start at nothing with the process, and are
shown only at a loopback address of their own (``COMPANION_METRICS``), never by a page.
"""

from __future__ import annotations

import logging
import threading
import time
from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, disable_created_metrics, start_http_server

log = logging.getLogger(__name__)

_TRY_AGAIN_SECONDS = 2
"""A worker that takes the place of another waits until that one lets go of the address."""


class Use(StrEnum):
    """What an upload was for."""

    REPORT = "report"
    COPY = "copy"
    RECEIPT = "receipt"


class Outcome(StrEnum):
    """What became of an upload; all but the first led to nothing."""

    READ = "read"
    BUSY = "busy"
    CUT_OFF = "cut-off"
    DIED = "died"
    REFUSED = "refused"
    TIMED_OUT = "timed-out"


class Print(StrEnum):
    """What became of a page that was to be printed."""

    PRINTED = "printed"
    BUSY = "busy"
    TOO_LONG = "too-long"
    FAILED = "failed"


class Form(StrEnum):
    """As what a letter was taken away."""

    PDF = "pdf"
    LARGE = "large"
    TEXT = "text"
    WORD = "word"
    CALENDAR = "calendar"


# When a count began is the time of the first visitor's step: it is left out.
disable_created_metrics()  # type: ignore[no-untyped-call]
registry = CollectorRegistry()
"""Without the library's own counts of the process and its machine."""
_uploads = Counter(
    "companion_uploads", "Uploads, by use and outcome", ["use", "outcome"], registry=registry
)
_prints = Counter("companion_prints", "Pages printed as PDF", ["outcome"], registry=registry)
_letters = Counter("companion_letters", "Letters taken away", ["form"], registry=registry)
_errors = Counter("companion_errors", "Pages that failed by our own fault", registry=registry)
# Each kind is there from the start: what is not there could as well not be counted.
for _use in Use:
    for _outcome in Outcome:
        _uploads.labels(_use, _outcome)
for _print in Print:
    _prints.labels(_print)
for _form in Form:
    _letters.labels(_form)


def upload(use: Use, outcome: Outcome) -> None:
    _uploads.labels(use, outcome).inc()


def printed(outcome: Print) -> None:
    _prints.labels(outcome).inc()


def letter(form: Form) -> None:
    _letters.labels(form).inc()


def error() -> None:
    _errors.inc()


def serve(address: tuple[str, int]) -> None:
    """Show the counts at a loopback address, in a thread of its own, while the process lives."""
    threading.Thread(target=_serve, args=address, daemon=True).start()


def _serve(host: str, port: int) -> None:
    told = False
    while True:
        try:
            start_http_server(port, host, registry)
        except OSError:
            if not told:
                log.error("the counts' address is taken; trying until it is free")
                told = True
            time.sleep(_TRY_AGAIN_SECONDS)
        else:
            return
