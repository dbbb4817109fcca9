"""Files that come with a viewer or a system name nobody; their twins, with a person, do."""

from __future__ import annotations

import pytest

from companion.scans.findings import Status
from companion.scans.formats.strings import is_text
from companion.scans.inspection import Entry, inspect

_LISTS = frozenset(["other-file", "other-file-details", "archive-dates"])
_CODE = (
    "MIIEpAIBAAKCAQEA4ej0p7bQ7L/r4rVGUz9RN4VQWoej1Bg1mYWIDYslvKrk1gpj\n"
    "nHSDzTt871c7nxCXHxuZ6Nm/XCL7Bg8uidRTSC1sQrQyKgTPhtQdYrPQ4WZ1viHV4\n"
    "7wZrPnTIcDUgkI5z2Krv3bR9xAVCtrT9Kj1JwzQ8Ue0pFqM6yLsXh4aB2cWdE5vG\n"
)


def claims(name: str, text: str) -> set[str]:
    """Rules of what is said about somebody, for one file alone."""
    report = inspect([Entry(name, [text.encode()])])
    assert {one.status for one in report.files} == {Status.READ}
    return {one.rule for one in report.findings} - _LISTS


@pytest.mark.parametrize(
    ("ordinary", "telling", "rule"),
    [
        (_CODE, "NHS no. 84471093\n", "record-number-in-text"),
        (
            "Serial Number: 12655831530416757421 Issuer: CN=Root CA\n# Serial: 903804111\n"
            "# MD5 Fingerprint: 67:cb:9d",
            "Serial number: 12655831530",
            "implant-in-text",
        ),
        (
            "model: liststore1\nsee ref JobStatistics2 and lot 20240117",
            "Aortic stent, model: AB12345, lot 20240117",
            "implant-in-text",
        ),
        (
            "# LATIN CAPITAL LETTER O WITH STROKE\nsvg:stroke-width=2 draw:stroke, a key stroke",
            "She had a stroke in May, with signs of stroke; TIA/stroke",
            "diagnosis-in-text",
        ),
        (
            "You agree to notify us of any known or suspected distribution or use of the program.",
            "Suspected cancer of the lung.",
            "diagnosis-in-text",
        ),
        (
            "listening on 127.0.0.1:80 and 0.0.0.0\nnet 10.0.0.0/8\n// 27.7.3.3 Assign and swap",
            "sent from 192.168.10.17",
            "address-in-text",
        ),
        (
            "US\t+593249-1394338\tAmerica/Yakutat\nZ 2:30 - +0230 1940\ncell: 0.897597901025655\n"
            "phone : 2016-06-02\nTel (777) 777-7777",
            "Tel. +49 30 1234567",
            "contact-in-text",
        ),
        (
            "The technique that we used.\nIt has a conclusion, and the findings of others.",
            "Findings: both lungs are clear.\nImpression: normal.",
            "written-report",
        ),
        (
            "patient DOB\nMMMMwWTTTT^SMMwWTT ZPZU^ZcZeZgZmZw R/T@UJVWW^X3",
            "patient DOB\nOKONKWO^ADA",
            "name-in-text",
        ),
        ("M. Delete any section of it.", "M. Ada Okonkwo\n3 Mill Lane", "name-in-text"),
        ("a^b=c X^2=Y", "Okonkwo^Ada=\u5ca1^\u7f8e=x", "name-in-text"),
        ("Abbreviations: Mr. Mrs. mult.", "Yours, Mrs. Okonkwo", "name-in-text"),
    ],
)
def test_ordinary_words_say_nothing_of_anybody(ordinary: str, telling: str, rule: str) -> None:
    assert claims("help.txt", ordinary) == set()
    assert rule in claims("help.txt", telling)


@pytest.mark.parametrize(
    ("ordinary", "telling"),
    [
        ("[App]\nName=Okonkwo Viewer\n", "[App]\nName=Okonkwo, Ada\nBirthDate=1973-08-21\n"),
        (
            "$Fullname = '$($Dir.FullName)'\nfull_name = '.'.join(parts)",
            "full_name = 'Ada Okonkwo'",
        ),
    ],
)
def test_names_of_things_in_programs_are_nobodys(ordinary: str, telling: str) -> None:
    assert claims("viewer.ini", ordinary) == set()
    assert "name-in-text" in claims("viewer.ini", telling)


@pytest.mark.parametrize(
    "name",
    ["README.Debian", "LICENSE.Jpeg", "commons-vorlan.pom", "Bedeva.chm", "Zelvora.resx"],
)
def test_files_of_programs_are_called_after_nobody(name: str) -> None:
    assert "file-name-words" not in claims(name, "some words")
    assert "file-name-words" in claims("Okonkwo, Ada.txt", "some words")


def test_letters_with_spaces_that_do_not_break_and_joiners_are_text() -> None:
    assert (
        claims("notes.unknown", "R\u00e9sum\u00e9\u00a0: \u0645\u06cc\u200c\u0634\u0648\u062f")
        == set()
    )
    assert is_text("a\u00a0b\u200d\ufeff".encode())
    assert not is_text("a\u0085b".encode())
