"""The page of a report, whatever is in it: what it says, hides, leaves out and weighs."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from django.test import Client
from django.urls import reverse

from companion.content import identifiers, screens
from companion.scans.findings import FileRecord, Kind, Report, Status
from companion.scans.inspection import Entry, inspect
from companion.scans.limits import Limits
from companion.web.scans.report.page import ROWS_AT_MOST
from tests.builders import make_study
from tests.web.scans.posting import reopened, text_of
from tests.web.scans.report.reports import (
    make_files,
    make_finding,
    make_person,
    make_report,
    make_row,
)


def test_nothing_found_is_said_with_what_could_not_be_looked_at(client: Client) -> None:
    shown = text_of(reopened(client, make_report(findings=())))
    assert "No identifiers found" in shown
    assert "That is not a promise" in shown
    assert screens.passage("report", "en", "limits", "cannot") in shown


def test_nothing_found_in_a_half_read_upload_says_so_at_once(client: Client) -> None:
    report = make_report(findings=(), files=(*make_files(2), *make_files(1, status="partly-read")))
    shown = text_of(reopened(client, report))
    assert "we could not read everything" in shown
    assert "No identifiers found" not in shown


def test_what_a_half_read_upload_does_not_show_is_never_said_of_all_its_files(
    client: Client,
) -> None:
    files = (*make_files(2), *make_files(1, status="not-read", notes=("rar",)))
    shown = text_of(reopened(client, make_report(files=files)))
    assert "The part we could read shows no sign of AI" in shown
    assert "None of the files we could read says that names were removed" in shown
    whole = text_of(reopened(client, make_report()))
    assert "These files show no sign of AI" in whole
    assert "None of these files says" in whole


def test_a_report_without_files_is_called_empty_and_nothing_is_ticked_off(client: Client) -> None:
    shown = text_of(reopened(client, Report(files=(), findings=())))
    assert "This report is empty" in shown
    assert "each file read to its end" not in shown
    assert "Show the values" not in shown


def test_every_next_step_opens_beside_the_report_and_says_so(client: Client) -> None:
    answer = client.get("/scans/sample/")
    report = re.search(r"<main.*</main>", answer.text, re.DOTALL)[0]
    steps = re.findall(r'<a href="(?:/letters|/checklists)/[^>]*>', report)
    assert steps
    assert all('target="_blank" rel="noopener"' in step for step in steps)
    assert re.search(r'<form[^>]*/letters/[^>]*target="_blank" rel="noopener"', report)
    assert "opens in a new tab" in text_of(answer)


def test_nothing_readable_at_all_is_not_called_nothing_found(client: Client) -> None:
    report = make_report(
        findings=(), files=make_files(2, kind="other", status="not-read", notes=("password",))
    )
    shown = text_of(reopened(client, report))
    assert "We could not read these files" in shown
    assert "No identifiers found" not in shown
    assert identifiers.notes("en")["password"] in shown


def test_a_value_of_markup_control_and_right_to_left_characters_stays_text(client: Client) -> None:
    nasty = "<script>alert(1)</script>\u202egnp.exe\x07"
    answer = reopened(client, make_report(make_finding(values=[nasty])))
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "\u202e" not in answer.text
    assert '<span class="unseen">U+202E</span>' in answer.text
    assert '<span class="unseen">U+0007</span>' in answer.text


def test_names_of_files_are_text_too(client: Client) -> None:
    file = FileRecord("<img src=x>/\u202ea", Kind.OTHER, Status.READ)
    answer = reopened(client, make_report(files=(file,)))
    assert "<img src=x>" not in answer.text
    assert "&lt;img src=x&gt;" in answer.text


def test_ten_thousand_findings_are_a_page_that_says_what_it_leaves_out(client: Client) -> None:
    findings = [make_finding(f"rule-{n}", name=f"Name{n}") for n in range(10_000)]
    answer = reopened(client, make_report(*findings))
    assert answer.status_code == 200
    assert "9850 more kinds of details are in the saved file." in text_of(answer)
    assert answer.text.count('<article class="finding') == 150


def test_every_entry_of_the_files_is_a_row_of_the_table(client: Client) -> None:
    rows = tuple(make_row(f"Name{n}", path=f"00400275[0].{n:08X}") for n in range(ROWS_AT_MOST))
    answer = reopened(client, make_report(elements=rows))
    assert f"Show the table ({ROWS_AT_MOST} entries)" in text_of(answer)
    assert answer.text.count("00400275[0].") == ROWS_AT_MOST
    answer = reopened(client, make_report(elements=(*rows, make_row("Last"))))
    assert "1 more entry is in the saved CSV." in text_of(answer)


def test_the_report_is_offered_in_the_other_language_without_a_second_upload(
    client: Client,
) -> None:
    report = make_report()
    english = reopened(client, report)
    assert 'formaction="/es/scans/open/"' in english.text
    spanish = reopened(client, report, "/es")
    assert "su nombre" in spanish.text
    assert '<html lang="es"' in spanish.text


def test_details_for_a_letter_are_unticked_and_posted_to_the_letter(client: Client) -> None:
    answer = reopened(client, make_report())
    box = re.search(r'<input type="checkbox" id="fact-all-name"[^>]*>', answer.text)[0]
    assert 'value="Jane Doe"' in box
    assert "checked" not in box
    assert f'formaction="{reverse("letter", args=["opt-out"])}"' in answer.text
    assert '<input type="hidden" name="from" value="report">' in answer.text


def test_the_report_of_a_thousand_slices_weighs_under_100_kb_with_styles_and_script(
    client: Client,
) -> None:
    entries = (Entry(name, (data,)) for name, data in make_study(1000, pixels=512 * 512 * 2))
    report = inspect(entries, Limits())
    answer = reopened(client, report)
    static = Path("static")
    linked = re.findall(r'/static/((?:css|js|django_htmx)/[^"?]+)', answer.text)
    weight = len(gzip.compress(answer.content, 6)) + sum(
        len(gzip.compress((static / name).read_bytes(), 6)) for name in linked
    )
    assert len(linked) >= 4
    assert weight < 100_000


def test_two_people_have_a_letter_each_and_no_id_twice(client: Client) -> None:
    people = (make_person("1"), make_person("2", names=("Roe^Max",), numbers=("MRN-2",)))
    answer = reopened(client, make_report(people=people))
    ids = re.findall(r'\bid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    second = re.search(r'id="person-2".*?</article>', answer.text, re.DOTALL)[0]
    assert 'value="Max Roe"' in second
    assert "Jane" not in second
    assert 'id="letter"' not in answer.text


def test_a_link_inside_the_report_leads_to_a_part_that_is_there(client: Client) -> None:
    result = make_finding("ai-result", group="ai", hipaa=None, values=["program: Outliner"])
    document = make_finding("document-text", group="words", hipaa="R", place="document")
    claim = make_finding("claim-identity-removed", group="claims", hipaa=None, values=["YES"])
    files = (*make_files(), *make_files(1, status="not-read", notes=("rar",)))
    for report in (
        make_report(),
        make_report(make_finding(), result, document, claim, files=files),
        make_report(make_finding(), result, people=(make_person("1"), make_person("2"))),
    ):
        text = reopened(client, report).text
        ids = set(re.findall(r'\bid="([^"]+)"', text))
        assert set(re.findall(r'href="#([^"]+)"', text)) <= ids


def test_the_names_of_unread_files_are_shown_while_values_hide(client: Client) -> None:
    file = FileRecord("DOE_JANE.rar", Kind.ARCHIVE, Status.NOT_READ, notes=("rar",))
    told = make_finding("file-name-echo", group="hidden", place="file-name")
    answer = reopened(client, make_report(told, files=(*make_files(), file)))
    part = re.search(r'id="unread".*?</section>', answer.text, re.DOTALL)[0]
    assert "<strong><bdi>DOE_JANE.rar</bdi></strong>" in part
    assert 'class="value"' not in part
