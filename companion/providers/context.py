"""What every page knows about the hospital whose link the visitor followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from companion.providers import profiles


@dataclass(frozen=True, slots=True)
class PageForm:
    """The form that holds what a visitor typed, as ``page_form`` in a page's context.

    Going on without the hospital posts this form, so that nothing typed is lost.
    """

    id: str
    action: str
    enter: str = ""
    """The value of ``do`` that the Enter key sends, where the banner's button would come
    first in the form."""


def hospital(request: HttpRequest) -> dict[str, Any]:
    """``hospital``, the ``at_query`` that links append, and why there is no hospital."""
    found = profiles.at(request)
    unreachable = profiles.unreachable(request)
    return {
        "hospital": found,
        "at_query": found.query if found else "",
        "hospital_unknown": not found and not unreachable and bool(profiles.asked_for(request)),
        "hospital_unreachable": unreachable,
    }
