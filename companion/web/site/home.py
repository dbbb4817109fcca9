"""The home page, with its doors and short ways; and the living page of the components."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from companion.web.words import page_language, screen


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    words = screen("home", page_language())
    return render(request, "site/home.html", {"words": words})


class SampleForm(forms.Form):
    """One field of each kind, for the style guide."""

    name = forms.CharField(label="Your name", help_text="As on your papers.")
    note = forms.CharField(label="A note", widget=forms.Textarea, required=False)
    place = forms.ChoiceField(label="Where", choices=[("a", "Here"), ("b", "There")])
    way = forms.ChoiceField(
        label="How", choices=[("a", "By post"), ("b", "By hand")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="Print it large")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    form = SampleForm({"note": "Some words"})
    form.is_valid()
    problems = [{"id": "id_name", "message": "Write your name."}]
    return render(
        request, "site/styleguide.html", {"sample_form": form, "sample_problems": problems}
    )


paths = [path("", home, name="home")]
if settings.DEBUG:
    paths.append(path("styleguide/", styleguide, name="styleguide"))
