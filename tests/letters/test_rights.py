"""Deadlines: the worked cases, and what must hold on every day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.content import law
from companion.letters import rights
from tests.letters.deadline_cases import CASES

DAYS = st.dates(date(2000, 1, 1), date(2399, 12, 31))
ALL_RULES = sorted(
    {name for jurisdiction in law.jurisdictions().values() for name in jurisdiction.rules}
)


@pytest.mark.parametrize(
    ("name", "jurisdiction", "region", "start", "due", "extended"), [case[:6] for case in CASES]
)
def test_the_worked_cases(
    name: str, jurisdiction: str, region: str, start: str, due: str, extended: str
) -> None:
    rule, _ = law.rule(name)
    found = rights.due(rule, date.fromisoformat(start), law.jurisdiction(jurisdiction), region)
    assert found.due.isoformat() == due
    assert (found.extended.isoformat() if found.extended else "") == extended


def test_every_rule_has_a_worked_case_with_its_source() -> None:
    assert {case[0] for case in CASES} == set(ALL_RULES)
    assert all(case[6] for case in CASES)
    assert len(CASES) >= 60


ROLLING = [
    one for one in law.jurisdictions().values() if one.offered and one.holidays
    and any(rule.roll == "next-working-day" for rule in one.rules.values())
]  # fmt: skip


@given(DAYS.filter(lambda day: day.year < 2090), st.sampled_from(ROLLING))
def test_a_rolling_day_is_the_same_when_it_is_counted_another_way(
    start: date, home: law.Jurisdiction
) -> None:
    """Beside a computation of its own: the holidays package, and no code of ours."""
    for rule in home.rules.values():
        if rule.roll != "next-working-day":
            continue
        day = start + (timedelta(days=rule.count) if rule.unit == "days" else timedelta())
        if rule.unit == "months":
            month = start.month - 1 + rule.count
            year, month = start.year + month // 12, month % 12 + 1
            day = date(year, month, min(start.day, monthrange(year, month)[1]))
        closed = holidays.country_holidays(home.holidays, subdiv=home.region or None)
        assert rights.due(rule, start, home).due == closed.get_nth_working_day(
            day - timedelta(days=1), 1
        )


@given(DAYS.filter(lambda day: day.year < 2090))
def test_ontario_moves_past_sundays_and_holidays_and_counts_a_saturday(start: date) -> None:
    rule, home = law.rule("ca-on.30")
    found = rights.due(rule, start, home).due
    last = start + timedelta(days=30)
    public = holidays.country_holidays("CA", subdiv="ON")
    between = [last + timedelta(days=count) for count in range((found - last).days)]
    assert found.weekday() != 6
    assert found not in public
    other = {"Easter Monday", "Remembrance Day"}
    own = holidays.country_holidays("CA", subdiv="ON", categories=("government",))
    assert all(day.weekday() == 6 or day in public or own.get(day) in other for day in between)


@pytest.mark.parametrize(
    ("name", "jurisdiction", "start", "again"),
    [
        ("us.hipaa.30", "us", "2026-11-20", "2026-12-23"),  # 1: a Sunday, then three days
        ("uk.ack", "uk-eng", "2026-11-20", "2026-12-22"),  # 26
    ],
)
def test_a_friendly_question_comes_some_working_days_later(
    name: str, jurisdiction: str, start: str, again: str
) -> None:
    rule, _ = law.rule(name)
    found = rights.due(rule, date.fromisoformat(start), law.jurisdiction(jurisdiction))
    assert found.follow_up == date.fromisoformat(again)


def test_the_patients_own_limit_warns_early_and_is_never_moved() -> None:
    rule, jurisdiction = law.rule("us.ocr.180")
    found = rights.due(rule, date(2026, 7, 7), jurisdiction)
    assert found.due == date(2027, 1, 3)  # a Sunday, and it stays
    assert found.warnings == (date(2026, 11, 4), date(2026, 12, 19))
    assert found.follow_up is None


@given(DAYS, st.sampled_from(ALL_RULES))
def test_an_answer_is_never_due_before_it_was_asked_for(start: date, name: str) -> None:
    rule, jurisdiction = law.rule(name)
    found = rights.due(rule, start, jurisdiction)
    assert found.due > start
    assert found.extended is None or found.extended > found.due


@given(DAYS, st.sampled_from(["eu-de", "eu-fr", "eu-ie", "eu-es", "uk-eng", "uk-sct", "uk-nir"]))
def test_a_rolling_rule_never_ends_on_a_day_when_offices_are_shut(start: date, name: str) -> None:
    jurisdiction = law.jurisdiction(name)
    rule = jurisdiction.rules[f"{jurisdiction.family[-1]}.month"]
    found = rights.due(rule, start, jurisdiction)
    for day in (found.due, found.extended):
        assert day is not None
        assert day.weekday() < 5
        assert day not in rights.closed_days(day.year, jurisdiction.calendar())


@given(DAYS, st.sampled_from(["us.hipaa.30", "us.hipaa.60", "us-ca.copies", "us-wa.45"]))
def test_a_rule_in_days_counts_every_day(start: date, name: str) -> None:
    rule, jurisdiction = law.rule(name)
    assert rights.due(rule, start, jurisdiction).due == start + timedelta(days=rule.count)


def test_a_month_is_clamped_on_every_day_of_400_years() -> None:
    jurisdiction = law.jurisdictions()["eu"]  # the whole union: weekends only
    rule = jurisdiction.rules["eu.month"]
    day = date(2000, 1, 1)
    while day < date(2400, 1, 1):
        year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
        same = date(year, month, min(day.day, monthrange(year, month)[1]))
        moved = same + timedelta(days={5: 2, 6: 1}.get(same.weekday(), 0))
        assert rights.due(rule, day, jurisdiction).due == moved
        day += timedelta(days=1)


def test_an_extension_counts_from_receipt_and_not_from_the_clamped_day() -> None:
    rule, jurisdiction = law.rule("eu.month")
    assert rights.due(rule, date(2027, 1, 31), jurisdiction).extended == date(2027, 4, 30)


def test_a_posted_letter_gives_a_range_and_a_known_receipt_a_day() -> None:
    sent = date(2026, 11, 20)
    assert rights.arrival(sent, "post") == rights.Span(date(2026, 11, 23), date(2026, 11, 25))
    assert rights.arrival(sent, "email") == rights.Span(sent, sent)
    known = date(2026, 11, 30)
    assert rights.arrival(sent, "post", known) == rights.Span(known, known)


def test_the_time_line_shows_ranges_where_receipt_is_unknown() -> None:
    rule, jurisdiction = law.rule("us.hipaa.30")
    points = rights.timeline(jurisdiction, rule, sent=date(2026, 11, 20), method="post")
    assert [point.kind for point in points] == ["sent", "arrives", "due", "follow-up", "extended"]
    assert points[2].when == rights.Span(date(2026, 12, 23), date(2026, 12, 25))
    assert rights.answer_by(points) == date(2026, 12, 25)


def test_without_a_rule_the_time_line_shows_the_day_asked_for() -> None:
    points = rights.timeline(law.jurisdiction("us"), None, sent=date(2026, 11, 20), method="portal")
    assert [point.kind for point in points] == ["sent", "arrives", "due-ask", "follow-up"]
    assert rights.answer_by(points) == date(2026, 12, 20)


def test_the_own_limit_counts_from_knowledge_and_not_from_sending() -> None:
    rule, jurisdiction = law.rule("us.ocr.180")
    points = rights.timeline(
        jurisdiction, rule, sent=date(2027, 3, 1), method="post", knew=date(2026, 11, 20)
    )
    assert [(point.kind, point.when.first.isoformat()) for point in points[2:]] == [
        ("warn", "2027-03-20"),
        ("warn", "2027-05-04"),
        ("yours", "2027-05-19"),
    ]


def test_a_region_that_the_calendar_does_not_have_is_refused() -> None:
    rule, _ = law.rule("eu.month")
    with pytest.raises(rights.UnknownRegionError):
        rights.due(rule, date(2026, 11, 20), law.jurisdiction("eu-de"), "XX")


def test_years_outside_the_calendar_are_refused() -> None:
    rule, jurisdiction = law.rule("us.hipaa.30")
    with pytest.raises(ValueError, match="1900"):
        rights.due(rule, date(1899, 12, 31), jurisdiction)
