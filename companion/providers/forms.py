"""The forms of a privacy office: its profile, and its answer sheet in one language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundField
from django.utils.text import normalize_newlines
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from companion import clock
from companion.content import law
from companion.content.library import SOURCE
from companion.content.prose import to_html
from companion.providers import sheet
from companion.providers.models import (
    MAX_ANSWER,
    Answer,
    Profile,
    no_odd_characters,
    not_in_the_future,
)
from companion.providers.profiles import content_of, from_content

if TYPE_CHECKING:
    ProfileFormBase = forms.ModelForm[Profile]
else:
    ProfileFormBase = forms.ModelForm

MAX_NOTE_HTML = 12_000
"""Bytes of HTML that a note may become: a table of thousands of cells is no note."""


class ProfileForm(ProfileFormBase):
    """The draft of a profile, without its answers."""

    jurisdiction = forms.ChoiceField(
        label=_("Law that applies"),
        help_text=_("Where the hospital is. Letters name the rights of this place."),
    )

    class Meta:
        model = Profile
        exclude = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "jurisdiction" in self.fields:
            language = get_language() or SOURCE
            names: dict[str, str] = {
                name: jurisdiction.name.get(language, jurisdiction.name[SOURCE])
                for name, jurisdiction in law.jurisdictions().items()
                if jurisdiction.offered
            }
            field = self.fields["jurisdiction"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [(name, names[name]) for name in sorted(names, key=lambda n: names[n])]

    def clean_reviewed_on(self) -> date | None:
        day: date | None = self.cleaned_data["reviewed_on"]
        not_in_the_future(day)
        return day

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"]
        if len(to_html(note)) > MAX_NOTE_HTML:
            raise forms.ValidationError(_("This note is too long to read. Please shorten it."))
        return note


class SheetForm(forms.Form):
    """All questions of the answer sheet, to be answered in one language."""

    def __init__(self, profile: Profile, language: str, data: Any = None) -> None:
        super().__init__(data)
        self.profile = profile
        self.language = language
        self.sections = sheet.sections(from_content(profile.slug, content_of(profile)), language)
        for section in self.sections:
            for row in section.rows:
                self.fields[row.id] = forms.CharField(
                    label=f"{row.id}  {row.ask}",
                    required=False,
                    initial=row.here.text if row.here else "",
                    validators=[MaxLengthValidator(MAX_ANSWER), no_odd_characters],
                    widget=forms.Textarea(attrs={"rows": 2, "lang": language}),
                )
                self.fields[f"{row.id}-on"] = forms.DateField(
                    label=_("Answered on"),
                    required=False,
                    validators=[not_in_the_future],
                    initial=row.here.on.isoformat() if row.here else "",
                    widget=forms.DateInput(attrs={"type": "date"}),
                )

    def groups(self) -> Iterator[tuple[str, list[tuple[BoundField, BoundField]]]]:
        """Each checklist's title with its pairs of answer and date."""
        for section in self.sections:
            yield section.title, [(self[row.id], self[f"{row.id}-on"]) for row in section.rows]

    def save(self) -> None:
        """Keep what was written; an emptied answer is taken away.

        A changed answer under an unchanged date was answered today.
        """
        today = clock.today()
        known = {
            answer.question: answer
            for answer in self.profile.answers.filter(language=self.language)
        }
        for section in self.sections:
            for row in section.rows:
                text = normalize_newlines(self.cleaned_data[row.id].strip())
                on = self.cleaned_data[f"{row.id}-on"]
                answer = known.get(row.id)
                if not text:
                    if answer:
                        answer.delete()
                    continue
                if answer is None:
                    answer = Answer(profile=self.profile, question=row.id, language=self.language)
                elif normalize_newlines(answer.text) != text and on == answer.answered_on:
                    on = today
                answer.text, answer.answered_on = text, on or today
                answer.save()
