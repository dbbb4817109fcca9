"""``manage.py inspect`` keeps its contract."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from companion.content import identifiers
from companion.content.identifiers import GROUPS
from companion.scans.findings import Certainty, Kind, Place, Status
from companion.web.management.commands.inspect import Found
from tests.builders import make_scan, make_zip

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    """A folder as a hospital's CD has it: two scans, a ZIP, a text."""
    folder = tmp_path / "CD"
    (folder / "DICOM").mkdir(parents=True)
    for number in (1, 2):
        scan = make_scan(
            PatientName="Doe^Jane",
            SOPInstanceUID=f"2.25.9.{number}",
            OtherPatientIDsSequence={"PatientID": "OLD-1"},
            private={(0x29, "ACME", 1): ("LO", "note")},
        )
        (folder / "DICOM" / f"IM{number}").write_bytes(scan)
    (folder / "README.TXT").write_text("Open with the viewer.", encoding="utf-8")
    (folder / "more.zip").write_bytes(make_zip({"IM3": make_scan(PatientName="Doe^Jane")}))
    return folder


def test_a_disc_larger_than_an_upload_may_be_is_read_whole(tmp_path: Path, settings: Any) -> None:
    settings.COMPANION_LIMITS = {**settings.COMPANION_LIMITS, "upload_bytes": 1000}
    disc = tmp_path / "disc"
    disc.mkdir()
    for number in range(3):
        (disc / f"IM{number}").write_bytes(make_scan(PatientName="Doe^Jane"))
    out = io.StringIO()

    call_command("inspect", str(disc), "--no-pictures", "--json", stdout=out)

    assert [one["status"] for one in json.loads(out.getvalue())["files"]] == ["read"] * 3


def test_json_is_the_contract_and_nothing_else(disc: Path) -> None:
    done = _inspect(disc, "--json")

    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert done.stderr == b""
    assert set(report) == {"format", "version", "edition", "files", "findings", "people"}
    assert (report["format"], report["version"]) == ("companion-report", 1)
    assert report["edition"] == "DICOM 2026c"
    for record in report["files"]:
        counted = {"frames", "frames_looked_at"} if "frames" in record else set()
        assert set(record) == {"name", "kind", "status", "modality", "notes", "person", *counted}
        assert record["kind"] in set(Kind)
        assert record["status"] in set(Status)
    for finding in report["findings"]:
        _check(finding)
    names = {record["name"]: record for record in report["files"]}
    assert names["CD/DICOM/IM1"]["modality"] == "CT"
    assert names["CD/more.zip/IM3"]["kind"] == "dicom"
    (name,) = [one for one in report["findings"] if one["rule"] == "patient-name"]
    assert name["values"] == ["Doe^Jane"]
    assert (name["files"], name["distinct"]) == (3, 1)
    assert (name["tag"], name["path"], name["place"]) == ("00100010", "00100010", "header")
    nested = [one for one in report["findings"] if one["values"] == ["OLD-1"]]
    assert "00101002[0].00100020" in {one["path"] for one in nested}


def test_a_path_may_be_relative_to_the_folder_one_is_in(disc: Path) -> None:
    done = _inspect(Path(os.path.relpath(disc, ROOT)), "--json")

    assert done.returncode == 0
    assert {one["status"] for one in json.loads(done.stdout)["files"]} == {"read"}


def test_the_table_is_for_people(disc: Path) -> None:
    done = _inspect(disc)

    text = done.stdout.decode()
    assert done.returncode == 0
    assert "WHO YOU ARE" in text
    assert "Doe^Jane" in text
    assert "3 files" in text


def test_what_could_not_be_read_is_named_and_the_exit_code_is_3(disc: Path) -> None:
    scan = make_scan(PatientName="Doe^Jane")
    (disc / "half.dcm").write_bytes(scan[: len(scan) // 2])
    (disc / "disc.iso").write_bytes(bytes(32_769) + b"CD001" + bytes(100))

    done = _inspect(disc)

    text = done.stdout.decode()
    assert done.returncode == 3
    assert "partly-read: CD/half.dcm:" in text
    assert "not-read: CD/disc.iso:" in text
    report = json.loads(_inspect(disc, "--json").stdout)
    unread = [record for record in report["files"] if record["status"] != "read"]
    assert len(unread) == 2
    assert all(note.endswith(".") and " " in note for record in unread for note in record["notes"])


@pytest.mark.parametrize("arguments", [[], [""], ["/nonexistent/scan"], ["--wrong", "x"]])
def test_wrong_usage_is_one_line_and_exit_code_2(arguments: list[str]) -> None:
    done = _inspect(*arguments)

    assert done.returncode == 2
    assert done.stdout == b""
    assert len(done.stderr.decode().strip().splitlines()) == 1


def test_an_empty_folder_is_wrong_usage(tmp_path: Path) -> None:
    assert _inspect(tmp_path).returncode == 2


def test_a_name_that_is_no_text_is_shown_all_the_same(disc: Path) -> None:
    (disc / "odd\udcff.dcm").write_bytes(make_scan())

    done = _inspect(disc, "--json")

    assert "CD/odd\ufffd.dcm" in [record["name"] for record in json.loads(done.stdout)["files"]]


def test_what_cannot_be_followed_or_opened_is_named_with_its_reason(disc: Path) -> None:
    (disc / "gone").symlink_to(disc / "nothing")
    (disc / "linked").symlink_to(disc / "DICOM")
    (disc / "failing").symlink_to("/proc/self/mem")
    os.mkfifo(disc / "pipe")

    done = _inspect(disc, "--json")

    notes = {one["name"]: one["notes"] for one in json.loads(done.stdout)["files"]}
    words = identifiers.notes("en")
    assert done.returncode == 3
    assert notes["CD/gone"] == [words["broken-link"]]
    assert notes["CD/linked"] == [words["folder-link"]]
    assert notes["CD/failing"] == [words["cannot-open"]]
    assert notes["CD/pipe"] == [words["no-ordinary-file"]]
    assert notes["CD/DICOM/IM1"] == []
    assert "not-read: CD/gone:" in _inspect(disc).stdout.decode()


def test_a_folder_that_may_not_be_opened_is_named(
    disc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (disc / "locked").mkdir()
    scandir = os.scandir

    def refuse(path: Path) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        if Path(path).name == "locked":
            raise PermissionError(13, "no", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = Found()
    found.take(disc)

    assert [(one.name, one.notes) for one in found.unread] == [("CD/locked", ("cannot-open",))]
    assert ("CD/README.TXT", disc / "README.TXT") in found.files


def test_a_link_is_named_as_it_was_given(disc: Path) -> None:
    (disc / "mine").symlink_to(disc / "DICOM" / "IM1")
    (disc.parent / "disc").symlink_to(disc / "DICOM")

    report = json.loads(_inspect(disc / "mine", disc.parent / "disc", "--json").stdout)

    assert [one["name"] for one in report["files"]] == ["mine", "disc/IM1", "disc/IM2"]


def test_a_pipe_alone_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    done = _inspect(tmp_path / "pipe")

    assert done.returncode == 3
    assert "pipe" in done.stdout.decode()


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_a_terminal_of_few_letters_ends_in_no_traceback(
    tmp_path: Path, arguments: list[str]
) -> None:
    scan = make_scan(PatientName="山田^太郎😀", SpecificCharacterSet="ISO_IR 192")
    (tmp_path / "a.dcm").write_bytes(scan)

    done = _inspect(tmp_path / "a.dcm", *arguments, PYTHONIOENCODING="latin-1")

    assert done.returncode == 0
    assert done.stderr == b""
    if arguments:
        (name,) = [
            one for one in json.loads(done.stdout)["findings"] if one["rule"] == "patient-name"
        ]
        assert name["values"] == ["山田^太郎😀"]
    else:
        assert b"\\u5c71" in done.stdout


def test_a_terminal_never_gets_control_characters_of_a_file(disc: Path) -> None:
    name = "Doe\x1b[31m\u202eenaJ"
    (disc / "bad.dcm").write_bytes(make_scan(PatientName=name, SpecificCharacterSet="ISO_IR 192"))

    text = _inspect(disc).stdout.decode()

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\\u202e" in text


def test_a_terminal_gets_a_progress_bar_and_a_pipe_does_not(disc: Path) -> None:
    master, slave = pty.openpty()
    done = _inspect(disc, "--json", stderr=slave)
    os.close(slave)
    shown = os.read(master, 10_000).decode()
    os.close(master)

    assert done.returncode == 0
    assert "[" in shown
    assert "%" in shown
    assert json.loads(done.stdout)


def _inspect(
    *arguments: str | Path, stderr: int = subprocess.PIPE, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", "inspect", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "COMPANION_MODE": "local", **environment},
        stdout=subprocess.PIPE,
        stderr=stderr,
        check=False,
    )


def _check(finding: dict[str, Any]) -> None:
    assert set(finding) == {
        *("rule", "group", "hipaa", "certainty", "place", "tag", "path", "name"),
        *("values", "distinct", "files", "example", "person"),
    }
    assert finding["group"] in GROUPS
    assert finding["certainty"] in set(Certainty)
    assert finding["place"] in set(Place)
    assert finding["hipaa"] is None or finding["hipaa"] in "ABCDEFGHIJKLMNOPQR"
    assert len(finding["values"]) <= min(20, finding["distinct"])
    assert all(len(value) <= 200 for value in finding["values"])
    assert finding["files"] >= 1
