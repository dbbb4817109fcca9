"""The form of a letter: one question for each field that its file asks for.

The form shows and hands back; what is right and wrong is decided by
``letters.facts.check``, so that page and command refuse the same things.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext

from companion.content.law import Jurisdiction
from companion.letters import facts
from companion.letters.catalogue import Catalogue, Field, Spec
from companion.letters.facts import Facts
from companion.letters.follow_up import addressee
from companion.letters.letter import language_name
from companion.letters.spec import ABOUT
from companion.web.widgets import Select

PARTS = ABOUT
Given = Mapping[str, list[str]]


class _Unjudged:
    """A form field that hands back what was sent; ``letters.facts`` judges it."""

    def clean(self, value: Any) -> Any:
        return value


class _Text(_Unjudged, forms.CharField):
    pass


class _Choice(_Unjudged, forms.ChoiceField):
    pass


class _Choices(_Unjudged, forms.MultipleChoiceField):
    pass


class _Flag(_Unjudged, forms.CharField):
    pass


class LetterForm(forms.Form):
    """The questions of one letter in one place, in one language of the page.

    Bound (``given=``) it is checked and shows what is wrong; with ``initial=`` it
    is only filled in. ``facts`` holds the checked answers of a bound form.
    """

    facts: Facts | None = None

    def __init__(
        self,
        spec: Spec,
        jurisdiction: Jurisdiction,
        catalogue: Catalogue,
        language: str,
        *,
        given: QueryDict | None = None,
        initial: Given | None = None,
    ) -> None:
        self.spec, self.jurisdiction = spec, jurisdiction
        self.catalogue, self.language = catalogue, language
        super().__init__(
            given, initial=_initial(spec, initial or {}), label_suffix="", auto_id="id_%s"
        )
        self.use_required_attribute = False
        words = spec.field_words[language]
        told = dict(given.lists()) if given is not None else initial or {}
        who = addressee(catalogue, spec, jurisdiction, told)
        for one in spec.asked_in(jurisdiction, told):
            made = _field(one, _offered(one, words[one.id].options, spec, jurisdiction, catalogue))
            made.label = label(spec, one, catalogue, language, who)
            made.help_text = _for(one, catalogue, language, "hint", who) or words[one.id].hint
            if one.kind == "flag":
                made.label = words[one.id].options["yes"]
            made.required = one.id in spec.required
            made.about = one.about
            self.fields[one.id] = made

    def clean(self) -> dict[str, Any]:
        given = {name: self.data.getlist(name) for name in self.fields}  # type: ignore[attr-defined]
        self.facts = read(self.spec, self.jurisdiction, given)
        for problem in self.facts.problems:
            words = problem.words(self.catalogue, self.language)
            self.add_error(problem.field or None, words)
        return {}

    def parts(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The questions, by the part of the form they stand in."""
        titles = {
            "you": gettext("About you"),
            "them": gettext("Who gets the letter"),
            "scan": gettext("The scan"),
            "matter": gettext("What it is about"),
            "sending": gettext("Sending it"),
        }
        for about in PARTS:
            found = [self[name] for name, one in self.fields.items() if one.about == about]  # type: ignore[attr-defined]
            if found:
                yield titles[about], found


def label(spec: Spec, one: Field, catalogue: Catalogue, language: str, who: str) -> str:
    """The words of a question; who gets the letter may have words of their own."""
    return _for(one, catalogue, language, "label", who) or spec.field_words[language][one.id].label


def _for(one: Field, catalogue: Catalogue, language: str, part: str, who: str) -> str:
    return catalogue.shared[language].get(f"field {one.id}", {}).get(f"{part} {who}", "")


def _offered(
    one: Field,
    options: Mapping[str, str],
    spec: Spec,
    jurisdiction: Jurisdiction,
    catalogue: Catalogue,
) -> Mapping[str, str]:
    """The options to choose from; of letters, those that there are in the place."""
    if one.options != tuple(sorted(catalogue.letters)):
        return options
    return {
        slug: words
        for slug, words in options.items()
        if slug != spec.slug
        and catalogue.letters[slug].layout == "letter"
        and catalogue.letters[slug].offered_in(jurisdiction)
    }


def read(spec: Spec, jurisdiction: Jurisdiction, given: Mapping[str, object]) -> Facts:
    """Check what a form sent, under the limits of the settings."""
    limit = settings.COMPANION_LIMITS["letter_text_bytes"]
    return facts.check(spec, jurisdiction, given, today=today(), limit=limit)


def today() -> date:
    """The day as the server has it, for dates that have no time zone."""
    return date.today()  # noqa: DTZ011


def language_choices(
    catalogue: Catalogue, spec: Spec, language: str, without: str
) -> list[tuple[str, str]]:
    """Languages that the letter is written in, in words of the page's language."""
    return [
        (code, language_name(catalogue, code, language))
        for code in spec.languages
        if code != without
    ]


def _initial(spec: Spec, given: Given) -> dict[str, Any]:
    """What to fill in, from lists of texts as a form sends them."""
    found: dict[str, Any] = {"method": "post"}
    for one in spec.fields:
        texts = [text for text in given.get(one.id, ()) if isinstance(text, str)]
        if not texts:
            continue
        if one.kind == "choices":
            found[one.id] = [text for text in texts if text in one.options]
        elif one.kind in ("lines", "text"):
            found[one.id] = "\n".join(texts)
        else:
            found[one.id] = texts[0]
    return found


def _field(one: Field, options: Mapping[str, str]) -> Any:
    attributes = {"autocomplete": one.autocomplete, "maxlength": None}
    attributes = {name: value for name, value in attributes.items() if value}
    if one.kind in ("lines", "text"):
        rows = 5 if one.kind == "text" else 3
        return _Text(widget=forms.Textarea(attrs={**attributes, "rows": rows}))
    if one.kind == "date":
        return _Text(widget=forms.DateInput(attrs={**attributes, "type": "date"}))
    if one.kind == "flag":
        return _Flag(widget=forms.CheckboxInput(attrs={"value": "yes"}, check_test=bool))
    if one.kind == "choices":
        return _Choices(choices=list(options.items()), widget=forms.CheckboxSelectMultiple)
    if one.kind == "choice" and len(options) > 6:
        empty = [("", "")]
        return _Choice(choices=[*empty, *options.items()], widget=Select)
    if one.kind == "choice":
        return _Choice(choices=list(options.items()), widget=forms.RadioSelect)
    return _Text(widget=forms.TextInput(attrs=attributes))
