"""What every page knows of the hospital that a link carries."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from companion.providers import profiles


def hospital(request: HttpRequest) -> dict[str, Any]:
    """``hospital``, the ``at_query`` that links append, and why there is none of that name."""
    found = profiles.at(request)
    unreachable = profiles.unreachable(request)
    return {
        "hospital": found,
        "at_query": found.query if found else "",
        "hospital_unknown": not found and not unreachable and bool(profiles.asked_for(request)),
        "hospital_unreachable": unreachable,
    }
