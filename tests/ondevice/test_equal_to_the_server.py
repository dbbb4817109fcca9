"""What the browser's engine says is what the server says, byte for byte."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pydicom
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from companion.content.library import LANGUAGES
from companion.scans.isolation.sandbox import Sandbox, warm
from companion.scans.limits import Limits
from companion.web.scans import uploads as sending
from companion.web.scans.report import keep
from tests.builders import make_scan, make_study, make_zip
from tests.ondevice.engine import Engine
from tests.scans.hostile import hostile_archives, hostile_documents, hostile_files, hostile_scans

DICOM = Path(pydicom.__file__).parent / "data" / "test_files"
NAMED: dict[str, Any] = {
    "PatientName": "Roe^Jo",
    "PatientID": "77-1203",
    "PatientBirthDate": "19710203",
}


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm()


def on_server(files: list[tuple[str, Path]]) -> Any:
    """The report's JSON of the same files, made as the server makes it."""
    with Sandbox(Limits()) as box:
        for name, path in files:
            box.path(name, path)
        return json.loads(keep.as_json(box.finish()))


def cut_short(report: Any) -> bool:
    """Whether reading came to an end before the file did, which may be a matter of time."""
    return any(record["status"] != "read" for record in report["files"])


def write(folder: Path, files: dict[str, bytes]) -> list[tuple[str, Path]]:
    written = []
    for number, (name, data) in enumerate(sorted(files.items())):
        path = folder / f"{number}.bin"
        path.write_bytes(data)
        written.append((name, path))
    return written


def scans_of_pydicom() -> list[tuple[str, Path]]:
    return [(path.name, path) for path in sorted(DICOM.glob("*.dcm"))]


@pytest.mark.parametrize("part", range(10))
def test_real_scans_have_one_report_here_and_there(engine: Engine, part: int) -> None:
    files = scans_of_pydicom()[part::10]
    assert files

    engine.read(files)

    assert engine.report() == on_server(files)


def test_a_zip_is_read_alike(engine: Engine, tmp_path: Path) -> None:
    inside = {f"CD/{name}": data for name, data in make_study(20, pixels=2048)}
    files = write(tmp_path, {"cd.zip": make_zip(inside)})

    engine.read(files)

    assert engine.report() == on_server(files)


HARMFUL: dict[str, bytes] = {
    **{name: data for name, (data, *_) in hostile_scans().items()},
    **{name: data for name, (data, *_) in hostile_archives().items()},
    **{name: data for name, (data, *_) in hostile_files().items()},
    **hostile_documents(),
}


@pytest.mark.parametrize("part", range(8))
def test_files_made_to_harm_are_read_alike(engine: Engine, tmp_path: Path, part: int) -> None:
    """Where a bound on time cut the reading short, both say that they did not read all."""
    for name in sorted(HARMFUL)[part::8]:
        files = write(tmp_path, {name: HARMFUL[name]})
        engine.read(files)
        here, there = engine.report(), on_server(files)

        assert here == there or (cut_short(here) and cut_short(there)), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db
def test_the_page_is_the_servers_byte_for_byte(
    engine: Engine,
    tmp_path: Path,
    client: Client,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of the same report: the server's has the pictures too, which nobody looks at here."""
    monkeypatch.setattr(sending, "lookers", lambda: None)
    files = write(
        tmp_path,
        {"one.dcm": make_scan(**NAMED), "two.dcm": make_scan(StudyDate="20260102", **NAMED)},
    )
    engine.read(files)
    prefix = "" if language == "en" else f"/{language}"
    uploads = [SimpleUploadedFile(name, path.read_bytes()) for name, path in files]

    answer = client.post(f"{prefix}/scans/", {"files": uploads})

    ours = engine.ask("html", language=language)
    assert 'id="report-title"' in ours
    assert ours in answer.content.decode()


def test_another_language_needs_no_second_reading(engine: Engine, tmp_path: Path) -> None:
    files = write(tmp_path, {"one.dcm": make_scan(**NAMED)})
    engine.read(files)
    files[0][1].unlink()

    english, spanish = (engine.ask("html", language=code) for code in ("en", "es"))

    assert english != spanish
    assert "Roe" in english
    assert "Roe" in spanish


def test_a_file_that_has_gone_is_named_and_the_others_are_read(
    engine: Engine, tmp_path: Path
) -> None:
    here, gone = write(tmp_path, {"here.dcm": make_scan(**NAMED), "there.dcm": make_scan()})
    gone[1].unlink()

    engine.read([here, gone])

    files = {record["name"]: record for record in engine.report()["files"]}
    assert files["here.dcm"]["status"] == "read"
    assert files["there.dcm"]["status"] == "not-read"
    assert files["there.dcm"]["notes"]


def test_a_file_given_up_before_is_named_and_not_opened(engine: Engine, tmp_path: Path) -> None:
    first, second = write(tmp_path, {"a.dcm": make_scan(**NAMED), "b.dcm": make_scan(**NAMED)})

    engine.read([first, second], given_up=(0,))

    files = {record["name"]: record["status"] for record in engine.report()["files"]}
    assert files == {"a.dcm": "not-read", "b.dcm": "read"}
    assert {finding["example"] for finding in engine.report()["findings"]} == {"b.dcm"}


def test_files_are_read_in_the_order_of_their_folders(engine: Engine, tmp_path: Path) -> None:
    names = ["b/1", "b/a/2", "a", "c/1", "b/2", "Z"]
    files = [(name, path) for name, (_, path) in zip(
        names, write(tmp_path, {str(number): make_scan() for number in range(len(names))}),
        strict=True,
    )]  # fmt: skip
    random.Random(7).shuffle(files)

    engine.read(files)

    listed = [record["name"] for record in engine.report()["files"]]
    assert listed == ["Z", "a", "b/1", "b/2", "b/a/2", "c/1"]
