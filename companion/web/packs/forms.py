"""The form of a printed pack, for a patient group: what a group chose, or a link says it chose.

What is printed is in ``companion.web.packs.printed``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from companion.checklists import reading
from companion.content import law, packs
from companion.content.library import LANGUAGES
from companion.letters.catalogue import catalogue
from companion.providers.models import no_odd_characters
from companion.web import logos
from companion.web.packs.choice import (
    LONGEST,
    Choice,
    check_letters,
    check_not_empty,
    find_hospital,
    in_language,
    offered,
    read_logo,
)
from companion.web.widgets import Select


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
    card = forms.BooleanField(label=_("A card for your wallet"), required=False)
    slip = forms.BooleanField(label=_("A note to add to a consent form"), required=False)
    group = forms.CharField(
        label=_("Your group’s name"),
        required=False,
        max_length=LONGEST["group"],
        validators=[no_odd_characters],
    )
    contact = forms.CharField(
        label=_("How to reach your group"),
        help_text=_("One line: a phone number, an address, a web page."),
        required=False,
        max_length=LONGEST["contact"],
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
        usual = Choice.of_pack(self.pack, [language])
        initial = {name: _as_sent(getattr(usual, name)) for name in _STARTS_WITH}
        super().__init__(data, files, initial=initial)
        for name, choices in _choices(language).items():
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 - declared above
            chosen.choices = choices

    def clean_letters(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["letters"]
        check_letters(chosen)
        return chosen

    def clean_at(self) -> str:
        return find_hospital(self.cleaned_data["at"])

    def clean_logo(self) -> logos.Logo | None:
        file = self.cleaned_data["logo"]
        return read_logo(file.read(logos.MAX_BYTES + 1)) if file else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.pack.opens:
            check_not_empty(
                given.get("checklists", ()),
                given.get("letters", ()),
                card=given.get("card", False),
                slip=given.get("slip", False),
            )
        return given

    def choice(self) -> Choice:
        """What was chosen; only for a form that is valid."""
        given = {name: _as_kept(value) for name, value in self.cleaned_data.items()}
        return Choice(pack=self.pack.slug, **given)


_STARTS_WITH = ("languages", "place", "checklists", "letters", "card", "slip", "paper")


def _as_sent(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _as_kept(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _choices(language: str) -> dict[str, list[tuple[str, str]]]:
    """The options of each question, in words of the page's language."""
    checklists, letters = reading.load().checklists, catalogue().letters
    words: dict[str, Callable[[str], str]] = {
        "languages": LANGUAGES.__getitem__,
        "place": lambda name: in_language(law.jurisdictions()[name].name, language),
        "checklists": lambda slug: in_language(checklists[slug].words, language)["title"],
        "letters": lambda slug: in_language(letters[slug].words, language)["title"][""],
    }
    options = offered()
    return {name: [(one, say(one)) for one in options[name]] for name, say in words.items()}
