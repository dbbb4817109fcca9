"""``manage.py receipt`` and ``compare`` keep their contract."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from companion.receipts import Receipt, read_receipt
from tests.builders import make_zip
from tests.receipts.making import make_series, make_slice, rewritten

ROOT = Path(__file__).resolve().parents[2]


def run(command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """One of the commands, as a person calls it."""
    return subprocess.run(
        [sys.executable, "manage.py", command, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "COMPANION_MODE": "local"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    """A folder with a series."""
    folder = tmp_path / "CD"
    folder.mkdir()
    for name, data in make_series(3).items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def kept(disc: Path, tmp_path: Path) -> Path:
    """Its receipt."""
    out = tmp_path / "receipt.json"
    assert run("receipt", disc, "--out", out).returncode == 0
    return out


def receipt_in(path: Path) -> Receipt:
    return read_receipt(path.read_bytes())


def test_a_receipt_is_written_with_its_code(disc: Path, tmp_path: Path) -> None:
    out, code = tmp_path / "r.json", tmp_path / "r.svg"
    done = run("receipt", disc, "--out", out, "--code", code)
    assert (done.returncode, done.stderr) == (0, "")
    assert receipt_in(out).set_hash in done.stdout
    assert "uillfeather" not in out.read_text(encoding="utf-8") + done.stdout
    assert code.read_text(encoding="utf-8").startswith("<svg")


def test_a_zip_has_the_receipt_of_what_is_in_it(disc: Path, kept: Path, tmp_path: Path) -> None:
    packed = tmp_path / "CD.zip"
    packed.write_bytes(make_zip(make_series(3)))
    done = run("compare", kept, packed)
    assert done.returncode == 0
    assert "byte for byte" in done.stdout


def test_what_cannot_be_read_is_said_with_exit_3(disc: Path, tmp_path: Path) -> None:
    (disc / "broken.zip").write_bytes(make_zip({"a": b"x" * 5_000})[:40])
    done = run("receipt", disc, "--out", tmp_path / "r.json")
    assert done.returncode == 3
    assert "broken.zip" in done.stdout


def test_a_changed_detail_is_said_with_exit_1_and_with_values_where_both_are_there(
    disc: Path, kept: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    new.mkdir()
    for name, data in make_series(3).items():
        (new / name).write_bytes(data)
    (new / "IM0002").write_bytes(make_slice(2, PatientName="Quillfeather^Ida"))
    by_receipt, by_files = run("compare", kept, new), run("compare", disc, new)
    assert by_receipt.returncode == by_files.returncode == 1
    assert "changed details" in by_receipt.stdout
    assert "Ida" not in by_receipt.stdout
    assert "Quillfeather^Ada -> Quillfeather^Ida" in by_files.stdout


def test_a_copy_compressed_without_loss_is_exit_0(disc: Path, kept: Path, tmp_path: Path) -> None:
    """Its pictures are decoded in a process of their own."""
    new = tmp_path / "new"
    new.mkdir()
    for name, data in make_series(3).items():
        (new / name).write_bytes(rewritten(data, tmp_path, "dcmcjpls"))
    done = run("compare", kept, new)
    assert "packed or written otherwise" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda text: text.replace('"size": ', '"size": 1'), "was changed since it was made"),
        (lambda text: text.replace('"version": 1', '"version": 9'), "newer version"),
        (lambda text: text[:-40], "it is no receipt"),
    ],
    ids=["edited", "newer", "cut"],
)
def test_a_receipt_that_cannot_be_used_is_one_line_and_exit_2(
    kept: Path, disc: Path, edit: object, says: str
) -> None:
    assert callable(edit)
    kept.write_text(edit(kept.read_text(encoding="utf-8")), encoding="utf-8")
    done = run("compare", kept, disc)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["receipt", "compare"])
def test_wrong_usage_is_one_line_and_exit_2(command: str, tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "r.json")] if command == "receipt" else []
    for arguments in ([], ["nowhere", "nowhere", *out]):
        done = run(command, *arguments)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1


def test_the_receipt_is_json_of_the_contract(kept: Path) -> None:
    document = json.loads(kept.read_text(encoding="utf-8"))
    assert set(document) == {"format", "version", "made_on", "set", "counts", "files", "check"}
    assert (document["format"], document["version"]) == ("companion-receipt", 1)
