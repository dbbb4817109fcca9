"""What the browser's engine says is what the server says, byte for byte."""

from __future__ import annotations

import io
import json
import random
import re
from pathlib import Path
from typing import Any

import deid_data
import pydicom
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader, PdfWriter

from companion.content import identifiers
from companion.content.library import LANGUAGES
from companion.ondevice.session import in_folders
from companion.scans import work
from companion.scans.findings import Note
from companion.scans.inspection import Entry, inspect
from companion.scans.isolation.sandbox import Sandbox, warm
from companion.scans.limits import Limits
from companion.web.scans import uploads
from companion.web.scans.report import keep
from tests.builders import make_scan, make_study, make_zip
from tests.ondevice.engine import Engine
from tests.scans.hostile import (
    hostile_archives,
    hostile_documents,
    hostile_files,
    hostile_packings,
    hostile_scans,
)
from tests.scans.plants.files import make_pdf

DICOM = Path(pydicom.__file__).parent / "data" / "test_files"
DEID = Path(deid_data.__file__).parent
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


BY_TIME = {
    identifiers.notes("en")[note]
    for note in (Note.TOOK_TOO_LONG, Note.DOCUMENT_CUT, Note.PACKED_CUT, Note.PART_NOT_CHECKED)
}
"""What a report says where a file has had its share of work, of a processor or by count."""


def notes(report: Any) -> set[str]:
    return {note for record in report["files"] for note in record["notes"]}


def by_count(files: list[tuple[str, Path]]) -> Any:
    """The report's JSON of the same files, read here with work counted as a browser counts it."""
    work.count()
    try:
        report = inspect(Entry(name, [path.read_bytes()]) for name, path in files)
    finally:
        work.count(counted=False)
    return json.loads(keep.as_json(report))


def write(folder: Path, files: dict[str, bytes]) -> list[tuple[str, Path]]:
    written = []
    for number, (name, data) in enumerate(sorted(files.items())):
        path = folder / f"{number}.bin"
        path.write_bytes(data)
        written.append((name, path))
    return written


def all_below(*folders: Path) -> list[tuple[str, Path]]:
    """Their files by their names with folders, in the order in which both sides walk them."""
    found = [
        (path.relative_to(folder.parent).as_posix(), path)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    ]
    return [found[number] for number in in_folders([name for name, _ in found])]


@pytest.mark.parametrize("part", range(10))
def test_real_files_have_one_report_here_and_there(engine: Engine, part: int) -> None:
    """Of pydicom and of deid-data: scans, directories, ZIPs, texts and pictures."""
    everything = all_below(DICOM, DEID)
    assert len(everything) > 190
    files = everything[part::10]

    engine.read(files)

    assert engine.report() == on_server(files)


def test_a_thousand_slices_have_one_report_here_and_there(engine: Engine, tmp_path: Path) -> None:
    for name, data in make_study(1000, pixels=512):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    files = all_below(tmp_path)

    engine.read(files)

    assert len(engine.report()["files"]) == 1000
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
    **{name: data for name, (data, *_) in hostile_packings().items()},
    **hostile_documents(),
}


@pytest.mark.parametrize("part", range(8))
def test_files_made_to_harm_are_read_alike(engine: Engine, tmp_path: Path, part: int) -> None:
    for name in sorted(HARMFUL)[part::8]:
        files = write(tmp_path, {name: HARMFUL[name]})
        engine.read(files)
        here, there = engine.report(), on_server(files)

        if (notes(here) | notes(there)) & BY_TIME:
            # How far a processor comes in its time is never the same twice; what is counted is.
            there = by_count(files)
        assert here == there, name
        # A library's words on a file may quote it, and would stand in the browser's console.
        assert engine.ask("said") == [], name


def locked(algorithm: str) -> bytes:
    """A PDF that opens with an empty password, as many forms of hospitals do."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf("Patient Roe, Jo", author="Ray"))))
    writer.encrypt("", "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_a_pdf_locked_with_an_empty_password_is_opened(
    engine: Engine, tmp_path: Path, algorithm: str
) -> None:
    files = write(tmp_path, {"form.pdf": locked(algorithm), "one.dcm": make_scan(**NAMED)})

    engine.read(files)

    assert engine.report() == on_server(files)
    assert {record["status"] for record in engine.report()["files"]} == {"read"}


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that has nobody who looks at pictures, as no browser has."""
    monkeypatch.setattr(uploads, "lookers", lambda: None)


def without_the_servers_copy(page: str) -> str:
    """The server's page but for its own way to a copy to share: on the device there is another,
    which sends nothing, below the report."""
    section = r'\n<section class="group no-print" id="share".*?</section>\n'
    left, found = re.subn(section, "", page, flags=re.DOTALL)
    assert found == 1
    return left


SETS: dict[str, dict[str, bytes]] = {
    "two visits": {
        "one.dcm": make_scan(**NAMED),
        "two.dcm": make_scan(StudyDate="20260102", **NAMED),
    },
    "a program's result": {
        "one.dcm": make_scan(Manufacturer="Aidoc", SeriesDescription="AI result", **NAMED),
    },
    "two people, and what cannot be read": {
        "one.dcm": make_scan(**NAMED),
        "two.dcm": make_scan(PatientName="Poe^Al", PatientID="5", PatientBirthDate="19550505"),
        "cut.dcm": make_scan(**NAMED)[:400],
        "cd.zip": make_zip(dict(make_study(3, pixels=512))),
        "form.pdf": make_pdf("Patient Roe, Jo", author="Ray"),
        "noise.bin": bytes(range(256)) * 9,
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", SETS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db
@pytest.mark.usefixtures("no_pictures")
def test_the_page_is_the_servers_byte_for_byte(
    engine: Engine, tmp_path: Path, client: Client, language: str, kind: str
) -> None:
    files = write(tmp_path, SETS[kind])
    engine.read(files)
    prefix = "" if language == "en" else f"/{language}"
    uploads = [SimpleUploadedFile(name, path.read_bytes()) for name, path in files]

    answer = client.post(f"{prefix}/scans/", {"files": uploads})

    ours = engine.ask("html", language=language)
    assert 'id="report-title"' in ours
    theirs = without_the_servers_copy(answer.content.decode())
    # The first lines that differ, where a test of two pages would print them whole.
    begin = theirs.index(ours[: ours.index("<section")])
    pairs = zip(ours.splitlines(), theirs[begin:].splitlines(), strict=False)
    assert [pair for pair in pairs if pair[0] != pair[1]][:3] == []
    assert ours in theirs


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


@pytest.fixture
def installed(parts: Path, settings: Any) -> None:
    """A site that has the parts which the engine was made of."""
    settings.COMPANION_ONDEVICE = parts.parent


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db
@pytest.mark.usefixtures("installed")
def test_what_the_page_says_around_a_report_is_the_servers_byte_for_byte(
    engine: Engine, client: Client, language: str
) -> None:
    prefix = "" if language == "en" else f"/{language}"

    title, ours = engine.ask("spoken", language=language).split("\n", 1)

    theirs = client.get(f"{prefix}/scans/on-this-device/").content.decode()
    assert title in theirs
    assert ours in theirs
    for part in ("intro", "choose", "report", "clean", "receipts", "proof", "onward", "fault"):
        assert f'id="device-{part}"' in ours


def shape(html: str) -> list[tuple[str, str]]:
    """The elements of a page that scripts know, each with its name."""
    return re.findall(r'<(\w+)[^>]*? id="([^"]+)"', html)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_what_scripts_know_of_the_page_is_there_in_each_language(
    engine: Engine, language: str
) -> None:
    """Words are put in place element by element."""
    english, other = (engine.ask("spoken", language=code) for code in ("en", language))

    assert len(shape(english)) > 50
    assert shape(other) == shape(english)


def test_a_session_goes_on_with_the_report_of_one_that_was_ended(
    engine: Engine, parts: Path, tmp_path: Path
) -> None:
    files = write(tmp_path, SETS["two people, and what cannot be read"])
    engine.read(files)
    kept = engine.ask("kept")

    with Engine(parts) as other:
        other.ask("restore", kept=kept)

        assert other.report() == engine.report()
        assert other.ask("html", language="de") == engine.ask("html", language="de")
        assert other.ask("saved", kind="csv") == engine.ask("saved", kind="csv")
