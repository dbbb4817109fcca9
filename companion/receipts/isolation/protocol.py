"""What a web process and the child that makes receipts say to each other.

To the child go the messages of ``scans.isolation.protocol``: SET_UP, the files, each with its
part before its name, FINISH. The parent does not trust what comes back: the child reads files
that anybody may have made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from companion.receipts.certificates import Trust
from companion.receipts.changes import Kind, Mark, Outcome
from companion.receipts.clinical import About
from companion.receipts.receipt import NotRead, Receipt, ReceiptError, WhyNot
from companion.receipts.saved import read_receipt
from companion.receipts.signatures import SignatureCheck, Verdict
from companion.receipts.summing import Compared, Group, Summary, SummedDetail
from companion.receipts.traces import Trace, TraceKind
from companion.scans.findings import Certainty

# To the parent, beside ``PROGRESS`` and ``FAILED``.
MADE = b"m"  # JSON: a receipt
COMPARED = b"c"  # JSON: a comparison, summed up
REFUSED = b"n"  # JSON: why there is none (``Refusal``)

_MOST = 10_000
_MOST_TEXT = 2_000
_Made = TypeVar("_Made")


class Part(StrEnum):
    """What a file of an upload is."""

    RECEIPT = "receipt"  # one that was made before
    OLD = "old"
    NEW = "new"


class Refusal(StrEnum):
    """Why nothing came of an upload; beside them, every ``WhyNot``."""

    NOTHING_OLD = "nothing-old"
    NOTHING_NEW = "nothing-new"


class RefusedError(Exception):
    """There is nothing to compare; ``why`` is a ``Refusal`` or a ``WhyNot``."""

    def __init__(self, why: Refusal | WhyNot) -> None:
        self.why = why
        super().__init__(why)


def part_of(name: str) -> tuple[Part, str]:
    """The part and the name of a file, as ``name_of`` joined them."""
    part, _, rest = name.partition("/")
    return Part(part), rest


def name_of(part: Part, name: str) -> str:
    """A file's name with its part."""
    return f"{part}/{name}"


def pack_made(receipt: Receipt) -> bytes:
    """A receipt with what is known of files at hand, but for their elements."""
    said = {
        "receipt": receipt.to_json(),
        "unread": [_cut(asdict(one)) for one in receipt.unread[:_MOST]],
        **_pack_said(receipt.signatures, receipt.traces),
    }
    return json.dumps(said, default=_plain).encode()


def unpack_made(body: bytes) -> Receipt:
    """What ``pack_made`` packed. Raises ``ValueError`` for anything else."""
    try:
        table = json.loads(body)
        receipt = read_receipt(json.dumps(table["receipt"]))
        return replace(
            receipt,
            unread=_unread(table["unread"]),
            signatures=_signatures(table["signatures"]),
            traces=_traces(table["traces"]),
        )
    except (ReceiptError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("not a receipt") from None


def pack_compared(compared: Compared) -> bytes:
    """A comparison that was summed up."""
    said = {
        "summary": _cut(asdict(compared.summary)),
        "from_receipt": compared.from_receipt,
        **_pack_said(compared.signatures, compared.traces),
    }
    return json.dumps(said, default=_plain).encode()


def unpack_compared(body: bytes) -> Compared:
    """What ``pack_compared`` packed. Raises ``ValueError`` for anything else."""
    try:
        table = json.loads(body)
        return Compared(
            _summary(table["summary"]),
            _signatures(table["signatures"]),
            _traces(table["traces"]),
            bool(table["from_receipt"]),
        )
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("not a comparison") from None


def unpack_refused(body: bytes) -> Refusal | WhyNot:
    """Why there is nothing. Raises ``ValueError`` for anything else."""
    why = json.loads(body)
    return Refusal(why) if why in list(Refusal) else WhyNot(why)


def _pack_said(
    signatures: tuple[SignatureCheck, ...], traces: tuple[Trace, ...]
) -> dict[str, list[dict[str, Any]]]:
    return {
        "signatures": [_cut(asdict(one)) for one in signatures[:_MOST]],
        "traces": [_cut(asdict(one)) for one in traces[:_MOST]],
    }


def _cut(value: Any) -> Any:
    """The same with texts of a length that the parent takes: names in archives may be longer."""
    if isinstance(value, dict):
        return {key: _cut(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_cut(one) for one in value]
    return value[:_MOST_TEXT] if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError("not JSON")


def _summary(table: Mapping[str, Any]) -> Summary:
    return _made(
        Summary,
        table,
        old_made_on=_day,
        new_made_on=_day,
        outcome=Outcome,
        groups=lambda rows: tuple(map(_group, rows[:_MOST])),
        unread=_unread,
    )


def _group(table: Mapping[str, Any]) -> Group:
    return _made(
        Group,
        table,
        kind=Kind,
        marks=lambda marks: tuple(map(Mark, marks)),
        examples=_texts,
        details=lambda rows: tuple(_made(SummedDetail, row, about=About) for row in rows[:_MOST]),
        person=_certainty,
    )


def _signatures(rows: list[Mapping[str, Any]]) -> tuple[SignatureCheck, ...]:
    return tuple(
        _made(SignatureCheck, row, verdict=Verdict, trust=Trust, valid_from=_day, valid_until=_day)
        for row in rows[:_MOST]
    )


def _traces(rows: list[Mapping[str, Any]]) -> tuple[Trace, ...]:
    return tuple(
        _made(Trace, row, kind=TraceKind, certainty=Certainty, values=_texts)
        for row in rows[:_MOST]
    )


def _unread(rows: list[Mapping[str, Any]]) -> tuple[NotRead, ...]:
    return tuple(_made(NotRead, row) for row in rows[:_MOST])


def _made(made: type[_Made], table: Mapping[str, Any], /, **readers: Callable[[Any], Any]) -> _Made:
    """A dataclass from a table; what no reader is named for has to be plain."""
    values: dict[str, Any] = {}
    for one in fields(made):  # type: ignore[arg-type]
        read: Callable[[Any], Any] = readers.get(one.name, _scalar)
        values[one.name] = read(table[one.name])
    return made(**values)


def _scalar(value: Any) -> str | int | bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) <= _MOST_TEXT:
        return value
    if isinstance(value, int) and 0 <= value < 2**53:
        return value
    raise TypeError("not plain")


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _certainty(value: Any) -> Certainty | None:
    return None if value is None else Certainty(value)


def _texts(values: Any) -> tuple[str, ...]:
    texts = tuple(values[:_MOST])
    if not all(isinstance(text, str) and len(text) <= _MOST_TEXT for text in texts):
        raise TypeError("not texts")
    return texts
