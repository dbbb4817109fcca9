"""A ZIP is read as a stream: all its entries, what is there besides them, and what is wrong."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator

import pytest

from companion.scans.findings import FileRecord, Note, Report, Status
from companion.scans.formats.zip_names import EntryNames
from companion.scans.formats.zip_stream import Archive, ArchiveError
from companion.scans.inspection import Entry, inspect
from companion.scans.inventory import Inventory
from companion.scans.limits import Limits
from tests.builders import make_scan, make_zip

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("size", [1, 7, 4_096, 10**9])
@pytest.mark.parametrize("seekable", [True, False])
def test_every_byte_of_every_entry_comes_out_whatever_the_pieces(
    method: int, size: int, seekable: bool
) -> None:
    if method == zipfile.ZIP_STORED and not seekable:
        pytest.skip("a stored stream gets a note of its own: see the hostile files")
    chance = random.Random(size)
    files = {"a": b"", "b/c": chance.randbytes(5_000), "d": bytes(70_000), "é": b"x" * 3_000}
    data = _zip(files, method, seekable)

    archive = _archive(_pieces(data, size))
    found = {member.name: b"".join(member.chunks) for member in archive.members()}
    contents = archive.central_directory()

    assert found == files
    assert contents.names == list(files)
    assert contents.hidden_bytes == 0
    assert not archive.differs(contents)


def test_an_entry_that_nobody_reads_is_passed_by() -> None:
    data = make_zip({"a": bytes(100_000), "b": b"second"})

    members = _archive([data]).members()
    next(members)

    assert b"".join(next(members).chunks) == b"second"


def test_a_zip64_entry_is_read() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, archive.open("big", "w", force_zip64=True) as entry:
        entry.write(b"x" * 1_000)

    member = next(_archive([file.getvalue()]).members())

    assert b"".join(member.chunks) == b"x" * 1_000
    assert member.notes == set()


def test_what_is_no_zip_after_its_mark_gets_a_note() -> None:
    with pytest.raises(ArchiveError, match="zip-truncated"):
        list(_archive([b"PK\x03\x04junk"]).members())


def test_comments_days_and_folders_are_passages() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("Doe_Jane/", (2024, 1, 15, 9, 30, 0))
        archive.writestr(info, b"")
        info = zipfile.ZipInfo("Doe_Jane/IM1", (2024, 1, 16, 9, 30, 0))
        info.comment = b"slice of Jane Doe"
        archive.writestr(info, make_scan())
        archive.comment = b"for Jane Doe"

    texts = {(one.name, one.text) for one in _inventory("cd.zip", file.getvalue()).passages}

    assert ("ZIP comment", "for Jane Doe") in texts
    assert ("ZIP entry comment", "slice of Jane Doe") in texts
    assert ("ZIP entry date", "2024-01-16") in texts
    assert ("ZIP folder name", "Doe_Jane/") in texts


def make_link() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "notes"),
    [
        (make_zip([("../x", b"one")]), ("zip-path-escapes",)),
        (make_zip([("C:\\x", b"one")]), ("zip-path-escapes",)),
        (make_zip([("a", b"one"), ("a", b"two")]), ("zip-same-name",)),
        (make_link(), ("zip-link",)),
        (make_zip([("a", b"one"), ("b/c..d", b"two")]), ()),
    ],
)
def test_entries_that_play_tricks_are_said_and_read(data: bytes, notes: tuple[str, ...]) -> None:
    archive = _inventory("x.zip", data).files[-1]

    assert (archive.name, archive.notes, archive.status) == ("x.zip", notes, "read")


def test_a_zip_in_a_zip_is_opened_and_one_deeper_is_listed() -> None:
    deepest = make_zip({"IM1": make_scan(PatientName="Deep^Down")})
    data = make_zip({"in.zip": make_zip({"IM1": make_scan(), "in.zip": deepest})})

    report = inspect([Entry("out.zip", [data])])

    statuses = {record.name: record.status for record in report.files}
    assert statuses["out.zip/in.zip/IM1"] == "read"
    assert statuses["out.zip/in.zip/in.zip"] == "not-read"


def test_a_zip_with_too_many_entries_says_so() -> None:
    data = make_zip({f"f{number}": b"x" for number in range(20)})

    report = inspect([Entry("x.zip", [data])], Limits(files=10))

    assert "zip-too-many" in _record(report, "x.zip").notes
    assert len(report.files) <= 13


def test_a_zip_that_unpacks_to_too_much_says_so_and_its_first_entries_are_read() -> None:
    noise = random.Random(1).randbytes(300_000)
    data = make_zip({"a": make_scan(), "b": noise, "c": noise})

    report = inspect([Entry("x.zip", [data])], Limits(unpacked_bytes=400_000))

    assert _record(report, "x.zip/a").status == "read"
    assert "zip-unpacks-too-much" in _record(report, "x.zip/c").notes


def _archive(chunks: Iterable[bytes]) -> Archive:
    return Archive(chunks, entry_bytes=10**9, room=lambda _: True)


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def _zip(files: dict[str, bytes], method: int, seekable: bool) -> bytes:
    file = _Stream()
    file.can_seek = seekable
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


class _Stream(io.BytesIO):
    can_seek = True

    def seekable(self) -> bool:
        return self.can_seek

    def seek(self, *arguments: int) -> int:
        if not self.can_seek:
            raise OSError("a stream")
        return super().seek(*arguments)

    def tell(self) -> int:
        if not self.can_seek:
            raise OSError("a stream")
        return super().tell()


def _inventory(name: str, data: bytes) -> Inventory:
    from companion.scans.inspection import _Inspection, directly

    inspection = _Inspection(Limits(), None, directly)
    inspection.take(Entry(name, [data]))
    return inspection.inventory


def _record(report: Report, name: str) -> FileRecord:
    (record,) = [record for record in report.files if record.name == name]
    return record


def _zip_named(raw: bytes, *, extra: bytes = b"") -> bytes:
    """A ZIP of one scan whose name is ``raw``, without the flag of UTF-8."""
    name = "x" * len(raw)
    info = zipfile.ZipInfo(name, (2024, 1, 15, 9, 30, 0))
    info.extra = extra
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(info, make_scan())
    return file.getvalue().replace(name.encode(), raw)


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("Белоусова Тамара/IM1", "cp866"),
        ("Белоусова Тамара/IM1", "cp1251"),
        ("谢婉婷/CT/IM1", "gbk"),
        ("윤아름/IM1", "cp949"),
        ("長谷川/IM1", "cp932"),
        ("Ibáñez Begoña/IM1", "cp1252"),
        ("Żyła Małgorzata/IM1", "cp852"),
    ],
)
def test_a_name_in_the_code_page_of_its_computer_is_read_and_noted(name: str, page: str) -> None:
    report = inspect([Entry("disc.zip", [_zip_named(name.encode(page))])])
    scan, archive = report.files
    assert scan.name == f"disc.zip/{name}"
    assert Note.LETTERS_GUESSED in scan.notes
    assert scan.status is Status.READ
    assert archive.status is Status.READ


@pytest.mark.parametrize("name", ["Müller/IM1", "Çelik Zoé/IM1", "Peña/IM1"])
def test_a_name_in_the_code_page_of_the_format_needs_no_guess(name: str) -> None:
    report = inspect([Entry("disc.zip", [_zip_named(name.encode("cp437"))])])
    assert report.files[0].name == f"disc.zip/{name}"
    assert Note.LETTERS_GUESSED not in report.files[0].notes


@pytest.mark.parametrize("fits", [True, False])
def test_the_name_in_utf_8_beside_it_counts_where_its_checksum_fits(fits: bool) -> None:
    raw, name = b"B\x89\xe6\xe6 Q/IM1", "Łódź/IM1"
    body = b"\1" + struct.pack("<I", zlib.crc32(raw) ^ (not fits)) + name.encode()
    extra = struct.pack("<HH", 0x7075, len(body)) + body
    report = inspect([Entry("disc.zip", [_zip_named(raw, extra=extra)])])
    assert (report.files[0].name == f"disc.zip/{name}") is fits


def test_the_names_of_a_large_archive_are_in_one_code_page() -> None:
    names = EntryNames()
    raws = [f"Белоусова {number}/IM1".encode("cp866") for number in range(3_000)]
    assert [names.read(raw, 0) for raw in raws] == [raw.decode("cp866") for raw in raws]
