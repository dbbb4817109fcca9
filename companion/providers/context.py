"""What every page knows of the hospital that a link carries."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from companion.providers import profiles


def hospital(request: HttpRequest) -> dict[str, Any]:
    """``hospital``, the ``at_query`` that links append, and whether a name was unknown."""
    found = profiles.at(request)
    return {
        "hospital": found,
        "at_query": found.query if found else "",
        "hospital_unknown": found is None and bool(profiles.asked_for(request)),
    }
