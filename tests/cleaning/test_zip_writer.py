"""The ZIP of a copy: whole for every reader, read as a stream too, and telling of nobody."""

from __future__ import annotations

import io
import zipfile

from companion.cleaning.zip_writer import ZipWriter
from companion.scans.inspection import Entry, inspect
from tests.builders import make_scan


def _zip(files: dict[str, bytes]) -> bytes:
    writer = ZipWriter()
    return b"".join([*(writer.add(name, data) for name, data in files.items()), writer.end()])


def test_what_went_in_comes_out_by_its_name() -> None:
    files = {"copy/1/0001.dcm": b"first" * 1000, "copy/1/0002.dcm": b"", "list.json": b"{}"}

    with zipfile.ZipFile(io.BytesIO(_zip(files))) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == files


def test_every_file_goes_out_before_the_next_comes() -> None:
    writer = ZipWriter()

    first = writer.add("a", bytes(range(256)) * 100)

    assert first.startswith(b"PK\x03\x04")
    assert writer.add("b", b"second").startswith(b"PK\x03\x04")


def test_no_entry_tells_when_or_on_what_machine_it_was_made() -> None:
    with zipfile.ZipFile(io.BytesIO(_zip({"a": b"1", "b": b"2"}))) as opened:
        found = {(one.date_time, one.create_system, one.extra) for one in opened.infolist()}

    assert found == {((1980, 1, 1, 0, 0, 0), 0, b"")}


def test_a_reader_of_streams_reads_it_to_its_end() -> None:
    made = _zip({"copy/0001.dcm": make_scan(), "copy/0002.dcm": make_scan()})

    report = inspect([Entry("copy.zip", (made,))])

    assert {record.name for record in report.files} == {
        "copy.zip", "copy.zip/copy/0001.dcm", "copy.zip/copy/0002.dcm"
    }  # fmt: skip
    assert all(record.status == "read" for record in report.files)
