"""What a printed pack is made of, and what a choice may hold.

Form, link and command build the same ``Choice`` under the same checks. Nothing of a
patient is in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from companion.checklists import reading
from companion.content import law
from companion.content.library import LANGUAGES, SOURCE
from companion.content.packs import Pack, packs
from companion.letters.catalogue import catalogue
from companion.providers import profiles, reach
from companion.providers.models import no_odd_characters
from companion.web import logos
from companion.web.checklists.printed import Paper
from companion.web.place import usual_place

MOST_LETTERS = 8
"""Letters of one pack. With a copy in a second language this many still print in time."""
LONGEST = {"group": 80, "contact": 120}
"""Characters of what a group writes about itself; each stands on one line."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a pack is made of."""

    pack: str
    languages: tuple[str, ...]
    checklists: tuple[str, ...]
    letters: tuple[str, ...]
    card: bool
    slip: bool
    place: str
    """The id of the jurisdiction whose law the letters name."""
    paper: Paper
    large: bool = False
    group: str = ""
    contact: str = ""
    at: str = ""
    """The slug of the hospital that the code on the cover opens with."""
    logo: logos.Logo | None = field(default=None, repr=False)

    @classmethod
    def of_pack(cls, pack: Pack, languages: Collection[str]) -> Choice:
        """A pack as it is in its file, for the place and the paper of its first language, or
        the deployment's."""
        usual = usual_place(next(iter(languages), SOURCE))
        return cls(
            pack=pack.slug,
            languages=tuple(languages),
            checklists=pack.checklists,
            letters=pack.letters,
            card=pack.card,
            slip=pack.slip,
            place=usual.id,
            paper=usual.paper,
        )

    def check(self) -> None:
        """``ValidationError``, by the name of the option, where the choice cannot be printed.

        ``at`` and ``logo`` are not looked at again: ``find_hospital`` and ``read_logo`` did.
        """
        for name, known in offered().items():
            value = getattr(self, name)
            for one in (value,) if isinstance(value, str) else value:
                if one not in known:
                    there_is = ", ".join(known)
                    raise ValidationError({name: f"there is no {one!r}, but {there_is}"})
        for name, limit in LONGEST.items():
            text = getattr(self, name)
            if len(text) > limit:
                raise ValidationError({name: f"has {len(text)} characters, more than {limit}"})
            _named(name, no_odd_characters, text)
        _named("letters", check_letters, self.letters)
        if not packs()[self.pack].opens:
            check_not_empty(self.checklists, self.letters, card=self.card, slip=self.slip)

    def query(self) -> str:
        """The query of the link that makes the same pack again, without the logo."""
        pairs = [("pack", self.pack)]
        pairs += [("languages", one) for one in self.languages]
        pairs += [("checklists", one) for one in self.checklists]
        pairs += [("letters", one) for one in self.letters]
        pairs += [(name, "on") for name in ("card", "slip", "large") if getattr(self, name)]
        pairs += [
            (name, getattr(self, name))
            for name in ("place", "paper", "group", "contact", "at")
            if getattr(self, name)
        ]
        return urlencode(pairs)


def offered() -> Mapping[str, tuple[str, ...]]:
    """What there is to choose from, by the name of the option."""
    letters = catalogue().letters.values()
    return {
        "languages": tuple(LANGUAGES),
        "checklists": tuple(reading.load().checklists),
        "letters": tuple(spec.slug for spec in letters if not spec.is_slip),
        "place": tuple(one.id for one in law.jurisdictions().values() if one.offered),
        "paper": ("letter", "a4"),
    }


def check_letters(slugs: Collection[str]) -> None:
    """``ValidationError`` for more letters than print in time."""
    if len(slugs) > MOST_LETTERS:
        raise ValidationError(gettext("Please choose eight letters at most."))


def check_not_empty(
    checklists: Collection[str], letters: Collection[str], *, card: bool, slip: bool
) -> None:
    """``ValidationError`` for a pack of nothing but its cover."""
    if not (checklists or letters or card or slip):
        raise ValidationError(gettext("Please choose at least one thing to print."))


def find_hospital(slug: str) -> str:
    """The slug of a hospital of ours as the directory spells it; ``""`` for none.

    ``ValidationError`` where it is not listed, or cannot be looked up just now.
    """
    if not slug:
        return ""
    try:
        found = profiles.look_up(slug)
    except reach.Unreachable:
        raise ValidationError(
            gettext("We cannot look up hospitals right now. Leave this empty, or try again later.")
        ) from None
    if found is None:
        raise ValidationError(
            gettext(
                "No hospital here has this short name. It is the last part of the address "
                "of the hospital’s page here. You can leave it empty."
            )
        )
    return found.slug


def read_logo(data: bytes) -> logos.Logo:
    """The picture of a file; ``ValidationError`` says why it is none that we print."""
    try:
        return logos.read(data)
    except logos.LogoRefused as refused:
        raise ValidationError(_logo_words(refused.code)) from refused


def _logo_words(code: str) -> str:
    return {
        "large": gettext("This file is larger than 512 KB. Please make it smaller."),
        "kind": gettext("This file is not a PNG or a JPEG picture."),
        "pixels": gettext("This picture has too many pixels. Please make it smaller."),
        "broken": gettext("This picture cannot be read. Please save it again as PNG or JPEG."),
    }[code]


def _named(name: str, check: Any, value: Any) -> None:
    """Run a check of one option; its error names the option."""
    try:
        check(value)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error


def in_language(words: Mapping[str, Any], language: str) -> Any:
    """Words in a language, or in English where there are none."""
    return words.get(language) or words["en"]
