"""The tables of a viewer's database, read from memory: ``column: value``, line by line.

SQLite reads the bytes themselves, in the process that reads documents: nothing is
opened by name, no function of the schema is trusted, and work has an end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from companion import signatures
from companion.scans import work
from companion.scans.findings import Kind, Note
from companion.scans.formats import json_text, sqlite_pages
from companion.scans.formats.registry import (
    DATABASE,
    LOOSE,
    NOTE,
    RAW,
    Inside,
    Passages,
    document_format,
)
from companion.scans.formats.strings import is_text, text_runs
from companion.scans.work import Work, did

MOST_TABLES = 300
MOST_ROWS = 20_000
"""Rows that are read of one table."""
MOST_VALUES = 100_000
"""Different values that are read of one database."""
_VALUE = 2_000
"""Characters that are read of one value."""
_MOST_INSIDE = 2_000
"""Values that are read of JSON in one cell."""
_PASSAGE = 3_500
_SECONDS = 1.0
"""Of work (``work.spent``) that one database may take."""
_EACH = 100
"""Steps of the database between two looks at how much it has taken."""
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
"""What a statement may do: it changes nothing and opens nothing."""
_LONGEST = 16 * 1024 * 1024
"""Bytes of one value, above which the rest of the database is not read."""
_HEAP = 64 * 1024 * 1024


class UnfinishedError(Exception):
    """The database was only read in part: damaged, too large, or it holds more than text."""


@document_format("SQLite", Kind.PROGRAM, fits=signatures.SQLITE.fits)
def read_database(data: bytes, _inside: Inside) -> Passages:
    """A database's tables, and loose text for what was deleted from them."""
    try:
        for table, text in read(data):
            yield f"{DATABASE} {table[:60]}", text
    except UnfinishedError:
        yield NOTE, Note.TEXT_ONLY
    yield from ((LOOSE, run) for run in sqlite_pages.deleted(data))
    yield from ((RAW, run) for run in text_runs(data))


def read(data: bytes) -> Iterator[tuple[str, str]]:
    """The name of each table with passages of its lines.

    ``UnfinishedError`` at the end where something was left out.
    """
    until = work.spent() + _SECONDS

    def late() -> bool:
        did(Work.STEP, _EACH)
        return work.spent() > until

    # The header may ask for a write-ahead log, which a database in memory cannot have.
    whole = data[:18] + b"\1\1" + data[20:]
    database = sqlite3.connect(":memory:")
    try:
        database.text_factory = lambda raw: raw.decode("utf-8", "replace")
        database.deserialize(whole)
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        for pragma in ("trusted_schema = OFF", "query_only = ON", f"hard_heap_limit = {_HEAP}"):
            database.execute(f"PRAGMA {pragma}")
        database.set_progress_handler(late, _EACH)
        database.set_authorizer(
            lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
        )
        yield from _tables(database)
    except (sqlite3.Error, MemoryError, OverflowError):
        raise UnfinishedError from None
    finally:
        database.close()


def _tables(database: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    entries = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid"
    ).fetchmany(MOST_TABLES + 1)
    values = 0
    whole = len(entries) <= MOST_TABLES
    for table, statement in entries[:MOST_TABLES]:
        if str(statement).upper().split()[1:2] == ["VIRTUAL"]:
            continue  # its contents are in tables of their own
        quoted = str(table).replace('"', '""')
        rows = database.execute(f'SELECT * FROM "{quoted}" LIMIT {MOST_ROWS + 1}')  # noqa: S608
        columns = [str(column[0])[:80] for column in rows.description]
        seen: set[str] = set()
        lines: list[str] = []
        length = 0
        for number, row in enumerate(rows):
            if number == MOST_ROWS or values >= MOST_VALUES:
                whole = False
                break
            for column, value in zip(columns, row, strict=True):
                said, understood = _lines(column, value)
                whole = whole and understood
                for line in said:
                    if line in seen:
                        continue
                    seen.add(line)
                    values += 1
                    lines.append(line)
                    length += len(line) + 1
            if length >= _PASSAGE:
                yield str(table), "\n".join(lines)
                lines, length = [], 0
        if lines:
            yield str(table), "\n".join(lines)
    if not whole:
        raise UnfinishedError


def _lines(column: str, value: object) -> tuple[list[str], bool]:
    """What a cell says, on lines behind the column's name, and whether that is all it holds.

    The values of JSON in a cell stand behind their own names.
    """
    if value is None or value == "" or value == b"":
        return [], True
    if isinstance(value, bytes):
        if not is_text(value):
            return [f"{column}: {run}" for run in text_runs(value)], False
        value = value.decode()
    plain = str(value)
    if json_text.looks_like_json(plain) and (inside := json_text.lines(plain)):
        kept = [line[:_VALUE] for line in inside[:_MOST_INSIDE]]
        return kept, len(inside) == len(kept) and max(map(len, inside)) <= _VALUE
    text = " ".join(plain.split())
    return [f"{column}: {text[:_VALUE]}"], len(text) <= _VALUE
