"""Profiles in and out of files: our CSV and TOML, and the CMS list of US hospitals.

Reading never writes: a file becomes ``Entry`` objects or ``FileRefused`` with one line
for each fault and the row it is in. ``saving.save`` then writes all of them or none.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from companion import clock
from companion.content.library import LANGUAGES
from companion.providers import publishing, sheet
from companion.providers.models import Answer, Profile, not_in_the_future
from companion.providers.profiles import TEXT_FIELDS, content_of

MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 20_000
"""Three times the hospitals of the United States."""
MOST_FAULTS = 50
"""Faults reported at once; more would say the same."""
REQUIRED = ("slug", "name", "jurisdiction")
ORIGIN = ("source_id", "taken_over")
"""Of a profile made from a public list: its number there (``cms:010001``), and ``yes`` where
somebody has taken it over since, which ends the list's say in it."""
COLUMNS = ("slug", *TEXT_FIELDS, "reviewed_on", *ORIGIN)

_SOURCE = re.compile(r"(?:cms:[0-9A-Z]{4,10})?")
_ACTS = r" *[=+\-@\t\r\n|%]"
"""How a cell begins that a spreadsheet would run (OWASP, CSV injection)."""


class FileRefused(Exception):  # noqa: N818 - says what it is
    """The file was not taken in, and nothing was changed: why, a line for each fault."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__(f"{len(self.faults)} faults")


@dataclass(frozen=True, slots=True)
class Entry:
    """One profile of a file. What the file does not name stays as it is."""

    row: int
    fields: Mapping[str, str]
    answers: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """(question, language) -> (text, date as YYYY-MM-DD or ``""`` for today)."""


def read_csv(data: bytes) -> list[Entry]:
    """Entries of a CSV in UTF-8; answers in columns ``B1.en`` and ``B1.en.on``."""
    rows = csv.reader(io.StringIO(decoded(data), newline=""))
    header = [name.strip() for name in _next(rows)]
    _refuse_columns(header)
    entries = []
    for number, cells in numbered(rows):
        if len(cells) != len(header):
            raise FileRefused([f"row {number}: has {len(cells)} cells, not {len(header)}"])
        texts = [re.sub(rf"^'(?='*{_ACTS})", "", cell) for cell in cells]
        entries.append(_entry(number, dict(zip(header, texts, strict=True))))
    return _checked(entries)


def read_toml(data: bytes) -> list[Entry]:
    """Entries of a TOML file: ``[[provider]]`` with ``[provider.answers.B1.en]``."""
    try:
        tables = tomllib.loads(decoded(data)).get("provider", [])
    except RecursionError as error:
        raise FileRefused(["file: has brackets within brackets, too deep to read"]) from error
    except ValueError as error:  # a TOMLDecodeError, or a number of a thousand digits
        raise FileRefused([f"file: is not TOML ({error})"]) from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise FileRefused(["file: write each hospital as [[provider]]"])
    if len(tables) > MAX_ROWS:
        raise FileRefused([f"file: has more than {MAX_ROWS} hospitals"])
    entries = []
    for number, table in enumerate(tables, start=1):
        try:
            texts = {name: _text(name, value) for name, value in _unfolded(table)}
            _refuse_columns(list(texts))
        except FileRefused as refused:
            raise FileRefused(
                [fault.replace("file:", f"provider {number}:") for fault in refused.faults]
            ) from refused
        entries.append(_entry(number, texts))
    return _checked(entries, "provider")


def _unfolded(table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """A hospital's table as a row of CSV has it: answers as ``B1.en`` and ``B1.en.on``."""
    for name, value in table.items():
        if name != "answers":
            yield name, value
    form = "write each as [provider.answers.B1.en] with text and on"
    questions = table.get("answers", {})
    if not isinstance(questions, dict):
        raise FileRefused([f"file: answers: {form}"])
    for question, languages in questions.items():
        if not isinstance(languages, dict):
            raise FileRefused([f"file: answers.{question}: {form}"])
        for language, answer in languages.items():
            name = f"{question}.{language}"
            if not isinstance(answer, dict) or not {"text"} <= set(answer) <= {"text", "on"}:
                raise FileRefused([f"file: answers.{name}: {form}"])
            yield name, answer["text"]
            yield f"{name}.on", answer.get("on", "")


def _text(name: str, value: object) -> str:
    """What a cell of CSV would hold."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) or type(value) is int:
        return str(value)
    raise FileRefused([f"file: {name}: write a text in quotes"])


def contents(profiles: Iterable[Profile], *, drafts: bool) -> list[tuple[str, dict[str, Any]]]:
    """Slug and content of each profile, for an export: what is published, or the draft."""
    taken_over = publishing.taken_over()
    found = []
    for profile in profiles:
        content = content_of(profile) if drafts else profile.published
        if content is not None:
            origin = {
                "source_id": profile.source_id,
                "taken_over": "yes" if profile.pk in taken_over else "",
            }
            found.append((profile.slug, {**content, **origin}))
    return found


def to_csv(contents: Iterable[tuple[str, dict[str, Any]]]) -> str:
    """CSV of (slug, content) pairs that ``read_csv`` reads back.

    A cell that begins like a formula has an apostrophe before it, so that no spreadsheet
    runs what a hospital has typed.
    """
    rows = [_flat(slug, content) for slug, content in contents]
    answers = sorted({name for row in rows for name in row if name not in COLUMNS})
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, [*COLUMNS, *answers], restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: re.sub(rf"^(?='*{_ACTS})", "'", cell) for name, cell in row.items()})
    return file.getvalue()


def to_toml(contents: Iterable[tuple[str, dict[str, Any]]]) -> str:
    """TOML of (slug, content) pairs that ``read_toml`` reads back."""
    lines: list[str] = []
    for slug, content in contents:
        lines += ["[[provider]]", f"slug = {_quoted(slug)}"]
        for name in COLUMNS[1:]:
            if content.get(name):
                lines.append(f"{name} = {_quoted(content[name])}")
        for question, languages in content.get("answers", {}).items():
            for language, answer in languages.items():
                lines += [
                    f"[provider.answers.{question}.{language}]",
                    f"text = {_quoted(answer['text'])}",
                    f"on = {answer['on']}",
                ]
        lines.append("")
    return "\n".join(lines)


WRITERS = {"csv": to_csv, "toml": to_toml}
"""Ending of a file -> who writes it."""


def decoded(data: bytes) -> str:
    """The file's text; ``FileRefused`` names the line whose bytes are not UTF-8."""
    if len(data) > MAX_BYTES:
        raise FileRefused([f"file: is larger than {MAX_BYTES // 1024 // 1024} MB"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefused([f"line {line}: is not UTF-8; save the file as UTF-8"]) from error


def _next(rows: Iterator[list[str]]) -> list[str]:
    try:
        return next(rows)
    except (StopIteration, csv.Error) as error:
        raise FileRefused(["file: is empty or is not CSV"]) from error


def numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers as a spreadsheet shows them; empty ones left out.

    Raises ``FileRefused`` at a row that cannot be read, and at one too many.
    """
    number = 1
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRefused([f"row {number}: cannot be read ({error})"]) from error
        if number > MAX_ROWS + 1:
            raise FileRefused([f"file: has more than {MAX_ROWS} rows; send it in parts"])
        if any(cell.strip() for cell in cells):
            yield number, cells


def _refuse_columns(names: list[str]) -> None:
    faults = [f"file: the column {name} is missing" for name in REQUIRED if name not in names]
    faults += [f"file: the column {name!r} stands twice" for name in _twice(names)]
    known = sheet.questions()
    for name in names:
        question, _, rest = name.partition(".")
        if name not in COLUMNS and not (
            question in known and rest.removesuffix(".on") in LANGUAGES
        ):
            faults.append(f"file: the column {name!r} is not known here")
    if faults:
        raise FileRefused(faults[:MOST_FAULTS])


def _twice(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


def _entry(number: int, texts: Mapping[str, str]) -> Entry:
    answers = {}
    for name, value in texts.items():
        question, _, language = name.partition(".")
        if language in LANGUAGES:
            answers[question, language] = (value.strip(), texts.get(f"{name}.on", "").strip())
    fields = {name: value.strip() for name, value in texts.items() if name in COLUMNS}
    return Entry(number, fields, answers)


def _checked(entries: list[Entry], unit: str = "row") -> list[Entry]:
    faults = []
    seen: dict[tuple[str, str], int] = {}
    for entry in entries:
        for name in ("slug", "source_id"):
            if value := entry.fields.get(name):
                first = seen.setdefault((name, value), entry.row)
                if first != entry.row:
                    faults.append(
                        f"{unit} {entry.row}: {name}: {value} stands in {unit} {first} too"
                    )
        faults += [f"{unit} {entry.row}: {fault}" for fault in _faults(entry)]
        if len(faults) >= MOST_FAULTS:
            raise FileRefused([*faults[:MOST_FAULTS], "file: and more"])
    if not entries:
        faults = ["file: holds no hospital"]
    if faults:
        raise FileRefused(faults)
    return entries


def _faults(entry: Entry) -> Iterator[str]:
    profile = Profile(slug=entry.fields["slug"])
    try:
        apply(profile, entry)
    except ValueError:
        yield "reviewed_on: write the date as 2026-11-21"
        return
    try:
        profile.clean_fields(exclude=["published", "published_at", "officers"])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            yield f"{name}: {' '.join(messages)}"
    yield from _from_the_future("reviewed_on", profile.reviewed_on)
    if not _SOURCE.fullmatch(entry.fields.get("source_id", "")):
        yield "source_id: write it as cms:010001, or leave it empty"
    if entry.fields.get("taken_over", "") not in {"", "yes"}:
        yield "taken_over: write yes, or leave it empty"
    for (question, language), (text, on) in entry.answers.items():
        name = f"{question}.{language}"
        try:
            answered = date.fromisoformat(on) if on else clock.today()
        except ValueError:
            yield f"{name}.on: write the date as 2026-11-21"
            continue
        yield from _from_the_future(f"{name}.on", answered)
        if text:
            answer = Answer(question=question, language=language, text=text, answered_on=answered)
            try:
                answer.clean_fields(exclude=["profile"])
            except ValidationError as error:
                yield f"{name}: {' '.join(error.messages)}"


def _from_the_future(name: str, day: date | None) -> Iterator[str]:
    try:
        not_in_the_future(day)
    except ValidationError as error:
        yield f"{name}: {' '.join(error.messages)}"


def apply(profile: Profile, entry: Entry) -> bool:
    """Put an entry's fields into the draft; returns whether any of them says otherwise."""
    changed = False
    for name, text in entry.fields.items():
        if name in {"slug", "taken_over"} or (name == "source_id" and not text):
            continue
        value: object = text
        if name == "reviewed_on":
            value = date.fromisoformat(text) if text else None
        changed = changed or getattr(profile, name) != value
        setattr(profile, name, value)
    return changed


def _flat(slug: str, content: dict[str, Any]) -> dict[str, str]:
    row = {"slug": slug, **{name: content.get(name, "") for name in COLUMNS if name != "slug"}}
    for question, languages in content.get("answers", {}).items():
        for language, answer in languages.items():
            row[f"{question}.{language}"] = answer["text"]
            row[f"{question}.{language}.on"] = answer["on"]
    return row


def _quoted(text: str) -> str:
    # JSON's string escapes are a part of TOML's.
    return json.dumps(text, ensure_ascii=False)
