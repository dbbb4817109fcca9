"""The account of a copy in plain words: what was done, what was left out, what stays.

The same for the preview, for the sheet that is handed along, and in the visitor's own browser.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import ngettext

from companion.cleaning import Account, Action, BlankFrames, Reason, Stays, Withheld
from companion.content import identifiers
from companion.web.words import Prose, prose, screen

NAMES_AT_MOST = 12
"""Files that are named beside one reason."""
NUMBERS_AT_MOST = 20
"""Frames of one file that are told one by one."""
_LAST = {Action.KEPT: 1}
"""What comes after all the rest: it was not taken out."""


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of detail, and in how many files of the copy it was."""

    title: Prose
    files: int
    everywhere: bool
    """In all files of the copy, so that the number says nothing more."""
    partly: bool = False
    """Some of its details were kept, and others were not."""

    @property
    def count(self) -> str:
        return ngettext("%(n)d file", "%(n)d files", self.files) % {"n": self.files}


@dataclass(frozen=True, slots=True)
class Part:
    """All that was done in one way."""

    title: Prose
    note: Prose
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The files that are not in the copy for one reason."""

    reason: Prose
    way_out: Prose
    files: int
    found: tuple[Prose, ...]
    """What was still in them, where that is the reason."""
    names: tuple[str, ...] = field(repr=False)

    @property
    def more(self) -> int:
        return self.files - len(self.names)

    @property
    def count(self) -> str:
        return ngettext("%(n)d file", "%(n)d files", self.files) % {"n": self.files}


@dataclass(frozen=True, slots=True)
class Blank:
    """A film in the copy of which single pictures are black."""

    name: str = field(repr=False)
    """As it was given; empty where the list is handed along."""
    copy: str
    numbers: str
    """Of the pictures that are black, the first of them where there are many."""
    count: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    """An account as the templates show it."""

    words: dict[str, dict[str, Prose]]
    preset: Prose
    files_in: int
    files_out: int
    refusal: Prose
    """Why there is no copy at all; empty where there is one."""
    several: tuple[tuple[int, str, int], ...]
    """Where several people's scans are in the set: number, id and files of each."""
    parts: tuple[Part, ...]
    left_out: tuple[LeftOut, ...]
    blank: tuple[Blank, ...]
    more_blank: int
    """Films beyond those that are named."""
    stays: tuple[Prose, ...]
    pictures: Prose
    blacked: bool
    """Something on the pictures was painted black."""
    missing: bool
    """Files are named in the copy that are not in it."""

    @property
    def files_left_out(self) -> int:
        return sum(one.files for one in self.left_out)


def build(account: Account, language: str) -> AccountPage:
    """The account in words of ``language``; gettext's own language is the caller's to set."""
    words = screen("clean", language)
    return AccountPage(
        words=words,
        preset=words["who"][_key(account.preset)],
        files_in=account.files_in,
        files_out=account.files_out,
        refusal=_refusal(account, words),
        several=tuple((n, one, files) for n, (one, files) in enumerate(account.people, 1)),
        parts=tuple(_parts(account, words, language)),
        left_out=tuple(_left_out(account.withheld, words, language)),
        blank=tuple(map(_blank, account.blank_frames[:NAMES_AT_MOST])),
        more_blank=max(0, len(account.blank_frames) - NAMES_AT_MOST),
        stays=tuple(_stays(account.stays, words)) if account.files_out else (),
        pictures=words["pictures"][_key(account.pictures)] if account.files_out else Prose(""),
        blacked=any(one.action is Action.BLACKED for one in account.done),
        missing=bool(account.missing_references),
    )


def to_hand_along(account: Account) -> Account:
    """The account without the names that the files had: the patient gave them, or the hospital,
    and they go to nobody else."""
    return replace(
        account,
        withheld=tuple(replace(one, name="") for one in account.withheld),
        blank_frames=tuple(replace(one, name="") for one in account.blank_frames),
    )


def _refusal(account: Account, words: dict[str, dict[str, Prose]]) -> Prose:
    if account.refusal is not None:
        return words["refusals"][_key(account.refusal)]
    return Prose("") if account.files_out else words["refusals"]["none_left"]


def _parts(account: Account, words: dict[str, dict[str, Prose]], language: str) -> Iterable[Part]:
    rules = identifiers.words(language)
    removed = words["removed"]
    gone: set[Prose] = set()
    for action in sorted(Action, key=lambda one: _LAST.get(one, 0)):
        files: dict[Prose, int] = {}
        for one in account.done:
            if one.action is action:
                title = _title(one.rule, one.name, rules, words)
                files[title] = max(files.get(title, 0), one.files)
        if not files:
            continue
        # What no rule names comes last: it says least.
        order = sorted(files, key=lambda title: (title == removed["more"], -files[title]))
        kept = action is Action.KEPT
        yield Part(
            title=removed[_key(action)],
            note=removed.get(f"{_key(action)}_note", Prose("")),
            items=tuple(
                Item(title, files[title], files[title] == account.files_out, kept and title in gone)
                for title in order
            ),
        )
        gone |= files.keys()


def _title(rule: str, name: str, rules: Any, words: dict[str, dict[str, Prose]]) -> Prose:
    if rule in rules:
        return prose(rules[rule].title)
    return words["parts"].get(_key(name)) or words["removed"]["more"]


def _left_out(
    withheld: tuple[Withheld, ...], words: dict[str, dict[str, Prose]], language: str
) -> Iterable[LeftOut]:
    rules = identifiers.words(language)
    for reason in Reason:
        files = [one for one in withheld if one.reason is reason]
        if not files:
            continue
        found = dict.fromkeys(rule for one in files for rule in one.rules if rule in rules)
        yield LeftOut(
            reason=words["left_out"][_key(reason)],
            way_out=words["left_out"].get(f"{_key(reason)}_way_out", Prose("")),
            files=len(files),
            found=tuple(prose(rules[rule].title) for rule in found),
            names=tuple(one.name for one in files if one.name)[:NAMES_AT_MOST],
        )


def _blank(one: BlankFrames) -> Blank:
    numbers = ", ".join(map(str, one.numbers[:NUMBERS_AT_MOST]))
    count = ngettext(
        "%(n)d of %(of)d pictures", "%(n)d of %(of)d pictures", one.frames
    ) % {"n": one.frames, "of": one.of}  # fmt: skip
    more = one.frames > NUMBERS_AT_MOST
    return Blank(
        one.name, one.copy, f"{numbers} \N{HORIZONTAL ELLIPSIS}" if more else numbers, count
    )


def _stays(stays: Iterable[Stays], words: dict[str, dict[str, Prose]]) -> Iterable[Prose]:
    """What stays, in the order of the codes; a body and what is rare in it always do."""
    found = {Stays.ANATOMY, *stays}
    for one in Stays:
        if one in found:
            yield words["stays"][_key(one)]
        if one is Stays.ANATOMY:
            yield words["stays"]["rare"]


def _key(code: str) -> str:
    return code.replace("-", "_")
