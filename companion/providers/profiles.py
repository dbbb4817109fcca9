"""What a hospital has published, as patients' pages read it.

``at(request)`` returns the hospital named by a link (``?at=SLUG``), ``find(slug)`` one by
its permanent name. Both return ``None`` if there is none to show and also if the database
cannot be reached: the directory is optional everywhere. A page that must distinguish the
two calls ``look_up`` or ``unreachable``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.text import normalize_newlines

from companion.providers import reach
from companion.providers.models import Profile

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")

WITHOUT = "without-hospital"
"""What a form sends to go on without its hospital."""

TEXT_FIELDS = (
    "name", "other_names", "jurisdiction", "holiday_region", "street", "city", "state",
    "postcode", "country", "office_name", "office_address", "email", "phone", "fax",
    "portal_url", "form_url", "notice_url", "languages", "secondary_use", "retention",
    "ai_register_url", "image_exchange", "note", "reviewed_by",
)  # fmt: skip
"""The fields of a profile that are texts, in the order of export."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A hospital's own words on one question."""

    text: str
    on: date
    language: str
    """The language that the text is in: not always the one that was asked for."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One published profile. Texts that the hospital left empty are ``""``."""

    slug: str
    name: str
    other_names: str = ""
    jurisdiction: str = "us"
    holiday_region: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    office_name: str = ""
    office_address: str = ""
    email: str = ""
    phone: str = ""
    fax: str = ""
    portal_url: str = ""
    form_url: str = ""
    notice_url: str = ""
    languages: str = ""
    secondary_use: str = ""
    retention: str = ""
    ai_register_url: str = ""
    image_exchange: str = ""
    note: str = ""
    reviewed_by: str = ""
    reviewed_on: date | None = None
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict, repr=False)
    """Question id -> language -> answer."""
    imported: bool = False
    """Made from a public list: the hospital itself has published nothing yet."""

    @property
    def language(self) -> str:
        """The main language of the hospital's own texts."""
        return re.split(r"[\s,]+", self.languages)[0] or "en"

    @property
    def query(self) -> str:
        """The query that links append to keep this hospital."""
        return f"?at={self.slug}"

    @property
    def place(self) -> str:
        """One line that tells hospitals of the same name apart."""
        return ", ".join(
            part for part in (self.city, f"{self.state} {self.postcode}".strip()) if part
        )

    @property
    def address(self) -> str:
        """Where a letter goes, in lines, without the name of the hospital."""
        if self.office_address:
            return self.office_address
        town = f"{self.city}, {self.state} {self.postcode}".strip(" ,")
        return "\n".join(part for part in (self.street, town) if part)

    def answer(self, question: str, language: str) -> Answer | None:
        """The hospital's words on a question, in ``language`` where it has them.

        Otherwise in the hospital's main language, then English, then any; the
        answer says which. ``None``: not answered yet.
        """
        texts = self.answers.get(question, {})
        for choice in (language, self.language, "en", *texts):
            if choice in texts:
                return texts[choice]
        return None


def at(request: HttpRequest) -> Provider | None:
    """The hospital that this request names, or ``None``; looked up once per request."""
    if not hasattr(request, "_hospital"):
        slug = asked_for(request)
        request._hospital = None  # type: ignore[attr-defined]
        try:
            request._hospital = look_up(slug) if slug else None  # type: ignore[attr-defined]
        except reach.Unreachable:
            request._unreachable = True  # type: ignore[attr-defined]
    found: Provider | None = request._hospital  # type: ignore[attr-defined]
    return found


def unreachable(request: HttpRequest) -> bool:
    """Whether the hospital that this request names could not be looked up at all."""
    at(request)
    return hasattr(request, "_unreachable")


def arrive(request: HttpRequest, provider: Provider) -> None:
    """Treat this request as if its link had named ``provider``."""
    request._hospital = provider  # type: ignore[attr-defined]


def asked_for(request: HttpRequest) -> str:
    """The slug that a request names, whether or not a hospital has it."""
    slug = request.GET.get("at", "").strip()
    # Reading POST parses the body; an upload must not be parsed for this.
    if request.content_type != "multipart/form-data" or hasattr(request, "_post"):
        if WITHOUT in request.POST:
            return ""
        slug = slug or request.POST.get("at", "")
    return slug


def find(slug: str) -> Provider | None:
    """The published profile with this slug; ``None`` also when it cannot be looked up."""
    try:
        return look_up(slug)
    except reach.Unreachable:
        return None


def look_up(slug: str) -> Provider | None:
    """The published profile with this slug; ``reach.Unreachable`` when nobody can know."""
    if not _SLUG.fullmatch(slug):
        return None
    with reach.reading():
        row = (
            Profile.objects.filter(slug=slug, published__isnull=False)
            .values_list("slug", "published", "source_id")
            .first()
        )
    if row is None or row[1] is None:
        return None
    return from_content(row[0], row[1], imported=bool(row[2]))


def from_content(slug: str, content: dict[str, Any], *, imported: bool = False) -> Provider:
    """A ``Provider`` from the JSON that publishing stored (``content_of``)."""
    texts = {name: str(content.get(name, "")) for name in TEXT_FIELDS}
    reviewed = content.get("reviewed_on")
    answers = {
        question: {
            language: Answer(answer["text"], date.fromisoformat(answer["on"]), language)
            for language, answer in languages.items()
        }
        for question, languages in content.get("answers", {}).items()
    }
    return Provider(
        slug=slug,
        **texts,
        reviewed_on=date.fromisoformat(reviewed) if reviewed else None,
        answers=answers,
        imported=imported and not answers and not reviewed,
    )


def content_of(profile: Profile) -> dict[str, Any]:
    """A draft with its answers as JSON: what publishing stores and history keeps."""
    # Browsers end lines differently from files; a reader sees no difference.
    content: dict[str, Any] = {
        name: normalize_newlines(getattr(profile, name)) for name in TEXT_FIELDS
    }
    content["reviewed_on"] = profile.reviewed_on.isoformat() if profile.reviewed_on else ""
    answers: dict[str, dict[str, dict[str, str]]] = {}
    for answer in profile.answers.all():
        answers.setdefault(answer.question, {})[answer.language] = {
            "text": normalize_newlines(answer.text),
            "on": answer.answered_on.isoformat(),
        }
    content["answers"] = answers
    return content
