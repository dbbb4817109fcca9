"""The form of a letter: one question for each field that its file asks for.

The form shows and hands back; what is right and wrong is decided by
``letters.facts.check``, so that page and command refuse the same things.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext

from companion.letters.case import Case
from companion.letters.catalogue import Catalogue, Field, Spec
from companion.letters.letter import language_name
from companion.web.letters.recipient import Given, answers_of
from companion.web.widgets import Select


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
    """The questions of one case, in the case's language, filled in with its answers.

    With ``data`` it is bound: it is checked and shows what is wrong.
    """

    def __init__(self, case: Case, *, data: QueryDict | None = None) -> None:
        initial = _initial(case.spec, {} if data is not None else answers_of(case))
        super().__init__(data, initial=initial, label_suffix="", auto_id="id_%s")
        self.case = case
        self.use_required_attribute = False
        words = case.spec.field_words[case.language]
        for one in case.asked:
            made = _field(one, _offered(one, words[one.id].options, case))
            made.label = label(case, one)
            made.help_text = _for_addressee(case, one, "hint") or words[one.id].hint
            if one.kind == "flag":
                made.label = words[one.id].options["yes"]
            made.required = one.id in case.spec.required_in(case.jurisdiction)
            self.fields[one.id] = made

    def clean(self) -> dict[str, Any]:
        for problem in self.case.facts.problems:
            words = problem.words(self.case.catalogue, self.case.language)
            self.add_error(problem.field or None, words)
        return {}

    def parts(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The questions that a letter with the least facts needs, by part of the form.

        What the letter is about comes before names and addresses: it is what a person came for.
        """
        return self._parts(("matter", "them", "you", "scan", "sending"), at_once=True)

    def more(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The other questions, which the page folds away, by part of the form."""
        return self._parts(("scan", "matter", "you", "them", "sending"), at_once=False)

    @property
    def more_is_told(self) -> bool:
        """Whether a folded question has an answer, or a fault: then the page shows them all."""
        return any(field.errors or _is_told(field) for _, fields in self.more() for field in fields)

    def _asked_at_once(self, one: Field) -> bool:
        """Whether a question stands open on the page: nothing prints without its answer, or
        it chooses among what the letter says. All others are a help, and folded."""
        chooses = one.kind in ("choice", "choices") and one.about not in ("you", "sending")
        return self.fields[one.id].required or chooses or one.id in _AT_ONCE

    def _parts(
        self, order: tuple[str, ...], *, at_once: bool
    ) -> Iterator[tuple[str, list[BoundField]]]:
        titles = {
            "you": gettext("About you"),
            "them": gettext("Who gets the letter"),
            "scan": gettext("The scan"),
            "matter": gettext("What it is about"),
            "sending": gettext("Sending it"),
        }
        for about in order:
            found = [
                self[one.id]
                for one in self.case.asked
                if one.about == about and self._asked_at_once(one) is at_once
            ]
            if found:
                yield titles[about], found


_AT_ONCE = ("recipient_address",)
"""Asked at once though a letter may do without: most letters go by post."""
_USUAL = {"method": "post", "relation": "self"}
"""What most people answer. The form begins with it, or reads no answer so."""


def _is_told(field: BoundField) -> bool:
    """Whether a question has an answer other than the usual one."""
    value = field.value()
    return bool(value) and value != _USUAL.get(field.name)


def label(case: Case, one: Field) -> str:
    """The words of a question; some have words of their own for who gets the letter."""
    return _for_addressee(case, one, "label") or case.spec.field_words[case.language][one.id].label


def _for_addressee(case: Case, one: Field, part: str) -> str:
    return case.shared.get(f"field {one.id}", {}).get(f"{part} {case.addressee}", "")


def _offered(one: Field, options: Mapping[str, str], case: Case) -> Mapping[str, str]:
    """The options to choose from; of letters, those that the jurisdiction has."""
    letters = case.catalogue.letters
    if one.options != tuple(sorted(letters)):
        return options
    return {
        slug: words
        for slug, words in options.items()
        if slug != case.spec.slug
        and not letters[slug].is_slip
        and letters[slug].offered_in(case.jurisdiction)
    }


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
    found: dict[str, Any] = {"method": _USUAL["method"]}
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
        rows = 5 if one.kind == "text" else 2
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
