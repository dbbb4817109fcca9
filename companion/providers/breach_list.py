"""The public list of breaches, from the operator's own download into our tables.

The file is the CSV that the breach portal of the US Department of Health and Human Services
exports (ocrportal.hhs.gov), of its open or of its closed cases. Newer exports carry broken
titles over two columns, so a column is known by its position. Reading never writes: a file
becomes rows, or ``FileRefused`` with one line for each fault; ``save`` then takes in all of
them or none.
"""

from __future__ import annotations

import csv
import io
import re
import secrets
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from companion.content.library import CONTENT
from companion.folding import fold
from companion.providers.models import Breach, BreachList, not_in_the_future
from companion.providers.transfer import MOST_FAULTS, FileRefused, decoded, numbered

MADE_UP = CONTENT / "breaches" / "made-up.csv"
"""The list of the demo, in the same layout."""
COLUMNS = (
    "Name of Covered Entity", "State", "Covered Entity Type", "Individuals Affected",
    "Breach Submission Date", "Type of Breach", "Location of Breached Information",
    "Business Associate Present", "Web Description",
)  # fmt: skip
MAX_NAME = 300
MAX_PARTS = 60
"""Types or locations of one entry: there are eight of each, and room for a list that knows more."""
MAX_DESCRIPTION = 20_000
"""Characters; the longest that was ever published has a fifth of it."""
MOST_PEOPLE = 2_000_000_000

_BROKEN_TITLE = "javax.faces."
"""How a title begins where the portal wrote a name of its own program in its place."""
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Counts:
    """Entries that an import made, replaced by newer ones, and found as they were."""

    made: int
    changed: int
    same: int


def read(data: bytes) -> list[Breach]:
    """The entries of a file, unsaved; ``FileRefused`` names each faulty row."""
    # Strict: a quotation mark that nothing closes must not swallow the rows after it.
    rows = csv.reader(io.StringIO(decoded(data), newline=""), strict=True)
    try:
        titles = [title.strip() for title in next(rows, [])]
    except csv.Error as error:
        raise FileRefused(["file: is not CSV"]) from error
    faults = list(_title_faults(titles))
    if faults:
        raise FileRefused(faults)
    entries = []
    for number, cells in numbered(rows):
        if len(cells) != len(titles):
            faults.append(f"row {number}: has {len(cells)} cells, not {len(titles)}")
        else:
            entry = Breach()
            faults += [f"row {number}: {fault}" for fault in _fill(entry, cells)]
            entries.append(entry)
        if len(faults) >= MOST_FAULTS:
            raise FileRefused([*faults[:MOST_FAULTS], "file: and more"])
    if faults or not entries:
        raise FileRefused(faults or ["file: holds no entry"])
    return entries


@transaction.atomic
def save(
    entries: Iterable[Breach],
    *,
    day: date | None = None,
    replace: bool = False,
    made_up: bool = False,
) -> Counts:
    """Take in all entries, or none.

    Those with a name, state and day that the list has already take the place of what it
    had: cases get a description when they are closed. ``day`` is that of the download,
    by default that of its newest entry. ``replace``: whatever these files lack goes.
    A made-up list always gives way to a real one.
    """
    whole = _locked()
    if replace or whole.made_up != made_up:
        Breach.objects.all().delete()
        whole.day = None
    before: dict[str, list[Breach]] = defaultdict(list)
    for breach in Breach.objects.order_by():
        before[breach.key].append(breach)
    after: dict[str, list[Breach]] = defaultdict(list)
    for entry in entries:
        after[entry.key].append(entry)
    made = changed = same = 0
    new, old = [], []
    for key, group in after.items():
        had = before.get(key, [])
        if sorted(map(_content, had)) == sorted(map(_content, group)):
            same += len(group)
            continue
        new += group
        old += [breach.pk for breach in had]
        changed += min(len(had), len(group))
        made += max(0, len(group) - len(had))
    for start in range(0, len(old), 500):
        Breach.objects.filter(pk__in=old[start : start + 500]).delete()
    Breach.objects.bulk_create(new, batch_size=100)
    newest = day or max((one.told_on for group in after.values() for one in group), default=None)
    whole.day = max(filter(None, (whole.day, newest)), default=None)
    whole.made_up = made_up
    whole.save(update_fields=["day", "made_up"])
    return Counts(made, changed, same)


def has_real_list() -> bool:
    """Whether an operator's own download is here, which the demo must not touch."""
    return BreachList.objects.filter(pk=1, made_up=False, day__isnull=False).exists()


def newest_day(entries: Iterable[Breach]) -> date:
    """The day of the newest of some entries: no download is older."""
    return max(entry.told_on for entry in entries)


def _locked() -> BreachList:
    """The row of the list with another stamp, locked until the transaction ends."""
    BreachList.objects.get_or_create(pk=1)
    BreachList.objects.filter(pk=1).update(stamp=secrets.token_hex(16))
    return BreachList.objects.get(pk=1)


def _title_faults(titles: list[str]) -> Iterator[str]:
    if len(titles) != len(COLUMNS):
        yield f"file: has {len(titles)} columns, not {len(COLUMNS)}; is it the list of breaches?"
        return
    for number, (title, expected) in enumerate(zip(titles, COLUMNS, strict=True), start=1):
        if title and title.lower() != expected.lower() and not title.startswith(_BROKEN_TITLE):
            yield f"file: column {number} is not {expected!r}; is it the list of breaches?"


def _fill(entry: Breach, cells: list[str]) -> Iterator[str]:
    """Put the cells of a row into an entry; yields what is wrong with them."""
    for field, fill, cell in zip(COLUMNS, _FILL, cells, strict=True):
        try:
            fill(entry, cell)
        except ValueError as fault:
            yield f"{field}: {fault}"
        except ValidationError as fault:
            yield f"{field}: {' '.join(fault.messages)}"
    if entry.told_on is not None:
        entry.key = f"{fold(entry.name)[:MAX_NAME]}|{entry.state}|{entry.told_on.isoformat()}"


def _fill_name(entry: Breach, cell: str) -> None:
    entry.name = _one_line(cell)
    if not 0 < len(entry.name) <= MAX_NAME:
        raise ValueError(f"is empty or has more than {MAX_NAME} characters")


def _fill_state(entry: Breach, cell: str) -> None:
    entry.state = _one_line(cell).upper()
    if not re.fullmatch(r"(?:[A-Z]{2})?", entry.state):
        raise ValueError("is not the two letters of a state, and not empty")


def _fill_kind(entry: Breach, cell: str) -> None:
    entry.kind = _one_line(cell)
    if len(entry.kind) > 60:
        raise ValueError("has more than 60 characters")


def _fill_people(entry: Breach, cell: str) -> None:
    text = _one_line(cell)
    if not re.fullmatch(r"(?:[0-9]{1,10}|[0-9]{1,3}(?:,[0-9]{3}){1,3})?", text):
        raise ValueError("is not a number, and not empty")
    entry.people = int(text.replace(",", "")) if text else None
    if entry.people is not None and entry.people > MOST_PEOPLE:
        raise ValueError("is more than there are people")


def _fill_day(entry: Breach, cell: str) -> None:
    try:
        entry.told_on = datetime.strptime(_one_line(cell), "%m/%d/%Y").date()  # noqa: DTZ007
    except ValueError:
        raise ValueError("is not a day such as 04/26/2024") from None
    not_in_the_future(entry.told_on)


def _fill_types(entry: Breach, cell: str) -> None:
    entry.types = _parts(cell)


def _fill_locations(entry: Breach, cell: str) -> None:
    entry.locations = _parts(cell)


def _fill_associate(entry: Breach, cell: str) -> None:
    known = {"yes": True, "no": False, "": None}
    text = _one_line(cell).lower()
    if text not in known:
        raise ValueError("is not Yes, not No and not empty")
    entry.business_associate = known[text]


def _fill_description(entry: Breach, cell: str) -> None:
    lines = (_one_line(line) for line in _LINE_ENDS.sub("\n", cell).split("\n"))
    entry.description = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if len(entry.description) > MAX_DESCRIPTION:
        raise ValueError(f"has more than {MAX_DESCRIPTION} characters")


_FILL: tuple[Callable[[Breach, str], None], ...] = (
    _fill_name, _fill_state, _fill_kind, _fill_people, _fill_day,
    _fill_types, _fill_locations, _fill_associate, _fill_description,
)  # fmt: skip
"""What takes in each of ``COLUMNS``."""


def _one_line(text: str) -> str:
    """A text without runs of blanks, and without characters that hide or turn what follows."""
    seen = (" " if unicodedata.category(one) in _UNSEEN else one for one in text)
    return " ".join("".join(seen).split())


_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn"}


def _parts(cell: str) -> list[str]:
    """The parts of a list with commas, each once, in their order."""
    parts = list(dict.fromkeys(filter(None, map(_one_line, cell.split(",")))))
    if len(parts) > MAX_PARTS or any(len(part) > 100 for part in parts):
        raise ValueError(f"has more than {MAX_PARTS} parts, or one of more than 100 characters")
    return parts


def _content(breach: Breach) -> tuple[Any, ...]:
    """What two entries must have in common to be the same; sortable."""
    return (
        breach.name, breach.kind, -1 if breach.people is None else breach.people,
        breach.types, breach.locations, str(breach.business_associate), breach.description,
    )  # fmt: skip
