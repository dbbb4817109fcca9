"""A report read back from its JSON; everything in it is checked, for anyone may have made it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from companion.content import identifiers
from companion.content.identifiers import GROUPS
from companion.scans.findings import (
    FORMAT,
    MAX_BOXES,
    MAX_DAYS,
    MAX_FILES,
    MAX_FINDINGS,
    MAX_PEOPLE,
    MAX_VALUE_LENGTH,
    MAX_VALUES,
    VERSION,
    Box,
    Certainty,
    Day,
    FileRecord,
    Finding,
    Kind,
    Note,
    Person,
    Place,
    Report,
    ReportError,
    Status,
)

_Code = TypeVar("_Code", bound=StrEnum)


def read(data: bytes | str, *, max_bytes: int = 20_000_000) -> Report:
    """Read a report back; everything in it is checked, for anyone may have made it.

    Raises ``ReportError``.
    """
    if len(data) > max_bytes:
        raise ReportError("too-large")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise ReportError("not-json") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ReportError("not-a-report")
    if document.get("version") != VERSION:
        raise ReportError("wrong-version")
    files = _tables(document, "files", MAX_FILES)
    findings = _tables(document, "findings", MAX_FINDINGS)
    codes = {sentence: code for code, sentence in identifiers.notes("en").items()}
    return Report(
        files=tuple(_file_from(table, codes) for table in files),
        findings=tuple(_finding_from(table) for table in findings),
        edition=_text(document, "edition", 40),
        people=tuple(map(_person_from, _tables(document, "people", MAX_PEOPLE)))
        if "people" in document
        else (),
    )


def _tables(document: Mapping[str, Any], name: str, most: int) -> list[dict[str, Any]]:
    value = document.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ReportError("damaged")
    if len(value) > most:
        raise ReportError("too-large")
    return value


def _text(table: Mapping[str, Any], name: str, most: int = 1_000) -> str:
    value = table.get(name)
    if not isinstance(value, str) or len(value) > most:
        raise ReportError("damaged")
    return value


def _code(table: Mapping[str, Any], name: str, codes: type[_Code]) -> _Code:
    try:
        return codes(_text(table, name))
    except ValueError:
        raise ReportError("damaged") from None


def _group(table: Mapping[str, Any]) -> str:
    group = _text(table, "group")
    if group not in GROUPS:
        raise ReportError("damaged")
    return group


def _count(table: Mapping[str, Any], name: str) -> int:
    value = table.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**40:
        raise ReportError("damaged")
    return value


def _texts(table: Mapping[str, Any], name: str, most: int, length: int) -> tuple[str, ...]:
    value = table.get(name)
    if not isinstance(value, list) or len(value) > most:
        raise ReportError("damaged")
    if not all(isinstance(item, str) and len(item) <= length for item in value):
        raise ReportError("damaged")
    return tuple(value)


def _file_from(table: Mapping[str, Any], codes: Mapping[str, str]) -> FileRecord:
    notes = _texts(table, "notes", len(Note), 1_000)
    return FileRecord(
        name=_text(table, "name", 5_000),
        kind=_code(table, "kind", Kind),
        status=_code(table, "status", Status),
        modality=_text(table, "modality", 64),
        notes=tuple(codes.get(note, note) for note in notes),
        person=_text(table, "person", 20) if "person" in table else "",
        frames=_count(table, "frames") if "frames" in table else 0,
        frames_looked_at=_count(table, "frames_looked_at") if "frames_looked_at" in table else 0,
        size=_count(table, "size") if "size" in table else 0,
        expected_size=_count(table, "expected_size") if "expected_size" in table else 0,
    )


def _person_from(table: Mapping[str, Any]) -> Person:
    names, codes, numbers, births = (
        _texts(table, key, MAX_VALUES, MAX_VALUE_LENGTH)
        for key in ("names", "codes", "numbers", "birth_dates")
    )
    return Person(
        id=_text(table, "id", 20),
        names=names,
        codes=codes,
        numbers=numbers,
        birth_dates=births,
        files=_count(table, "files"),
        studies=_count(table, "studies"),
        days=tuple(
            Day(_text(day, "date", 64), _text(day, "modality", 64), _count(day, "files"))
            for day in _tables(table, "days", MAX_DAYS)
        ),
    )


def _finding_from(table: Mapping[str, Any]) -> Finding:
    hipaa = table.get("hipaa")
    if hipaa is not None and hipaa not in tuple("ABCDEFGHIJKLMNOPQR"):
        raise ReportError("damaged")
    tag = None if table.get("tag") is None else _text(table, "tag", 8)
    return Finding(
        rule=_text(table, "rule", 80),
        group=_group(table),
        hipaa=hipaa,
        certainty=_code(table, "certainty", Certainty),
        place=_code(table, "place", Place),
        tag=tag,
        path=_text(table, "path", 2_000),
        name=_text(table, "name", 1_000),
        values=_texts(table, "values", MAX_VALUES, MAX_VALUE_LENGTH),
        distinct=_count(table, "distinct"),
        files=_count(table, "files"),
        example=_text(table, "example", 5_000),
        person=_text(table, "person", 20) if "person" in table else "",
        boxes=tuple(map(_box_from, _tables(table, "boxes", MAX_BOXES))) if "boxes" in table else (),
    )


def _box_from(table: Mapping[str, Any]) -> Box:
    return Box(
        file=_text(table, "file", 5_000),
        frame=_count(table, "frame"),
        x=_count(table, "x"),
        y=_count(table, "y"),
        width=_count(table, "width"),
        height=_count(table, "height"),
    )
