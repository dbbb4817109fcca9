"""What changed from one entry of a profile's history to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.text import normalize_newlines

from companion.providers.models import Profile, Revision


@dataclass(frozen=True, slots=True)
class Change:
    """One field or answer that reads otherwise than before."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    revision: Revision
    changes: tuple[Change, ...]


def of(profile: Profile, most: int = 200) -> list[Entry]:
    """The latest ``most`` entries, the newest first, each against the one before it."""
    revisions = list(profile.revisions.all()[: most + 1])
    entries = []
    for at, revision in enumerate(revisions[:most]):
        older = revisions[at + 1].content if at + 1 < len(revisions) else {}
        entries.append(Entry(revision, tuple(_changes(older, revision.content))))
    return entries


def _changes(older: dict[str, Any], newer: dict[str, Any]) -> list[Change]:
    before, after = _flat(older), _flat(newer)
    return [
        Change(name, before.get(name, ""), after.get(name, ""))
        for name in sorted(before.keys() | after.keys())
        if before.get(name, "") != after.get(name, "")
    ]


def _flat(content: dict[str, Any]) -> dict[str, str]:
    flat = {
        _label(name): normalize_newlines(str(value))
        for name, value in content.items()
        if name != "answers"
    }
    for question, languages in content.get("answers", {}).items():
        for language, answer in languages.items():
            text = normalize_newlines(answer["text"])
            flat[f"{question} ({language})"] = f"{text} [{answer['on']}]"
    return flat


def _label(name: str) -> str:
    field = Profile._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))
