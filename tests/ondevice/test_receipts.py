"""A receipt and a comparison made in the browser's engine are those of the site's own pages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from companion.content.library import LANGUAGES
from companion.receipts import make_receipt, read_receipt
from companion.receipts.isolation.sandbox import warm
from companion.scans.inspection import Entry
from tests.builders import make_scan, make_study, make_zip
from tests.ondevice.engine import Engine, EngineError

TODAY = date.today().isoformat()
NAMED: dict[str, Any] = {"PatientName": "Roe^Jo", "PatientID": "77-1203"}


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm()


def upload(name: str, path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, path.read_bytes())


def write(folder: Path, files: dict[str, bytes]) -> list[tuple[str, Path]]:
    folder.mkdir(exist_ok=True)
    for number, data in enumerate(files.values()):
        (folder / str(number)).write_bytes(data)
    return [(name, folder / str(number)) for number, name in enumerate(files)]


def job(files: list[tuple[str, Path]], **more: Any) -> dict[str, Any]:
    names, paths = [name for name, _ in files], [str(path) for _, path in files]
    return {"names": names, "paths": paths, "today": TODAY, **more}


def site_prefix(language: str) -> str:
    return "" if language == "en" else f"/{language}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db
def test_the_page_of_a_receipt_is_the_servers_byte_for_byte(
    engine: Engine, tmp_path: Path, client: Client, language: str
) -> None:
    files = write(tmp_path, {
        "one.dcm": make_scan(**NAMED),
        "letter.txt": b"Dear Jo",
        "cd.zip": make_zip(dict(make_study(3))),
    })  # fmt: skip

    engine.ask("receipt", **job(files))

    sent = {"files": [upload(*file) for file in files]}
    theirs = client.post(f"{site_prefix(language)}/scans/receipt/", sent).content.decode()
    ours = engine.ask("proof", language=language)
    assert 'id="receipt-form"' in ours
    assert ours in theirs


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db
def test_the_page_of_a_comparison_is_the_servers_byte_for_byte(
    engine: Engine, tmp_path: Path, client: Client, language: str
) -> None:
    new = write(tmp_path / "new", {"one.dcm": make_scan(**NAMED), "two.dcm": make_scan()})
    old = write(tmp_path / "old", {"kept.dcm": make_scan(Laterality="L", **NAMED)})

    refused = engine.ask("compare", **job([*new, *old], old=[2]))

    sent = {"old": [upload(*old[0])], "files": [upload(*file) for file in new]}
    theirs = client.post(f"{site_prefix(language)}/scans/compare/", sent).content.decode()
    ours = engine.ask("proof", language=language)
    assert refused == ""
    assert 'data-kind="details"' in ours
    assert ours in theirs


def test_what_is_saved_is_the_receipt_of_the_command(engine: Engine, tmp_path: Path) -> None:
    files = write(tmp_path, {"one.dcm": make_scan(**NAMED), "two.dcm": make_scan()})

    engine.ask("receipt", **job(files))

    saved = read_receipt(engine.ask("saved", kind="receipt"))
    theirs = make_receipt(
        (Entry(name, [path.read_bytes()]) for name, path in files),
        made_on=date.fromisoformat(TODAY),
    )
    assert saved.to_json() == theirs.to_json()


def test_a_receipt_kept_here_finds_the_files_unchanged_and_one_that_changed(
    engine: Engine, tmp_path: Path
) -> None:
    files = write(tmp_path / "first", {"one.dcm": make_scan(**NAMED), "two.dcm": make_scan()})
    engine.ask("receipt", **job(files))
    kept = tmp_path / "receipt.json"
    kept.write_text(engine.ask("saved", kind="receipt"))

    engine.ask("compare", **job([*files, ("receipt.json", kept)], receipt=2))
    assert "Nothing changed" in engine.ask("proof", language="en")

    files[0][1].write_bytes(make_scan(PatientName="Roe^Jon", PatientID="77-1203"))
    engine.ask("compare", **job([*files, ("receipt.json", kept)], receipt=2))
    assert "Something is different" in engine.ask("proof", language="en")


@pytest.mark.parametrize(
    ("text", "why"), [("{", "not-json"), ("{}", "not-a-receipt"), ("x" * 40_000_000, "too-large")]
)
def test_what_is_no_receipt_is_refused_and_leaves_no_page(
    engine: Engine, tmp_path: Path, text: str, why: str
) -> None:
    files = write(tmp_path, {"one.dcm": make_scan(), "receipt.json": text.encode()})

    assert engine.ask("compare", **job(files, receipt=1)) == why

    with pytest.raises(EngineError, match="LookupError"):
        engine.ask("proof", language="en")


def test_a_receipt_whose_numbers_were_edited_is_refused(engine: Engine, tmp_path: Path) -> None:
    files = write(tmp_path, {"one.dcm": make_scan()})
    engine.ask("receipt", **job(files))
    table = json.loads(engine.ask("saved", kind="receipt"))
    table["files"][0]["size"] += 1
    kept = tmp_path / "edited.json"
    kept.write_text(json.dumps(table))

    assert engine.ask("compare", **job([*files, ("edited.json", kept)], receipt=1)) == "edited"


def test_a_file_given_up_before_is_missing_from_the_receipt_and_said(
    engine: Engine, tmp_path: Path
) -> None:
    files = write(tmp_path, {"one.dcm": make_scan(**NAMED), "harmful.dcm": make_scan()})

    engine.ask("receipt", **job(files, given_up=[1]))

    saved = json.loads(engine.ask("saved", kind="receipt"))
    assert saved["counts"]["files"] == 1
    assert saved["counts"]["not_read"] == 1
    assert "harmful.dcm" in engine.ask("proof", language="en")


def test_the_sheet_bears_what_was_typed_and_the_sites_address(
    engine: Engine, tmp_path: Path
) -> None:
    engine.ask("receipt", **job(write(tmp_path, {"one.dcm": make_scan(**NAMED)})))

    sheet = engine.ask("sheet", language="en", giver="Records <b>office</b>", received="2026-11-20")

    assert "Records &lt;b&gt;office" in sheet
    assert "20, 2026" in sheet
    assert "https://testserver/scans/compare/" in sheet
    assert "Roe" not in sheet
