"""What a stranger would learn: the paragraph, the headline and the picture's counts."""

from __future__ import annotations

import pytest

from companion.scans.findings import FileRecord, Finding, Report
from companion.web.scans.report import build
from tests.web.scans.report.reports import make_files, make_finding, make_report


def plain_story(report: Report, language: str = "en") -> str:
    return " ".join(str(sentence) for sentence in build(report, language).story)


# --- The story -------------------------------------------------------------------------


def test_the_story_names_what_a_stranger_would_learn() -> None:
    told = plain_story(
        make_report(
            make_finding(),
            make_finding("birth-date", hipaa="C"),
            make_finding("study-date", group="when", hipaa="C"),
            make_finding("institution", group="where", hipaa="B"),
        )
    )
    assert "<strong>your name</strong> and <strong>your date of birth</strong>" in told
    assert "<strong>when you were there</strong> and <strong>where you were</strong>" in told


def test_the_story_never_quotes_a_value() -> None:
    assert "Jane" not in plain_story(make_report(make_finding(values=["Doe^Jane"])))


def test_a_mere_hint_is_not_told_as_known() -> None:
    hint = make_finding("social-security-number", certainty="possible", hipaa="G")
    assert plain_story(make_report(hint)) == ""


def test_what_most_programs_do_not_show_is_said() -> None:
    assert "do not show" in plain_story(make_report(make_finding(place="private")))
    assert "do not show" not in plain_story(make_report(make_finding()))


def test_a_long_list_is_cut_and_counted() -> None:
    rules = [
        "patient-name", "other-patient-names", "patient-id", "birth-date", "patient-address",
        "patient-phone", "insurance-plan",
    ]  # fmt: skip
    told = plain_story(make_report(*[make_finding(rule) for rule in rules]))
    assert "2 more things" in told
    assert "health plan" not in told


def test_a_claim_or_a_model_name_is_no_identifier() -> None:
    report = make_report(
        make_finding("claim-identity-removed", group="claims", hipaa=None),
        make_finding("claim-left-over", group="claims", hipaa="R"),
        make_finding("machine-model", group="machine", hipaa=None),
    )
    page = build(report, "en")
    assert not page.found
    assert page.kinds == 0
    assert page.claims is not None


def test_the_headline_and_the_picture_count_the_same() -> None:
    page = build(
        make_report(
            make_finding(),
            make_finding("study-date", group="when", hipaa="C"),
            make_finding("claim-left-over", group="claims", hipaa="R"),
        ),
        "en",
    )
    assert sum(facet.count for facet in page.facets) == page.kinds == 2


# --- The headline ----------------------------------------------------------------------


HINT = make_finding("social-security-number", certainty="possible", hipaa="G")


@pytest.mark.parametrize(
    ("findings", "files", "outcome"),
    [
        ((make_finding(),), make_files(), "story"),
        ((HINT,), make_files(), "hints"),
        ((), make_files(), "none"),
        ((), (*make_files(), *make_files(1, status="not-read")), "none_partly"),
        ((), make_files(1, status="partly-read"), "none_partly"),
        ((), make_files(1, kind="other", status="partly-read"), "unread"),
        ((HINT,), make_files(2, kind="other", status="partly-read"), "unread"),
        ((), (), "no_files"),
        ((make_finding(),), (), "story"),
    ],
)
def test_the_headline_says_no_more_than_was_read(
    findings: tuple[Finding, ...], files: tuple[FileRecord, ...], outcome: str
) -> None:
    page = build(Report(files=files, findings=findings), "en")
    assert page.outcome == outcome
    assert page.opening
    if page.unread:
        assert page.headline != page.words["nothing"]["none_title"]
    if page.unread and outcome != "story":
        assert "could not" in f"{page.headline} {' '.join(page.opening)}"


def test_hints_in_files_that_could_not_be_read_are_told_as_hints() -> None:
    page = build(
        Report(files=make_files(1, kind="other", status="not-read"), findings=(HINT,)), "en"
    )
    assert "hints only" in " ".join(page.opening)
    assert not page.pictured
