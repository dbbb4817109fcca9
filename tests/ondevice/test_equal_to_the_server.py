"""What the browser's engine says is what the server says, byte for byte."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydicom
import pytest
from django.test import Client

from companion.content.library import LANGUAGES
from companion.scans.inspection import Entry, inspect
from companion.web.scans.report import keep
from tests.builders import make_scan, make_study, make_zip
from tests.ondevice.engine import Engine
from tests.scans.hostile import hostile_archives, hostile_documents, hostile_files, hostile_scans

DICOM = Path(pydicom.__file__).parent / "data" / "test_files"
NAMED = {"PatientName": "Roe^Jo", "PatientID": "77-1203", "PatientBirthDate": "19710203"}


def on_server(files: list[tuple[str, Path]]) -> Any:
    """The report's JSON of the same files, made here."""
    report = inspect(Entry(name, (path.read_bytes(),)) for name, path in files)
    return json.loads(keep.as_json(report))


def write(folder: Path, files: dict[str, bytes]) -> list[tuple[str, Path]]:
    written = []
    for number, (name, data) in enumerate(sorted(files.items())):
        path = folder / f"{number}.bin"
        path.write_bytes(data)
        written.append((name, path))
    return written


def scans_of_pydicom() -> list[tuple[str, Path]]:
    return [(path.name, path) for path in sorted(DICOM.glob("*.dcm"))]


def in_tens(files: list[tuple[str, Path]]) -> Iterator[list[tuple[str, Path]]]:
    for start in range(0, len(files), 10):
        yield files[start : start + 10]


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


@pytest.mark.parametrize("kind", ["scans", "documents", "archives", "files"])
def test_files_made_to_harm_are_read_alike(engine: Engine, tmp_path: Path, kind: str) -> None:
    made: dict[str, bytes] = {
        "scans": lambda: {name: data for name, (data, *_) in hostile_scans().items()},
        "documents": hostile_documents,
        "archives": lambda: {name: data for name, (data, *_) in hostile_archives().items()},
        "files": lambda: {name: data for name, (data, *_) in hostile_files().items()},
    }[kind]()
    for name, path in write(tmp_path, made):
        engine.read([(name, path)])

        assert engine.report() == on_server([(name, path)]), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db
def test_the_page_is_the_servers_byte_for_byte(
    engine: Engine, tmp_path: Path, client: Client, language: str
) -> None:
    files = write(
        tmp_path,
        {"one.dcm": make_scan(**NAMED), "two.dcm": make_scan(StudyDate="20260102", **NAMED)},
    )
    engine.read(files)
    prefix = "" if language == "en" else f"/{language}"
    uploads = [path.open("rb") for _, path in files]
    for (name, _), upload in zip(files, uploads, strict=True):
        upload.name = name

    answer = client.post(f"{prefix}/scans/", {"files": uploads})

    for upload in uploads:
        upload.close()
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
