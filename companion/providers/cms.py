"""The CMS "Hospital General Information" list of US hospitals, as profiles to be found.

The columns are those of the file that CMS publishes at data.cms.gov (dataset xubh-q36u);
older editions named some of them otherwise. A row becomes a published profile with an
address and no policies. A profile that somebody has taken over (its hospital, or whoever
published or took it down here) is never touched, and a draft is never made public.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from companion.content import law
from companion.providers import publishing
from companion.providers.models import Profile, Revision
from companion.providers.profiles import TEXT_FIELDS
from companion.providers.transfer import MAX_ROWS, MOST_FAULTS, FileRefused, decoded

COLUMNS = {
    "id": ("facility id", "provider id"),
    "name": ("facility name", "hospital name"),
    "street": ("address",),
    "city": ("city/town", "city"),
    "state": ("state",),
    "postcode": ("zip code",),
    "phone": ("telephone number", "phone number"),
}
"""What we read -> what the column is called, in lower case, the newest name first."""

_SMALL = {"of", "the", "and", "at", "for", "in", "on", "de", "del", "la", "y"}


@dataclass(frozen=True, slots=True)
class Counts:
    made: int
    changed: int
    same: int
    kept: int
    """Left alone, because somebody has taken them over."""


def read(data: bytes) -> list[dict[str, str]]:
    """Rows by our own names; ``FileRefused`` with row numbers when the file is not so."""
    rows = csv.reader(io.StringIO(decoded(data), newline=""))
    try:
        header = [name.strip().lower() for name in next(rows, [])]
    except csv.Error as error:
        raise FileRefused(["file: is not CSV"]) from error
    places = {}
    for name, titles in COLUMNS.items():
        found = [header.index(title) for title in titles if title in header]
        if not found:
            raise FileRefused([f"file: has no column {titles[0]!r}; is it the CMS list?"])
        places[name] = found[0]
    taken: list[dict[str, str]] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    try:
        for number, cells in enumerate(rows, start=2):
            if number > MAX_ROWS + 1:
                raise FileRefused([f"file: has more than {MAX_ROWS} rows"])
            if not any(cells):
                continue
            if len(cells) < len(header):
                faults.append(f"row {number}: has {len(cells)} cells, not {len(header)}")
                continue
            row = {name: cells[place].strip() for name, place in places.items()}
            faults += [f"row {number}: {fault}" for fault in _faults(row, seen)]
            seen.setdefault(row["id"], number)
            taken.append(row)
    except csv.Error as error:
        raise FileRefused([f"file: cannot be read as CSV ({error})"]) from error
    if faults or not taken:
        raise FileRefused(faults[:MOST_FAULTS] or ["file: holds no hospital"])
    return taken


def save(rows: Iterable[dict[str, str]], by: str = "import-cms") -> Counts:
    """Write all rows, or none, as one publication."""
    rows = list(rows)
    with transaction.atomic():
        known = {
            profile.source_id: profile
            for profile in Profile.objects.filter(source_id__startswith="cms:")
        }
        taken_over = publishing.taken_over()
        slugs = set(Profile.objects.values_list("slug", flat=True))
        number, now = publishing.next_edition(), timezone.now()
        new: list[Profile] = []
        changed: list[Profile] = []
        same = kept = 0
        for row in rows:
            profile = known.get(f"cms:{row['id']}")
            if profile is not None and profile.pk in taken_over:
                kept += 1
                continue
            if profile is None:
                profile = Profile(slug=_slug(row, slugs), source_id=f"cms:{row['id']}")
                slugs.add(profile.slug)
            content = _fill(profile, row)
            if profile.published == content:
                same += 1
                continue
            profile.published, profile.published_at = content, now
            profile.edition = number
            (changed if profile.pk else new).append(profile)
        Profile.objects.bulk_create(new, batch_size=500)
        fields = [
            "name", "jurisdiction", "street", "city", "state", "postcode", "country", "phone",
            "languages", "published", "published_at", "edition",
        ]  # fmt: skip
        Profile.objects.bulk_update(changed, fields, batch_size=200)
        Revision.objects.bulk_create(
            [
                Revision(
                    profile=profile,
                    kind="imported",
                    made_by=by,
                    content=profile.published,
                    public=True,
                )
                for profile in [*new, *changed]
            ],
            batch_size=500,
        )
    return Counts(len(new), len(changed), same, kept)


def _fill(profile: Profile, row: dict[str, str]) -> dict[str, Any]:
    """Put the row's facts into the draft, and give what patients are to see.

    That is what they see now and the row, and nothing that was only ever a draft. A
    field that the draft says otherwise than the page stays as somebody drafted it.
    """
    state = row["state"].upper()
    own = f"us-{state.lower()}"
    facts = {
        "name": named(row["name"]),
        "street": named(row["street"]),
        "city": named(row["city"]),
        "state": state,
        "postcode": row["postcode"].zfill(5),
        "country": "US",
        "phone": row["phone"],
        "languages": "en",
        "jurisdiction": own if own in law.jurisdictions() else "us",
    }
    shown: dict[str, Any] = profile.published or _empty()
    for name, value in facts.items():
        if getattr(profile, name) == shown[name]:
            setattr(profile, name, value)
    return {**shown, **facts}


def _empty() -> dict[str, Any]:
    """The content of a profile that says nothing."""
    return {**dict.fromkeys(TEXT_FIELDS, ""), "reviewed_on": "", "answers": {}}


def _faults(row: dict[str, str], seen: dict[str, int]) -> Iterable[str]:
    if not re.fullmatch(r"[0-9A-Z]{4,10}", row["id"]):
        yield "Facility ID: must be letters and digits"
    elif row["id"] in seen:
        yield f"Facility ID: stands in row {seen[row['id']]} too"
    if not re.fullmatch(r"[A-Za-z]{2}", row["state"]):
        yield "State: must be two letters"
    if not re.fullmatch(r"\d{3,5}(-\d{4})?", row["postcode"]):
        yield "ZIP Code: must be five digits"
    if not row["name"]:
        yield "Facility Name: is empty"
    draft = Profile(slug="row", **{k: v for k, v in row.items() if k not in {"id", "state"}})
    try:
        draft.clean_fields(exclude=["jurisdiction", "name" if not row["name"] else "slug"])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            yield f"{name}: {' '.join(messages)}"


def _slug(row: dict[str, str], taken: set[str]) -> str:
    """A name that is free: with the row's number, and a count, where others have it.

    A profile that came from elsewhere, such as another instance's export, may have it.
    """
    base = slugify(f"{row['name']} {row['city']} {row['state']}")[:64].strip("-") or "hospital"
    numbered = f"{base}-{row['id'].lower()}"
    counted = (f"{numbered}-{count}" for count in itertools.count(2))
    return next(slug for slug in itertools.chain((base, numbered), counted) if slug not in taken)


def named(text: str) -> str:
    """A text of capitals only as a person writes it; any other as it is.

    >>> named("ST. MARY'S HOSPITAL OF THE LAKES")
    "St. Mary's Hospital of the Lakes"
    """
    if text != text.upper():
        return text
    found = []
    for at, word in enumerate(text.split()):
        bare = word.strip(".,()").lower()
        if at and bare in _SMALL:
            found.append(word.lower())
        elif (
            len(bare) > 1
            and not re.search(r"[aeiouy]", bare)
            and bare.isalpha()
            and (bare not in {"st", "mt", "ft", "dr", "blvd", "rd", "hwy", "pkwy", "jr", "sr"})
        ):
            found.append(word)  # LLC, MD, NW: letters that stand for words
        else:
            found.append("-".join(_capital(part) for part in word.lower().split("-")))
    return " ".join(found)


def _capital(part: str) -> str:
    return re.sub(r"[^\W\d_]", lambda letter: letter[0].upper(), part, count=1)
