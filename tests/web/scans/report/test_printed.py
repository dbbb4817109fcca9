"""The report on paper: nothing covers anything, no heading is left alone, nobody invented
passes for a person."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import combinations

import pytest
from django.test import Client
from django.utils import translation

from companion.content import screens
from companion.content.library import LANGUAGES
from companion.scans.findings import Report
from companion.scans.inspection import Entry, inspect
from companion.scans.limits import Limits
from companion.scans.made_up import made_up_study
from companion.web import pdf_pool
from companion.web.scans.report.figure import FACETS
from companion.web.scans.report.printed import _LINE, _lines, report_html
from tests.web.scans.report.reports import make_files, make_finding, make_person, make_report

_PAGE = re.compile(r"<page .*?</page>", re.DOTALL)
_TEXT_LINE = re.compile(
    r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</line>', re.DOTALL
)


@dataclass(frozen=True)
class Line:
    left: float
    top: float
    right: float
    bottom: float
    text: str

    def covers(self, other: Line) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        # Tall letters of one line reach into the room of the next, but not by half.
        return across > 1 and down > min(self.bottom - self.top, other.bottom - other.top) / 2


@pytest.fixture(scope="module")
def printers() -> Iterator[None]:
    yield
    pdf_pool.close()


@pytest.fixture(scope="module")
def sample() -> Report:
    return inspect([Entry(name, (data,)) for name, data in made_up_study()], Limits())


def printed(report: Report, language: str, *, values: bool) -> list[list[Line]]:
    """The lines of each page, as they lie on the paper, without the page's number."""
    page = report_html(report, language=language, values=values)
    pdf = pdf_pool.print_pdf(page, language=language)
    boxes = subprocess.run(
        ["pdftotext", "-bbox-layout", "-", "-"], input=pdf, check=True, capture_output=True
    ).stdout.decode()
    pages = []
    for found in _PAGE.findall(boxes):
        lines = [
            Line(
                float(left),
                float(top),
                float(right),
                float(bottom),
                unescape(" ".join(re.sub("<.*?>", " ", words).split())),
            )
            for left, top, right, bottom, words in _TEXT_LINE.findall(found)
        ]
        pages.append([line for line in lines if not re.fullmatch(r"\d+ / \d+", line.text)])
    return pages


@pytest.mark.usefixtures("printers")
@pytest.mark.parametrize("values", [False, True], ids=["without values", "with values"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_covers_another_and_no_heading_ends_a_page(
    sample: Report, language: str, values: bool
) -> None:
    pages = printed(sample, language, values=values)
    covered = [
        (number, one.text, other.text)
        for number, lines in enumerate(pages, 1)
        for one, other in combinations(lines, 2)
        if one.covers(other)
    ]
    assert covered == []
    words = screens.read("report", language)
    heads = {*words["groups"].values(), *words["group-notes"].values()}
    ends = [max(lines, key=lambda line: line.bottom).text for lines in pages]
    assert not heads & set(ends)


@pytest.mark.usefixtures("printers")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_is_one_page_and_the_groups_begin_on_the_next(
    sample: Report, language: str
) -> None:
    first, second, *_ = printed(sample, language, values=True)
    words = screens.read("report", language)
    told = " ".join(" ".join(line.text for line in first).split())
    for question in ("who", "when", "health", "people", "share"):
        # The no-break space before a French question mark is read out of the PDF as any other.
        assert " ".join(words["questions"][question].split()) in told
    top = min(second, key=lambda line: line.top)
    assert top.text == words["unread"]["title"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_side_of_the_picture_fits_its_box(language: str) -> None:
    titles = screens.read("report", language)["facets"]
    for facet in FACETS:
        lines = _lines(titles[facet])
        assert len(lines) <= 2
        assert max(map(len, lines)) <= _LINE
        assert " ".join(lines) == titles[facet]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_made_up_scan_says_on_paper_that_nobody_is_in_it(
    client: Client, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    pages: list[str] = []

    def keep(page: str, *, language: str) -> bytes:
        pages.append(page)
        return b"%PDF"

    monkeypatch.setattr(pdf_pool, "print_pdf", keep)
    prefix = "" if language == "en" else f"/{language}"
    shown = client.post(f"{prefix}/scans/sample/").text
    field = re.search(r'name="report" value="([^"]*)"', shown)[1]
    source = re.search(r'name="source" value="([^"]*)"', shown)[1]
    for sent in (source, ""):
        client.post(f"{prefix}/scans/save/", {"report": field, "source": sent, "as": "pdf"})
    nobody = screens.passage("report", language, "made-up", "title")
    assert [nobody in page for page in pages] == [True, False]


def test_a_finding_on_paper_carries_its_next_step_by_name() -> None:
    page = unescape(report_html(make_report(make_finding()), language="en", values=False))
    assert "Ask to have it taken out before any use in research or AI." in page
    assert "Keep my scans out of AI training, research or sales" in page
    assert "How do you ensure images are de-identified?" in page


def test_without_values_paper_names_programs_and_leaves_out_the_patient() -> None:
    result = make_finding(
        "ai-result", group="ai", hipaa=None,
        values=["program: Outliner", "maker: Lines Ltd", "as written: Doe"],
    )  # fmt: skip
    report = make_report(make_finding(), result, people=(make_person(),))
    page = unescape(report_html(report, language="en", values=False))
    assert "Outliner" in page
    assert "Maker: <bdi>Lines Ltd</bdi>" in page
    assert "Doe" not in page
    assert "Name: in these files." in page
    assert "On one day: CT scan, 3 files" in page


def test_what_holds_for_a_whole_group_is_said_once() -> None:
    alike = [make_finding("patient-name"), make_finding("patient-id", values=["77"])]
    page = report_html(make_report(*alike), language="en", values=False)
    assert page.count("Ask to have it taken out before any use in research or AI.") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_something_was_left_unread_the_paper_never_says_that_nothing_was_found(
    language: str,
) -> None:
    files = (*make_files(2), *make_files(1, status="partly-read", notes=("truncated",)))
    with translation.override(language):
        page = report_html(make_report(findings=(), files=files), language=language, values=False)
    nothing = screens.read("report", language)["nothing"]
    assert nothing["none-title"] not in page
    assert nothing["none-partly-title"] in page
