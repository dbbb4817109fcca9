"""What changed from one entry of a profile's history to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Field
from django.utils.text import normalize_newlines
from django.utils.translation import get_language

from companion.content import law
from companion.content.library import SOURCE
from companion.providers.models import Profile, Revision
from companion.providers.profiles import content_of


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


def of(profile: Profile, most: int = 200, *, public: bool = False) -> list[Entry]:
    """The latest ``most`` entries, the newest first, each against the one before it.

    With ``public``, only what patients saw: each publication against the one before it, and
    nothing where the profile was taken down.
    """
    known = profile.revisions.filter(public=True) if public else profile.revisions.all()
    revisions = list(known[: most + 1])
    contents = [_seen(one) if public else one.content for one in revisions]
    entries = []
    for at, revision in enumerate(revisions[:most]):
        older = contents[at + 1] if at + 1 < len(revisions) else {}
        entries.append(Entry(revision, tuple(_changes(older, contents[at]))))
    return entries


def _seen(revision: Revision) -> dict[str, Any]:
    content: dict[str, Any] = revision.content
    return {} if revision.kind == "unpublished" else content


def unpublished(profile: Profile) -> list[Change]:
    """What patients will read otherwise once the draft is published."""
    return _changes(profile.published or {}, content_of(profile))


def _changes(older: dict[str, Any], newer: dict[str, Any]) -> list[Change]:
    before, after = _flat(older), _flat(newer)
    return [
        Change(name, before.get(name, ""), after.get(name, ""))
        for name in sorted(before.keys() | after.keys())
        if before.get(name, "") != after.get(name, "")
    ]


def _flat(content: dict[str, Any]) -> dict[str, str]:
    flat = {
        _label(name): normalize_newlines(_in_words(name, value))
        for name, value in content.items()
        if name != "answers"
    }
    for question, languages in content.get("answers", {}).items():
        for language, answer in languages.items():
            text = normalize_newlines(answer["text"])
            flat[f"{question} ({language})"] = f"{text} [{answer['on']}]"
    return flat


def _in_words(name: str, value: Any) -> str:
    """A value as the form shows it, in the reader's language: the place's name, not its code."""
    if name == "jurisdiction" and value in law.jurisdictions():
        names = law.jurisdictions()[value].name
        return names.get(get_language() or SOURCE, names[SOURCE])
    field = Profile._meta.get_field(name)
    return str(dict(field.flatchoices).get(value, value)) if isinstance(field, Field) else ""


def _label(name: str) -> str:
    field = Profile._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))
