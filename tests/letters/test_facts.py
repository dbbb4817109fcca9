"""What people type: bad input is told plainly, and nothing is lost or obeyed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.content import law
from companion.letters.catalogue import catalogue
from companion.letters.facts import check, clean
from tests.letters.builders import TODAY, make_answers, make_facts, make_spec


def problems(
    slug: str = "get-my-images", jurisdiction: str = "us", **changes: Any
) -> dict[str, str]:
    facts = make_facts(slug, jurisdiction, **changes)
    return {problem.field: problem.code for problem in facts.problems}


def test_a_complete_form_has_no_problems() -> None:
    assert problems() == {}


def test_what_is_required_is_asked_for() -> None:
    assert problems(name=None, study_list="  \n ") == {"name": "required", "study_list": "required"}


@pytest.mark.parametrize(
    "typed",
    ["123-45-6789", "my SSN is 123456789", "Social Security: 123456789", "123 45 6789",
     "123\u201145\u20116789", "123.45.6789", "123 - 45 - 6789", "123\u00a045\u00a06789",
     "\uff11\uff12\uff13-\uff14\uff15-\uff16\uff17\uff18\uff19", "SSN 123 456 789",
     "SSN#123-456-789",
     "S.S.N. 123456789", "SS# 123456789", "Soc. Sec. No. 123-456-789", "ssn 078051120.",
     "Soc Sec no (9 digits): 123456789", "ID 7, 123-45-6789, born 1961",
     "número de seguro social 123.456.789", "SSN 999-99-9999"],
)  # fmt: skip
@pytest.mark.parametrize("field", ["record_number", "accession", "name"])
def test_a_social_security_number_is_refused(field: str, typed: str) -> None:
    assert problems(**{field: typed}) == {field: "social-security"}


@pytest.mark.parametrize(
    "typed",
    ["123456789", "555-010-9999", "1.2.840.10008.5.1", "2026-03-31", "000-12-3456",
     "666-12-3456", "912-12-3456", "123-00-4567", "123-45-0000", "1.2.123.45.6789.7",
     "1-123-45-6789", "123-45-6789-01", "SSN: none. Call 555 123 4567", "12 123 45 6789"],
)  # fmt: skip
def test_other_numbers_are_not_taken_for_one(typed: str) -> None:
    assert problems(record_number=typed) == {}


@pytest.mark.parametrize("jurisdiction", ["eu-de", "eu-fr", "uk-eng", "au"])
def test_a_telephone_number_of_another_country_is_no_social_security_number(
    jurisdiction: str,
) -> None:
    contact = ["Hauptstr. 1", "10115 Berlin", "030 12 3456"]
    assert problems(jurisdiction=jurisdiction, contact=contact) == {}
    assert problems(jurisdiction=jurisdiction, contact=[*contact, "123-45-6789"]) == {
        "contact": "social-security"
    }


def test_the_authority_of_that_name_may_be_written_to() -> None:
    address = ["Social Security Administration", "Baltimore, MD 21235-0001"]
    assert problems(recipient_address=address) == {}


def test_half_a_sign_is_taken_out_like_any_other_that_cannot_print() -> None:
    facts = make_facts(name="Ana \ud800Díaz")
    assert facts.answers["name"] == "Ana Díaz"
    assert [hint.code for hint in facts.hints] == ["cleaned"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"birth_date": "2027-01-01"}, {"birth_date": "future"}),
        ({"birth_date": "14/03/1961"}, {"birth_date": "not-a-date"}),
        ({"birth_date": "1861-03-14"}, {"birth_date": "date-range"}),
        ({"sent_on": "2226-01-01"}, {"sent_on": "date-range"}),
        ({"received_on": "2026-11-22"}, {"received_on": "future"}),
        ({"sent_on": "2026-11-20", "received_on": "2026-11-19"}, {"received_on": "before-sent"}),
        ({"birth_date": "2026-11-21", "sent_on": "2026-11-20"}, {"sent_on": "before-birth"}),
    ],
)
def test_days_that_cannot_be_are_told(changes: dict[str, str], expected: dict[str, str]) -> None:
    assert problems(**changes) == expected


def test_a_slip_may_be_handed_in_before_the_scan() -> None:
    assert problems("consent-addendum", study_date="2026-11-20", sent_on="2026-11-19") == {}


def test_a_letter_about_a_past_scan_cannot_be_sent_before_it() -> None:
    slip = make_spec("consent-addendum")
    fields = tuple(replace(one, past=one.id == "study_date") for one in slip.fields)
    facts = check(
        replace(slip, fields=fields),
        law.jurisdiction("us"),
        make_answers(study_date="2026-11-20", sent_on="2026-11-19"),
        today=TODAY,
    )
    assert [(one.field, one.code) for one in facts.problems] == [("sent_on", "before-scan")]


def test_a_period_cannot_end_before_it_begins() -> None:
    found = problems("who-has-seen-them", period_from="2026-03-02", period_to="2026-03-01")
    assert found["period_to"] == "period"


def test_an_address_needs_words() -> None:
    assert problems(recipient_address="12345") == {"recipient_address": "address"}
    assert problems(recipient_address="a\n" * 9) == {"recipient_address": "too-many-lines"}


def test_another_countrys_postal_code_is_a_hint_and_no_wall() -> None:
    facts = make_facts(recipient_address=["1 High Street", "London SW1A 1AA"])
    assert facts.problems == ()
    assert [hint.code for hint in facts.hints] == ["postcode"]
    assert make_facts(recipient_address=["1 Road", "Springfield 62701"]).hints == ()


def test_over_long_answers_are_told_with_the_limit() -> None:
    facts = make_facts(name="x" * 200)
    (problem,) = facts.problems
    assert problem.words(catalogue(), "en") == "This is too long: 200 characters. Only 120 fit."


def test_all_answers_together_have_a_limit_in_bytes() -> None:
    facts = check(
        make_spec("complaint"),
        law.jurisdiction("us"),
        make_answers(what_happened="ü" * 12_000),
        today=TODAY,
    )
    assert ("", "too-long-all") in [(one.field, one.code) for one in facts.problems]


def test_an_option_that_nobody_offered_is_refused() -> None:
    assert problems(delivery="carrier pigeon") == {"delivery": "option"}
    assert problems(delivery=["portal", "disc"]) == {"delivery": "option"}


@pytest.mark.parametrize("value", [7, 1.5, {"a": 1}, [1], [["x"]]])
def test_what_is_no_text_is_refused(value: object) -> None:
    assert problems(accession=value) == {"accession": "not-text"}


def test_control_and_direction_characters_are_taken_out_and_told() -> None:
    facts = make_facts(name="Ana\u202e D\x00i\x1baz\u2066")
    assert facts.answers["name"] == "Ana Diaz"
    assert [hint.code for hint in facts.hints] == ["cleaned"]


def test_joiners_that_shape_words_are_kept() -> None:
    assert clean("می\u200cخواهم") == "می\u200cخواهم"


def test_answers_to_other_questions_are_left_alone() -> None:
    facts = make_facts(what_happened="not asked here")
    assert "what_happened" not in facts.answers


def test_answers_stay_out_of_what_is_printed_for_engineers() -> None:
    assert "Díaz" not in repr(make_facts())


@given(st.text(max_size=300))
def test_clean_text_is_stable_and_holds_nothing_unseen(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not set(once) & {"\x00", "\u202e", "\u2066", "\ue000", "\ue001", "\r"}


@given(
    st.dictionaries(
        st.sampled_from(["name", "contact", "study_list", "birth_date", "delivery", "x"]),
        st.one_of(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=4), st.booleans()),
    )
)
def test_whatever_comes_is_answered_or_told(given: dict[str, object]) -> None:
    facts = check(make_spec(), law.jurisdiction("us"), given, today=TODAY)
    told = {problem.field for problem in facts.problems}
    assert told.isdisjoint(facts.answers)


def test_more_options_than_may_be_picked_are_refused_with_the_number() -> None:
    asks = ["consent", "register", "notify"]
    assert make_facts("ask-lawmakers", asks=asks).answers["asks"] == tuple(asks)
    facts = make_facts("ask-lawmakers", asks=[*asks, "fair"])
    (problem,) = [one for one in facts.problems if one.field == "asks"]
    assert problem.words(catalogue(), "en") == "You picked 4. Please pick at most 3."
    assert "asks" not in facts.answers


def test_a_regulators_web_page_is_no_address_of_another_country() -> None:
    facts = make_facts(recipient_address=["https://ocrportal.hhs.gov/"])
    assert facts.hints == ()


@pytest.mark.parametrize("stage", ["", "hospital", "regulator"])
def test_a_letter_to_the_hospital_does_not_ask_for_the_hospital_again(stage: str) -> None:
    facts = make_facts("complaint", "uk-eng", stage=stage, hospital=None, what_happened="x")
    missing = {one.field for one in facts.problems}
    assert missing == ({"hospital"} if stage == "regulator" else set())
