"""A letter begun as an own e-mail: a neutral subject, and the text where it fits."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from companion.content import law
from companion.letters import mail, text
from companion.letters.catalogue import catalogue, letters
from companion.letters.letter import Letter
from tests.letters.builders import make_letter


def letter_of(slug: str) -> Letter:
    """A letter in the first place that has it."""
    first = catalogue().letters[slug].jurisdictions[0]
    return make_letter(slug, law.jurisdiction(first).id)


HEALTH = ("scan", "image", "x-ray", "radiolog", "mri", "patient", "hospital", "díaz", "breach")


def opened(address: str) -> dict[str, str]:
    """What a mail program makes of the address: its fields."""
    parts = urlsplit(address)
    assert (parts.scheme, parts.path) == ("mailto", "")
    return {name: one[0] for name, one in parse_qs(parts.query, strict_parsing=True).items()}


@pytest.mark.parametrize("slug", letters())
def test_the_subject_names_no_person_and_nothing_of_health(slug: str) -> None:
    letter = letter_of(slug)
    subject = opened(mail.draft(letter).address)["subject"]
    assert letter.reference in subject
    assert not [word for word in HEALTH if word in subject.lower()]


def test_a_long_text_is_left_to_be_pasted() -> None:
    made = mail.draft(make_letter("complaint", what_happened="A long story. " * 300))
    assert not made.whole
    assert set(opened(made.address)) == {"subject"}


def test_a_text_that_fits_is_whole_with_its_lines_and_signs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letter = make_letter(name="Ana & Zoë <Díaz> 100 %")
    monkeypatch.setattr(mail, "LONGEST", 100_000)
    made = mail.draft(letter)
    assert made.whole
    body = opened(made.address)["body"]
    assert body.replace("\r\n", "\n") == text.to_text(letter).strip()
    assert "\n" not in body.replace("\r\n", "")


@pytest.mark.parametrize("slug", letters())
def test_no_address_is_longer_than_a_mail_program_takes(slug: str) -> None:
    assert len(mail.draft(letter_of(slug)).address) <= mail.LONGEST
