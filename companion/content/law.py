"""Jurisdictions: what their law gives, and how long an answer may take.

Read from ``content/jurisdictions/``, whose format is in ``content/README.md``.
A fault in a file is a ``ContentError``; nothing unsure is ever loaded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from companion.content.jurisdiction import (
    FOLLOW_UP,
    DeadlineRule,
    Jurisdiction,
    Law,
    Regulator,
    Roll,
    Unit,
)
from companion.content.library import (
    CONTENT,
    LANGUAGES,
    ContentError,
    Fields,
    read_toml,
    translated,
    varied,
)

__all__ = [
    "FOLDER",
    "FOLLOW_UP",
    "DeadlineRule",
    "Jurisdiction",
    "Law",
    "Regulator",
    "Roll",
    "Unit",
    "jurisdiction",
    "jurisdictions",
    "load",
    "rule",
]

FOLDER = CONTENT / "jurisdictions"
MEMBERS = "eu-members.toml"

_ID = re.compile(r"[a-z]{2}(-[a-z]{2,3})?\Z")
_WINDOWS = ("left", "right", "left-din", "right-france", "right-switzerland")
_RULE_ID = re.compile(r"[a-z]{2}(-[a-z]{2,3})?(\.[a-z0-9-]+)+\Z")


@cache
def jurisdictions() -> Mapping[str, Jurisdiction]:
    """All jurisdictions by id, families first, as read from the content folder."""
    return load(FOLDER)


def jurisdiction(name: str) -> Jurisdiction:
    """The jurisdiction of this id; ``uk`` means England. ``KeyError`` when unknown, and where
    no part of a family stands for it."""
    found = jurisdictions()[name]
    return found if found.offered else jurisdictions()[found.stands_for_it]


def rule(name: str) -> tuple[DeadlineRule, Jurisdiction]:
    """A deadline rule and the jurisdiction that defines it. ``KeyError`` when unknown."""
    home = jurisdictions()[name.split(".")[0]]
    return home.rules[name], home


def load(folder: Path) -> Mapping[str, Jurisdiction]:
    """Read and check all jurisdiction files of a folder."""
    tables = {path.stem: read_toml(path) for path in sorted(folder.glob("*.toml"))}
    members = tables.pop(Path(MEMBERS).stem, None)
    found: dict[str, Jurisdiction] = {}
    waiting = list(tables)
    while waiting:
        ready = [name for name in waiting if _parent(tables[name], tables) in ("", *found)]
        if not ready:
            raise ContentError(folder, waiting[0], "its parents go round in a circle")
        for name in ready:
            found[name] = _jurisdiction(name, tables[name], found)
        waiting = [name for name in waiting if name not in found]
    if members is not None:
        for table in members.tables("member"):
            member = _member(table, found)
            if member.id not in found:
                found[member.id] = member
        members.done()
    for one in found.values():
        _check_references(folder, one, found)
    return MappingProxyType(found)


def _parent(fields: Fields, tables: Mapping[str, Fields]) -> str:
    parent = fields.text("parent", "")
    if parent and parent not in tables:
        raise fields.error("parent", f"there is no {parent}.toml")
    return parent


def _jurisdiction(name: str, fields: Fields, found: Mapping[str, Jurisdiction]) -> Jurisdiction:
    if not _ID.match(name):
        raise fields.error("file", "its name must be like us or us-ca")
    above = found.get(fields.text("parent", ""))
    if above and not name.startswith(above.id + "-"):
        raise fields.error("parent", f"a place below {above.id} is named {above.id}-xx")

    def text(field: str, default: str) -> str:
        return fields.text(field, default)

    laws = [_law(name, table) for table in fields.tables("law", ())]
    rules = [_rule(name, table) for table in fields.tables("deadline", ())]
    _refuse_duplicates(fields, [one.id for one in laws])
    _refuse_duplicates(fields, [one.id for one in rules])
    made = Jurisdiction(
        id=name,
        parent=above.id if above else "",
        family=(name, *(above.family if above else ())),
        offered=fields.flag("offered", True),
        stands_for_it=text("stands_for_it", ""),
        name=translated(fields, "name"),
        short=translated(fields, "short", translated(fields, "name")),
        languages=fields.texts("languages", above.languages if above else None),
        paper=fields.choice("paper", ("letter", "a4"), above and above.paper),  # type: ignore[arg-type]
        window=fields.choice("window", _WINDOWS, above.window if above else "left"),  # type: ignore[arg-type]
        dates=fields.choice(
            "dates",
            ("month-first", "day-first"),
            above.dates if above else "day-first",
        ),  # type: ignore[arg-type]
        holidays=text("holidays", above.holidays if above else ""),
        region=text("region", above.region if above else ""),
        also_closed=fields.texts("also_closed", above.also_closed if above else ()),
        spelling=_spelling(fields, above.spelling if above else MappingProxyType({})),
        same_holidays=_texts_by_name(fields, "same_holidays"),
        postcode=_pattern(fields, above.postcode if above else ""),
        office=translated(fields, "office", above.office if above else None),
        post=translated(fields, "post", above.post if above else None),
        after_death=translated(fields, "after_death", above.after_death if above else None),
        regulator=_regulator(fields) or (above.regulator if above else None),
        agencies=MappingProxyType(
            {**(above.agencies if above else {}), **dict(map(_agency, fields.tables("agency", ())))}
        ),
        laws=MappingProxyType({**(above.laws if above else {}), **{one.id: one for one in laws}}),
        rules=MappingProxyType(
            {**(above.rules if above else {}), **{one.id: one for one in rules}}
        ),
    )
    fields.done()
    return made


def _member(fields: Fields, found: Mapping[str, Jurisdiction]) -> Jurisdiction:
    """A member state of the EU that has no file of its own."""
    eu = found.get("eu")
    if eu is None:
        raise fields.error("country", "members need an eu.toml")
    country = fields.text("country")
    name = f"eu-{country}"
    if not _ID.match(name):
        raise fields.error("country", "must be two small letters")
    url = fields.text("url")
    made = Jurisdiction(
        id=name,
        parent=eu.id,
        family=(name, *eu.family),
        offered=True,
        stands_for_it="",
        name=translated(fields, "name"),
        short=translated(fields, "name"),
        languages=fields.texts("languages"),
        paper=eu.paper,
        window=fields.choice("window", _WINDOWS, eu.window),  # type: ignore[arg-type]
        dates=eu.dates,
        holidays=fields.text("holidays", country.upper()),
        region=fields.text("region", ""),
        also_closed=(),
        spelling=eu.spelling,
        same_holidays=MappingProxyType({}),
        postcode=_pattern(fields, eu.postcode),
        office=translated(fields, "office", eu.office),
        post=translated(fields, "post", eu.post),
        after_death=eu.after_death,
        regulator=Regulator(
            name=translated(fields, "authority"),
            contact=fields.text("contact", url),
            url=url,
            checked_on=fields.date("checked_on"),
            source=fields.text("source", url),
        ),
        agencies=eu.agencies,
        laws=eu.laws,
        rules=eu.rules,
    )
    fields.done()
    return made


def _law(home: str, fields: Fields) -> Law:
    made = Law(
        id=_own_id(home, fields),
        citation=varied(fields, "citation"),
        plain=translated(fields, "plain"),
        applies_to=translated(fields, "applies_to"),
        checked_on=fields.date("checked_on"),
        checked_by=fields.text("checked_by"),
        source=fields.text("source"),
        confidence=fields.choice("confidence", ("sure", "verified")),  # type: ignore[arg-type]
        deadline=fields.text("deadline", ""),
        after_death=fields.flag("after_death", False),
    )
    fields.done()
    return made


def _rule(home: str, fields: Fields) -> DeadlineRule:
    made = DeadlineRule(
        id=_own_id(home, fields),
        count=fields.number("count"),
        unit=fields.choice("unit", ("days", "months", "years", "working-days")),  # type: ignore[arg-type]
        extended=fields.number("extended", 0),
        roll=fields.choice("roll", ("none", "next-working-day", "next-open-day")),  # type: ignore[arg-type]
        yours=fields.choice("whose", ("theirs", "yours"), "theirs") == "yours",
        warn=fields.numbers("warn", ()),
        law=fields.text("law"),
        note=translated(fields, "note", MappingProxyType({})),
        confirms=fields.choice("what", ("answer", "confirmation"), "answer") != "answer",
        passed=translated(fields, "passed", MappingProxyType({})),
        follow_up=fields.number("follow_up", FOLLOW_UP),
    )
    if made.count < 1:
        raise fields.error("count", "must be at least 1")
    if made.extended and made.extended <= made.count:
        raise fields.error("extended", "is the whole time from receipt, so more than count")
    if made.yours and (made.rolls or made.extended):
        raise fields.error("whose", "a patient's own limit is never rolled or extended")
    fields.done()
    return made


def _regulator(fields: Fields) -> Regulator | None:
    if "regulator" not in fields:
        return None
    table = fields.table("regulator")
    made = _office(table)
    table.done()
    return made


def _agency(table: Fields) -> tuple[str, Regulator]:
    name, made = table.text("id"), _office(table)
    table.done()
    return name, made


def _office(table: Fields) -> Regulator:
    return Regulator(
        name=translated(table, "name"),
        contact=table.text("contact"),
        url=table.text("url"),
        checked_on=table.date("checked_on"),
        source=table.text("source"),
        is_list=table.flag("list", default=False),
    )


def _own_id(home: str, fields: Fields) -> str:
    name = fields.text("id")
    if not _RULE_ID.match(name) or name.split(".")[0] != home:
        raise fields.error("id", f"must begin with {home}. and be small letters")
    return name


def _pattern(fields: Fields, default: str) -> str:
    pattern = fields.text("postcode", default)
    try:
        re.compile(pattern)
    except re.error as error:
        raise fields.error("postcode", f"is not a pattern: {error}") from error
    return pattern


def _spelling(
    fields: Fields, default: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Mapping[str, str]]:
    """What the country writes otherwise, by language; ``default`` where it says nothing."""
    if "spelling" not in fields:
        return default
    table = fields.table("spelling")
    for language in table.names():
        if language not in LANGUAGES:
            raise table.error(language, "is not the code of a language")
    return MappingProxyType({name: _texts_by_name(table, name) for name in table.names()})


def _texts_by_name(fields: Fields, name: str) -> Mapping[str, str]:
    table = fields.table(name, {})
    found = {one: table.text(one) for one in table.names()}
    return MappingProxyType(found)


def _refuse_duplicates(fields: Fields, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise fields.error(name, "is there twice")


def _check_references(folder: Path, one: Jurisdiction, found: Mapping[str, Jurisdiction]) -> None:
    file = folder / f"{one.id}.toml"
    for law in one.laws.values():
        if law.deadline and law.deadline not in one.rules:
            raise ContentError(file, law.id, f"there is no deadline {law.deadline}")
    for rule in one.rules.values():
        if rule.law not in one.laws:
            raise ContentError(file, rule.id, f"there is no law {rule.law}")
    part = found.get(one.stands_for_it)
    if one.stands_for_it and not (part and part.offered and part.within(one.id)):
        raise ContentError(file, "stands_for_it", f"there is no part {one.stands_for_it}")
