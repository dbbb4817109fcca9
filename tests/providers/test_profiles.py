"""What patients see of a hospital: only what it has published, in the best language."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, connection
from django.test import RequestFactory

from companion.providers import history, profiles, publishing
from companion.providers.models import Profile
from tests.builders import make_provider

pytestmark = pytest.mark.django_db


def test_a_draft_is_not_shown_before_it_is_published() -> None:
    profile = make_provider(publish=False)
    assert profiles.find("lakeside") is None
    publishing.publish([profile], "rosa")
    found = profiles.find("lakeside")
    assert found is not None
    assert found.name == "Lakeside General Hospital"


def test_editing_a_draft_leaves_what_patients_see() -> None:
    profile = make_provider(answers={("B1", "en"): "No."})
    profile.name = "Renamed"
    profile.save()
    profile.answers.update(text="Yes.")
    shown = profiles.find("lakeside")
    assert shown is not None
    assert shown.name == "Lakeside General Hospital"
    assert shown.answer("B1", "en").text == "No."


def test_taking_down_hides_the_profile_and_keeps_the_draft() -> None:
    profile = make_provider()
    publishing.take_down(profile, "rosa")
    assert profiles.find("lakeside") is None
    assert Profile.objects.filter(slug="lakeside").exists()


@pytest.mark.parametrize(
    ("asked", "text", "language"),
    [("es", "No.", "es"), ("en", "None.", "en"), ("fr", "None.", "en")],
)
def test_an_answer_comes_in_the_language_asked_for_or_says_which(
    asked: str, text: str, language: str
) -> None:
    make_provider(answers={("B1", "en"): "None.", ("B1", "es"): "No."})
    found = profiles.find("lakeside")
    answer = found.answer("B1", asked)
    assert (answer.text, answer.language) == (text, language)
    assert answer.on == date(2026, 11, 2)


def test_an_unanswered_question_has_no_answer() -> None:
    make_provider()
    assert profiles.find("lakeside").answer("B1", "en") is None


def test_a_request_carries_its_hospital_by_link_and_by_form() -> None:
    make_provider()
    make = RequestFactory()
    assert profiles.at(make.get("/letters/?at=lakeside")).slug == "lakeside"
    assert profiles.at(make.post("/letters/", {"at": "lakeside"}, content_type=FORM)) is None
    body = "at=lakeside"
    assert profiles.at(make.post("/letters/", body, content_type=FORM)).slug == "lakeside"


FORM = "application/x-www-form-urlencoded"


def test_an_upload_is_not_read_to_look_for_a_hospital() -> None:
    request = RequestFactory().post("/scans/", {"at": "lakeside"})
    assert profiles.at(request) is None
    assert not hasattr(request, "_post")


@pytest.mark.parametrize("slug", ["nope", "", "../etc/passwd", "a" * 200, "x'--", "Lakeside"])
def test_an_unknown_name_carries_nothing(slug: str) -> None:
    make_provider()
    assert profiles.find(slug) is None


def test_a_database_that_is_gone_means_no_hospital_and_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise Error("gone")

    monkeypatch.setattr(Profile.objects, "filter", gone)
    assert profiles.find("lakeside") is None


def test_history_tells_what_changed_and_who_did_it() -> None:
    profile = make_provider(answers={("B1", "en"): "No."})
    profile.retention = "Seven years"
    profile.save()
    profile.answers.update(text="Never.")
    publishing.saved(profile, "rosa")
    latest = history.of(profile)[0]
    assert (latest.revision.kind, latest.revision.made_by) == ("draft", "rosa")
    changes = {change.what: (change.before, change.after) for change in latest.changes}
    assert changes == {
        "how long scans are kept": ("", "Seven years"),
        "B1 (en)": ("No. [2026-11-02]", "Never. [2026-11-02]"),
    }


def test_saving_without_a_change_leaves_one_entry() -> None:
    profile = make_provider(publish=False)
    publishing.saved(profile, "rosa")
    publishing.saved(profile, "rosa")
    assert profile.revisions.count() == 1


def test_the_reminder_list_names_profiles_not_reviewed_for_a_year() -> None:
    today = date.today()
    make_provider("fresh", reviewed_on=today - timedelta(days=364))
    make_provider("stale", reviewed_on=today - timedelta(days=365))
    make_provider("never", reviewed_on=None)
    make_provider("draft", reviewed_on=None, publish=False)
    make_provider("listed", reviewed_on=None, source_id="cms:010001")
    due = [profile.slug for profile in publishing.due(Profile.objects.all())]
    assert sorted(due) == ["never", "stale"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("portal_url", "javascript:alert(1)"),
        ("notice_url", "data:text/html,hi"),
        ("name", "Lake\u202eside"),
        ("name", "Lake\x00side"),
        ("note", "x" * 4_001),
        ("jurisdiction", "atlantis"),
        ("jurisdiction", "eu-members"),
        ("holiday_region", "Bavaria"),
        ("languages", "English"),
        ("slug", "Lake Side"),
    ],
)
def test_a_field_that_could_harm_or_mislead_is_refused(field: str, value: str) -> None:
    profile = make_provider(publish=False)
    setattr(profile, field, value)
    with pytest.raises(ValidationError) as refused:
        profile.full_clean()
    assert field in refused.value.message_dict


def test_the_database_has_no_table_that_could_hold_a_patient() -> None:
    tables = {name for name in connection.introspection.table_names() if "providers" in name}
    assert tables == {
        "providers_answer",
        "providers_breach",  # entries of a public list, as it has them
        "providers_breachlist",
        "providers_edition",
        "providers_profile",
        "providers_profile_officers",
        "providers_revision",
        "providers_signin",  # which of an operator's accounts is whose: staff, and no name
    }
