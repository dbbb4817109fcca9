"""Many documents: none goes unsearched, and what is of one kind is said once."""

from __future__ import annotations

from collections import Counter

from companion.scans.findings import Report
from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan
from tests.scans.plants.files import make_pdf


def look(files: dict[str, bytes]) -> Report:
    return inspect(Entry(name, [data]) for name, data in files.items())


def make_pages(count: int) -> dict[str, bytes]:
    return {
        f"CD/html/p{number:03d}.htm": b"<html><body>Help page Zorkmid%03d</body></html>" % number
        for number in range(count)
    }


def values(report: Report) -> set[str]:
    return {value for finding in report.findings for value in finding.values}


def test_a_report_after_hundreds_of_help_pages_is_read() -> None:
    report = look({**make_pages(260), "CD/zz/report.pdf": make_pdf("Patient VERYSECRETNAME")})

    assert any("VERYSECRETNAME" in value for value in values(report))


def test_a_page_that_is_not_like_the_others_is_shown() -> None:
    page = b"<html><body>Images of Quornley Beatrix</body></html>"

    report = look({**make_pages(260), "CD/html/zz.htm": page})

    assert any("Quornley" in value for value in values(report))


def test_pages_of_one_kind_are_one_finding_with_a_count() -> None:
    report = look(make_pages(120))

    rules = Counter(finding.rule for finding in report.findings if finding.place == "other-file")
    (said,) = [finding for finding in report.findings if finding.rule == "other-file-details"]
    assert max(rules.values()) == 1
    assert (said.files, said.distinct) == (120, 120)


def test_a_name_that_stands_on_every_page_is_one_finding() -> None:
    pages = {
        name: data.replace(b"Help", b"Images of Kovalenko, help")
        for name, data in make_pages(30).items()
    }

    report = look({"IM1": make_scan(PatientName="KOVALENKO^ANNA"), **pages})

    (echo,) = [finding for finding in report.findings if finding.rule == "echo-name"]
    assert (echo.place, echo.files) == ("other-file", 30)
