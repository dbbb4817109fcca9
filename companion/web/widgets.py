"""Form controls that know a text in English from one in the page's language."""

from __future__ import annotations

from typing import Any

from django import forms

from companion.content.untranslated import Untranslated


class Select(forms.Select):
    """A list to choose from. An option holds text and nothing else: an attribute of its
    own says its language."""

    def create_option(
        self, name: str, value: Any, label: int | str, *args: Any, **named: Any
    ) -> dict[str, Any]:
        option = super().create_option(name, value, str(label), *args, **named)
        if isinstance(label, Untranslated):
            option["attrs"]["lang"] = label.language
        return option
