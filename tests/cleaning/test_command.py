"""``manage.py clean``: a folder of files, the account beside them, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pydicom import dcmread

from companion.web.management.plain import WrongInputError
from tests.builders import make_scan
from tests.scans.hostile import hostile_scans

PERSON: dict[str, Any] = {"PatientName": "Vandermeer^Ilse", "PatientID": "MRN4711-88"}


def clean(*arguments: str) -> None:
    call_command("clean", *arguments, "--no-pictures")


def test_a_folder_becomes_a_copy_with_its_account_beside_it(tmp_path: Path) -> None:
    source, out = tmp_path / "Vandermeer", tmp_path / "copy"
    source.mkdir()
    (source / "Ilse.dcm").write_bytes(make_scan(**PERSON))
    (source / "notes.txt").write_bytes(b"Ilse")

    clean(str(source), "--out", str(out))

    files = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    account = json.loads((out / "what-was-removed.json").read_text(encoding="utf-8"))
    assert files == ["scan-1/series-1/0001.dcm", "what-was-removed.json"]
    assert account["format"] == "companion-cleaning"
    assert [one["reason"] for one in account["withheld"]] == ["not-a-scan"]


def test_a_file_that_could_not_be_made_safe_is_told_by_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "us.dcm").write_bytes(make_scan(**PERSON, Modality="US"))

    with pytest.raises(SystemExit) as ended:
        clean(str(tmp_path / "us.dcm"), "--out", str(tmp_path / "copy"))

    assert ended.value.code == 3


def test_several_people_are_refused_with_the_way_out_and_nothing_is_written(tmp_path: Path) -> None:
    source, out = tmp_path / "both", tmp_path / "copy"
    source.mkdir()
    (source / "a.dcm").write_bytes(make_scan(**PERSON))
    (source / "b.dcm").write_bytes(make_scan(PatientName="Brandt^Uwe", PatientID="900"))

    with pytest.raises(WrongInputError, match="--person"):
        clean(str(source), "--out", str(out))

    assert not out.exists()
    clean(str(source), "--out", str(out), "--person", "2")
    assert len(list(out.rglob("*.dcm"))) == 1


def test_a_disc_larger_than_an_upload_may_be_is_one_copy(tmp_path: Path, settings: Any) -> None:
    source, out = tmp_path / "disc", tmp_path / "copy"
    source.mkdir()
    for number in range(3):
        scan = make_scan(**PERSON, SOPInstanceUID=f"2.25.{number}", StudyDate="20240229")
        (source / f"IM{number}").write_bytes(scan)
    settings.COMPANION_LIMITS = {**settings.COMPANION_LIMITS, "upload_bytes": 1000}

    clean(str(source), "--out", str(out))

    copies = [dcmread(path) for path in out.rglob("*.dcm")]
    assert len(copies) == 3
    assert len({one.StudyDate for one in copies}) == 1


def test_a_folder_with_something_in_it_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "a.dcm").write_bytes(make_scan(**PERSON))

    with pytest.raises(WrongInputError, match="empty"):
        clean(str(tmp_path / "a.dcm"), "--out", str(tmp_path))


def test_a_purpose_that_is_none_is_wrong_input(tmp_path: Path) -> None:
    with pytest.raises((WrongInputError, CommandError)):
        clean(str(tmp_path), "--out", str(tmp_path / "copy"), "--preset", "for-everybody")


def test_hostile_files_are_named_and_their_neighbours_are_copied(tmp_path: Path) -> None:
    source, out = tmp_path / "set", tmp_path / "copy"
    source.mkdir()
    (source / "a.dcm").write_bytes(make_scan(**PERSON))
    for name, (data, *_) in hostile_scans().items():
        (source / f"hostile-{name}").write_bytes(data)

    with pytest.raises(SystemExit) as ended:
        clean(str(source), "--out", str(out), "--person", "1")

    account = json.loads((out / "what-was-removed.json").read_text(encoding="utf-8"))
    assert ended.value.code == 3
    assert account["files_out"] >= 1
    assert "set/a.dcm" not in {one["name"] for one in account["withheld"]}


def test_a_cleaning_that_dies_says_so_in_one_line_and_leaves_no_account(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.dcm").write_bytes(make_scan(**PERSON))
    settings.COMPANION_LIMITS = {**settings.COMPANION_LIMITS, "cleaning_memory": 1}

    with pytest.raises(SystemExit) as ended:
        clean(str(tmp_path / "a.dcm"), "--out", str(tmp_path / "copy"))

    assert ended.value.code == 3
    assert "Cleaning stopped" in capsys.readouterr().err
    assert not (tmp_path / "copy").exists()
