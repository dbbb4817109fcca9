"""`manage.py letter` and `manage.py deadline`, as a lawyer or a group uses them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import docx
import pikepdf
import pypdf
import pytest
from django.core.management import ManagementUtility
from icalendar import Calendar

from companion.content import law
from companion.content.library import LANGUAGES
from companion.letters import samples
from companion.letters.catalogue import letters
from companion.web.management.commands import letter as letter_command
from tests.letters.builders import make_answers


def run(*arguments: str) -> int:
    """Run a command in this process; its exit code."""
    try:
        ManagementUtility(["manage.py", *arguments]).execute()
    except SystemExit as error:
        return int(error.code or 0)
    return 0


@pytest.fixture
def facts(tmp_path: Path) -> str:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(make_answers()))
    return str(path)


def test_the_ending_chooses_the_form(facts: str, tmp_path: Path) -> None:
    for ending in ("pdf", "txt", "docx", "ics"):
        out = tmp_path / f"letter.{ending}"
        assert run("letter", "get-my-images", "--jurisdiction", "us", "--facts", facts,
                   "--out", str(out)) == 0  # fmt: skip
    assert len(pikepdf.open(tmp_path / "letter.pdf").pages) >= 1
    assert "Ana Díaz" in (tmp_path / "letter.txt").read_text()
    assert docx.Document(str(tmp_path / "letter.docx")).paragraphs
    assert Calendar.from_ical((tmp_path / "letter.ics").read_bytes()).walk("VEVENT")


def test_uk_stands_for_england(facts: str, tmp_path: Path) -> None:
    out = tmp_path / "letter.txt"
    assert run("letter", "get-my-images", "--jurisdiction", "uk", "--facts", facts,
               "--out", str(out)) == 0  # fmt: skip
    assert "UK GDPR" in out.read_text()


LETTER = ["get-my-images", "--jurisdiction", "us", "--facts", "F", "--out"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing", "--jurisdiction", "us", "--facts", "F", "--out", "x.pdf"], "no letter"),
        (["get-my-images", "--jurisdiction", "xx", "--facts", "F", "--out", "x"], "jurisdiction"),
        (["get-my-images", "--facts", "F", "--out", "x.pdf"], "--jurisdiction"),
        (["get-my-images", "--jurisdiction", "us", "--out", "x.pdf"], "--facts"),
        (["get-my-images", "--jurisdiction", "us", "--facts", "F"], "--out"),
        (["get-my-images", "--jurisdiction", "us", "--facts", "F", "--out", "x.odt"], "ending"),
        (["get-my-images", "--jurisdiction", "us", "--facts", "/no", "--out", "x.pdf"], "/no"),
        (["move-mammograms", "--jurisdiction", "au", "--facts", "F", "--out", "x"],
         "not for au, but for us"),
        ([*LETTER, "x.txt", "--cover"], "a .txt file takes no --cover"),
        ([*LETTER, "x.docx", "--cover"], "a .docx file takes no --cover"),
        ([*LETTER, "x.ics", "--large"], "a .ics file takes no --large"),
        ([*LETTER, "x.pdf", "--large"], "get-my-images, which is no slip, takes no --large"),
        (["consent-addendum", *LETTER[1:], "x.pdf", "--cover"], "takes no --cover"),
        ([*LETTER, "x.pdf", "--reader", "en"], "the letter itself is in en"),
        ([*LETTER, "x.pdf", "--language", "es"], "letters to us are in en"),
        (["--all", "--out", "x", "--reader", "es"], "--all takes no --reader"),
        (["--all", "--out", "/proc/abc"], "/proc/abc"),
        (["--all", "--out", "F"], "File exists"),
        ([*LETTER, "/proc/abc/x.txt"], "/proc/abc"),
        (["--colour"], "--colour"),
        ([], "--list"),
    ],
)  # fmt: skip
def test_wrong_input_gets_one_line_and_exit_2(
    arguments: list[str], said: str, facts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("letter", *[facts if one == "F" else one for one in arguments]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert said in line


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"name": ""}, "name: Please fill this in."), ({"shoe": "9"}, "no question 'shoe'"),
     ({"record_number": "123-45-6789"}, "Social Security")],
)  # fmt: skip
def test_wrong_facts_name_the_question(
    changes: dict[str, str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(make_answers(**changes)))
    assert run("letter", "get-my-images", "--jurisdiction", "us", "--facts", str(path),
               "--out", str(tmp_path / "x.txt")) == 2  # fmt: skip
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"name": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deep"),
        ('{"name": ' + "[" * 900 + "]" * 900 + "}", ""),
        (r'{"name": "Ana \ud800"}', "name holds half a sign"),
        (r'{"name": ["Ana", "\udc00"]}', "name holds half a sign"),
        (r'{"\ud800": "Ana"}', "asks no question"),
        ("[]", "an object of answers"),
        ('{"name": ' + "9" * 5000 + "}", "cannot be read as JSON"),
        ("\x00", "cannot be read as JSON"),
    ],
    ids=["deep", "less deep", "half", "half in a list", "half a name", "list", "number", "no JSON"],
)
def test_a_file_of_facts_that_cannot_be_used_gets_one_line_and_exit_2(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(text)
    assert run("letter", "get-my-images", "--jurisdiction", "us", "--facts", str(path),
               "--out", str(tmp_path / "x.txt")) == 2  # fmt: skip
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert said in line


@pytest.mark.parametrize("ending", ["txt", "docx", "pdf"])
def test_the_copy_to_read_is_in_every_form(ending: str, facts: str, tmp_path: Path) -> None:
    out = tmp_path / f"letter.{ending}"
    assert run("letter", "get-my-images", "--jurisdiction", "us", "--facts", facts,
               "--reader", "es", "--out", str(out)) == 0  # fmt: skip
    if ending == "txt":
        said = out.read_text()
    elif ending == "docx":
        said = "\n".join(one.text for one in docx.Document(str(out)).paragraphs)
    else:
        said = "".join(page.extract_text() for page in pypdf.PdfReader(out).pages)
    assert said.index("Valley Hospital") < said.index("Copia para leer")


def test_the_calendar_speaks_the_readers_language(facts: str, tmp_path: Path) -> None:
    out = tmp_path / "dates.ics"
    assert run("letter", "get-my-images", "--jurisdiction", "us", "--facts", facts,
               "--reader", "es", "--out", str(out)) == 0  # fmt: skip
    titles = [str(one["summary"]) for one in Calendar.from_ical(out.read_bytes()).walk("VEVENT")]
    assert all("Carta" in title for title in titles)


def test_the_list_names_every_letter(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("letter", "--list") == 0
    said = capsys.readouterr().out
    assert all(slug in said for slug in letters())


def test_all_prints_every_letter_of_a_place_with_an_index(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    writers = ("--writer", "patient", "--writer", "survivor")
    assert run("letter", "--all", "--jurisdiction", "ch", *writers, "--out", str(tmp_path)) == 0
    offered = [spec for spec in letters().values() if spec.offered_in(law.jurisdiction("ch"))]
    files = sorted(path.name for path in tmp_path.glob("*.pdf"))
    assert len(files) == sum(
        len(spec.languages) * len(tuple(samples.written_by(spec, ("patient", "survivor"))))
        for spec in offered
    )
    index = (tmp_path / "index.html").read_text()
    assert all(f'href="{name}"' in index for name in files)
    said = capsys.readouterr().out
    assert said.startswith(f"{len(files)} letters:")
    survivors = [name for name in files if name.endswith("-survivor.pdf")]
    assert f"{len(survivors)} by a survivor" in said


FLOORS = {"patient": 3_700, "parent": 3_700, "representative": 3_700, "survivor": 3_000}
"""Fewer letters by one kind of writer than this, and a letter or a place was lost to them."""


def test_all_counts_the_letters_of_each_writer_language_and_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counts are the command's own; only the printing, which takes an hour, is left out."""
    monkeypatch.setattr(letter_command, "_sample", lambda folder, today, asked: "made-up.pdf")
    assert run("letter", "--all", "--out", str(tmp_path)) == 0
    said = capsys.readouterr().out.splitlines()
    total = int(said[0].split()[0])
    by_writer = {line.split()[-1]: int(line.split()[0]) for line in said if " by a " in line}
    by_language = {line.split()[-1]: int(line.split()[0]) for line in said if " in " in line}
    assert sum(by_writer.values()) == sum(by_language.values()) == total
    assert by_writer.keys() == FLOORS.keys()
    for writer, floor in FLOORS.items():
        assert by_writer[writer] >= floor, writer
    assert set(by_language) == set(LANGUAGES)
    assert min(by_language.values()) >= 3_500
    head, *rows = said[said.index(next(line for line in said if line.startswith("place "))) :]
    assert head.split() == ["place", *by_writer]
    places = {row.split()[0]: [int(one) for one in row.split()[1:]] for row in rows}
    assert set(places) == {one.id for one in law.jurisdictions().values() if one.offered}
    assert [sum(column) for column in zip(*places.values(), strict=True)] == [*by_writer.values()]
    assert min(map(min, places.values())) >= len(LANGUAGES), "a place without letters by a writer"


def test_one_letter_takes_no_writer_since_its_facts_say_who_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ("--jurisdiction", "us", "--facts", "x.json", "--out", str(tmp_path / "x.pdf"))
    assert run("letter", "opt-out", "--writer", "parent", *out) == 2
    assert "its facts say who writes" in capsys.readouterr().err


def test_the_deadline_prints_both_days_and_the_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("deadline", "us.hipaa.30", "2026-11-20") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "due       2026-12-20 Sun"
    assert lines[1] == "extended  2027-01-19 Tue"
    assert "45 CFR 164.524" in lines[-1]
    assert "https://" in lines[-1]


@pytest.mark.parametrize(
    ("region", "due"),
    [("eu-de", "2026-12-28"), ("DE", "2026-12-28"), ("fr", "2026-12-28"), ("", "2026-12-25")],
)
def test_the_region_chooses_the_holidays(
    region: str, due: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("deadline", "eu.month", "2026-11-25", "--region", region) == 0
    assert due in capsys.readouterr().out.splitlines()[0]


def test_regions_of_a_country_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("deadline", "eu.month", "2026-12-06", "--region", "DE-BY") == 0
    assert "2027-01-07" in capsys.readouterr().out
    assert run("deadline", "uk.month", "2027-02-26", "--region", "SCT") == 0
    assert "2027-03-29" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rule", "region", "said"),
    [
        ("eu.month", "DE-BY", "Germany, Bayern (BY)"),
        ("eu.month", "BE", "Belgium"),
        ("eu.month", "DE-BE", "Germany, Berlin (BE)"),
        ("eu.month", "", "none of European Union, another country: weekends only"),
        ("uk.month", "SCT", "Scotland"),
        ("us.hipaa.30", "", "United States (no holiday moves the day that is due)"),
    ],
)
def test_the_deadline_says_whose_holidays_it_counted(
    rule: str, region: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("deadline", rule, "2026-11-25", "--region", region) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("holidays")]
    assert line.removeprefix("holidays  ").startswith(said)


@pytest.mark.parametrize(
    "arguments",
    [["no.rule", "2026-11-20"], ["eu.month"], ["eu.month", "soon"], ["eu.month", "1500-01-01"],
     ["eu.month", "2026-11-20", "--region", "ZZ"], []],
)  # fmt: skip
def test_a_wrong_deadline_question_gets_one_line_and_exit_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("deadline", *arguments) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_the_list_of_rules_names_their_law(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("deadline", "--list") == 0
    assert "us.ocr.180" in capsys.readouterr().out


def test_the_command_line_itself_answers() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "deadline", "eu.month", "2027-01-31"],
        capture_output=True, text=True, check=False,
        env={"COMPANION_MODE": "local", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "due       2027-03-01 Mon")
