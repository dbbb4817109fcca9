"""A printed pack for a patient group: cover, checklists, card, slip and blank letters.

``PackForm`` checks what a group chose, or what a link says it chose before. Nothing of
a patient is in it. What is printed stands in ``companion.web.packs.printed``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companion.checklists import reading
from companion.content import law, packs
from companion.content.library import LANGUAGES
from companion.letters.catalogue import catalogue
from companion.providers import profiles, reach
from companion.providers.models import no_odd_characters
from companion.web import logos
from companion.web.checklists.printed import Paper
from companion.web.widgets import Select

MOST_LETTERS = 8
"""Letters of one pack: with a copy in a second language they still print in time."""
CHECKLISTS = ("before", "at-the-appointment", "after", "something-is-wrong")


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
    paper: Paper
    large: bool = False
    group: str = ""
    contact: str = ""
    at: str = ""
    logo: logos.Logo | None = field(default=None, repr=False)

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


class PackForm(forms.Form):
    """A group's choices; every one is checked against what there is."""

    languages = forms.MultipleChoiceField(label=_("Languages"), widget=forms.CheckboxSelectMultiple)
    place = forms.ChoiceField(
        label=_("Where is the hospital?"),
        help_text=_("The letters name the law of this place."),
        widget=Select,
    )
    checklists = forms.MultipleChoiceField(
        label=_("Checklists"), required=False, widget=forms.CheckboxSelectMultiple
    )
    letters = forms.MultipleChoiceField(
        label=_("Blank letters"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Up to eight."),
    )
    card = forms.BooleanField(label=_("A card for the wallet"), required=False)
    slip = forms.BooleanField(label=_("A note to add to a consent form"), required=False)
    group = forms.CharField(
        label=_("Your group’s name"),
        required=False,
        max_length=80,
        validators=[no_odd_characters],
    )
    contact = forms.CharField(
        label=_("How to reach your group"),
        help_text=_("One line: a phone number, an address, a web page."),
        required=False,
        max_length=120,
        validators=[no_odd_characters],
    )
    logo = forms.FileField(
        label=_("Your logo"),
        help_text=_("PNG or JPEG, up to 512 KB. It goes onto the cover and is not kept."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    paper = forms.ChoiceField(label=_("Paper"), choices=[("letter", _("US Letter")), ("a4", "A4")])
    large = forms.BooleanField(label=_("Large print"), required=False)
    at = forms.CharField(
        label=_("Short name of a hospital"),
        help_text=_("Its QR code then opens with that hospital."),
        required=False,
        max_length=80,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Any = None,
        *,
        language: str,
        pack: str = "",
    ) -> None:
        """``pack`` is the one to start from; sent data names its own."""
        named = packs.packs().get(data.get("pack", "") if data is not None else pack)
        self.pack = named or next(iter(packs.packs().values()))
        super().__init__(data, files, initial=self._start(language))
        self._offer(language)

    def _start(self, language: str) -> dict[str, Any]:
        jurisdiction = settings.COMPANION_JURISDICTION
        return {
            "languages": [language],
            "place": jurisdiction,
            "checklists": list(self.pack.checklists),
            "letters": list(self.pack.letters),
            "card": self.pack.card,
            "slip": self.pack.slip,
            "paper": law.jurisdiction(jurisdiction).paper,
        }

    def _offer(self, language: str) -> None:
        checklists = reading.load().checklists
        choices: dict[str, list[tuple[str, str]]] = {
            "languages": list(LANGUAGES.items()),
            "place": [
                (name, jurisdiction.name.get(language, jurisdiction.name["en"]))
                for name, jurisdiction in law.jurisdictions().items()
                if jurisdiction.offered
            ],
            "checklists": [
                (slug, in_language(checklists[slug].words, language)["title"])
                for slug in CHECKLISTS
            ],
            "letters": [
                (slug, spec.words[language]["title"][""])
                for slug, spec in catalogue().letters.items()
                if spec.layout == "letter"
            ],
        }
        for name, offered in choices.items():
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 - declared above
            chosen.choices = offered

    def clean_letters(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["letters"]
        if len(chosen) > MOST_LETTERS:
            raise forms.ValidationError(_("Please choose eight letters at most."))
        return chosen

    def clean_at(self) -> str:
        slug: str = self.cleaned_data["at"]
        if not slug:
            return ""
        try:
            found = profiles.look_up(slug)
        except reach.Unreachable:
            raise forms.ValidationError(
                _("We cannot look up hospitals just now. Leave this empty, or try again later.")
            ) from None
        if found is None:
            raise forms.ValidationError(
                _(
                    "No hospital here has this short name. It is the last part of the address "
                    "of the hospital’s page here. You can leave it empty."
                )
            )
        return found.slug

    def clean_logo(self) -> logos.Logo | None:
        file = self.cleaned_data["logo"]
        if not file:
            return None
        try:
            return logos.read(file.read(logos.MAX_BYTES + 1))
        except logos.LogoRefused as refused:
            raise forms.ValidationError(logo_words(refused.code)) from refused

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not any(given.get(name) for name in ("checklists", "letters", "card", "slip")):
            raise forms.ValidationError(_("Please choose at least one thing to print."))
        return given

    def choice(self) -> Choice:
        """What was chosen; only for a form that is valid."""
        given = self.cleaned_data
        return Choice(
            pack=self.pack.slug,
            languages=tuple(given["languages"]),
            checklists=tuple(given["checklists"]),
            letters=tuple(given["letters"]),
            card=given["card"],
            slip=given["slip"],
            place=given["place"],
            paper=given["paper"],
            large=given["large"],
            group=given["group"],
            contact=given["contact"],
            at=given["at"],
            logo=given["logo"],
        )


def logo_words(code: str) -> str:
    """Why a logo was not taken, for the page."""
    return {
        "large": gettext("This file is larger than 512 KB. Please make it smaller."),
        "kind": gettext("This file is not a PNG or a JPEG picture."),
        "pixels": gettext("This picture has too many pixels. Please make it smaller."),
        "broken": gettext("This picture cannot be read. Please save it again as PNG or JPEG."),
    }[code]


def in_language(words: Mapping[str, Any], language: str) -> Any:
    return words.get(language) or words["en"]
