"""Files that are not DICOM: their kind, their text, and calm in the face of damage."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from companion.scans.findings import Kind, Note
from companion.scans.formats import documents, images
from companion.scans.inspection import Entry, inspect
from tests.builders import make_zip
from tests.scans.plants.files import (
    make_cda,
    make_database,
    make_jpeg,
    make_pdf,
    make_png,
    make_program,
)

TOKEN = "Qzxwvkt"


def text_of(data: bytes, name: str = "file") -> str:
    kind = documents.sniff(name, data)
    return "\n".join(text for _, text in documents.read(kind, data))


def make_office(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("word/document.xml", f"<w:p><w:t>{text}</w:t></w:p>")
        parts.writestr("docProps/core.xml", "<dc:creator>Brandt</dc:creator>")
    return file.getvalue()


def make_gif(comment: str) -> bytes:
    data = comment.encode()
    return b"GIF89a\1\0\1\0\0\0\0!\xfe" + bytes([len(data)]) + data + b"\0;"


def make_xmp_jpeg(text: str) -> bytes:
    inside = f"<x:xmpmeta><rdf:RDF><rdf:li>{text}</rdf:li></rdf:RDF></x:xmpmeta>"
    packet = b"http://ns.adobe.com/xap/1.0/\0" + inside.encode()
    segment = b"\xff\xe1" + struct.pack(">H", len(packet) + 2) + packet
    return b"\xff\xd8" + segment + b"\xff\xd9"


def make_iptc_jpeg(text: str) -> bytes:
    entry = b"\x1c\x02\x50" + struct.pack(">H", len(text)) + text.encode()
    body = b"Photoshop 3.0\x008BIM\4\4\0\0" + struct.pack(">I", len(entry)) + entry
    return b"\xff\xd8\xff\xed" + struct.pack(">H", len(body) + 2) + body + b"\xff\xd9"


SAMPLES = {
    "pdf": ("pdf", make_pdf(TOKEN)),
    "jpeg": ("image", make_jpeg(description=TOKEN)),
    "png": ("image", make_png(TOKEN)),
    "gif": ("image", make_gif(TOKEN)),
    "xmp": ("image", make_xmp_jpeg(TOKEN)),
    "iptc": ("image", make_iptc_jpeg(TOKEN)),
    "cda": ("document", make_cda(TOKEN)),
    "utf-16 xml": ("document", make_cda(TOKEN).decode().encode("utf-16")),
    "html": ("document", f"<!DOCTYPE html><p title='{TOKEN}'>x</p>".encode()),
    "comment": ("document", f"<html><!-- {TOKEN} --></html>".encode()),
    "text": ("document", f"for {TOKEN}".encode()),
    "utf-16 text": ("document", f"for {TOKEN}".encode("utf-16")),
    "hl7": ("document", f"MSH|^~\\&|A\rPID|1||7||{TOKEN}^ANN".encode()),
    "rtf": ("document", rb"{\rtf1\ansi{\b " + TOKEN.encode() + rb"}\par}"),
    "docx": ("document", make_office(TOKEN)),
    "stl": ("document", f"solid {TOKEN}\nendsolid\n".encode()),
    "binary stl": ("other", TOKEN.encode().ljust(80, b" ") + struct.pack("<I", 1) + bytes(50)),
    "program": ("program", make_program(TOKEN)),
    "database": ("program", make_database(TOKEN)),
}  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_kind_is_told_by_the_bytes_and_the_text_is_read(sample: str) -> None:
    kind, data = SAMPLES[sample]

    assert documents.sniff("IM0001", data) == kind
    assert TOKEN in text_of(data)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.dcm", bytes(128) + b"DICM", "dicom"),
        ("a.zip", b"PK\3\4" + bytes(30), "archive"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "archive"),
        ("a.rar", b"Rar!\x1a\x07\0", "archive"),
        ("a.iso", bytes(32769) + b"CD001", "archive"),
        ("run", b"#!/bin/sh\n", "program"),
        ("autorun.inf", b"[autorun]\r\nopen=viewer.exe", "program"),
        ("lib.dll", b"MZ\x90\0", "program"),
        ("Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "other"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document"),
        ("x", bytes(range(256)), "other"),
        ("x", b"", "other"),
    ],
)
def test_kinds(name: str, data: bytes, kind: str) -> None:
    assert documents.sniff(name, data) == kind


def test_a_position_in_exif_is_read_in_degrees() -> None:
    found = dict(images.read(make_jpeg(position=True)))

    assert found["EXIF GPS position"] == "48.500000, 11.250000"


def test_a_locked_pdf_asks_for_its_password() -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    file = io.BytesIO()
    writer.write(file)

    with pytest.raises(documents.PasswordError):
        text_of(file.getvalue())


def test_entities_are_not_expanded() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><a>&b;&b;</a>'

    assert "bbbb" not in dict(documents.read(Kind.DOCUMENT, bomb.encode())).get("text", "")


def test_a_file_of_endless_text_is_read_in_part() -> None:
    data = b"word " * 1_000_000

    assert len(text_of(data)) <= documents.MAX_TEXT * 1.01


def test_a_packed_chunk_is_unpacked_only_so_far() -> None:
    chunk = b"Comment\0\0" + zlib.compress(b"a" * 50_000_000)
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(chunk)) + b"zTXt" + chunk + b"crc!"

    assert sum(len(text) for _, text in images.read(data)) <= images.MAX_VALUE


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<![CDATA[", "</", "&#1", "<p>", "<a b='"])
def test_markup_that_never_closes_is_read_in_one_pass(piece: str) -> None:
    data = b"<html>" + piece.encode() * (1_000_000 // len(piece))

    start = time.process_time()
    list(documents.read(Kind.DOCUMENT, data))

    assert time.process_time() - start < 30


def test_directories_in_a_circle_come_to_an_end() -> None:
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    data = struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 8)

    assert list(images.read(data)) == []


@settings(max_examples=300)
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_damaged_pictures_models_and_texts_never_raise(sample: str, data: st.DataObject) -> None:
    kind, whole = SAMPLES[sample]
    if sample in ("pdf", "docx"):
        return
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 12))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(damaged[: data.draw(st.integers(0, len(damaged)))])

    assert documents.sniff("a", cut) in set(Kind) - {Kind.DICOMDIR}
    list(documents.read(Kind(kind), cut))


@settings(max_examples=200)
@given(
    st.binary(max_size=400),
    st.sampled_from(
        [b"II*\0", b"MM\0*", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF1234WEBP"]
    ),
)
def test_any_bytes_after_a_pictures_beginning_are_read_without_an_error(
    rest: bytes, start: bytes
) -> None:
    list(images.read(start + rest))


@pytest.mark.parametrize(
    ("name", "picture"), [("a.png", make_png("note")), ("a.jpg", make_jpeg(description="note"))]
)
def test_a_picture_that_ends_early_is_read_in_part_and_a_whole_one_is_read(
    name: str, picture: bytes
) -> None:
    whole, cut = inspect([Entry(name, [picture]), Entry("cut" + name, [picture[:-6]])]).files

    assert (whole.status, cut.status) == ("read", "partly-read")
    assert Note.TRUNCATED in cut.notes


@pytest.mark.parametrize(
    "between",
    [
        "</w:t></w:r><w:r><w:t>",
        '</w:t></w:r><w:proofErr w:type="spellEnd"/><w:r w:rsidR="00A1"><w:rPr><w:b/></w:rPr>'
        '<w:t xml:space="preserve">',
    ],
)
def test_a_word_that_a_program_cut_in_two_is_one_word(between: str) -> None:
    split = f"{TOKEN[:3]}{between}{TOKEN[3:]}"

    assert TOKEN in text_of(make_office(f"x</w:t></w:p><w:p><w:r><w:t>{split}</w:t></w:r>"))


@pytest.mark.parametrize(
    "between", ["</w:t></w:r></w:p><w:p><w:r><w:t>", "</w:t></w:r><w:r><w:tab/><w:t>"]
)
def test_words_of_two_paragraphs_stay_two(between: str) -> None:
    split = f"{TOKEN[:3]}{between}{TOKEN[3:]}"

    text = text_of(make_office(f"x</w:t></w:p><w:p><w:r><w:t>{split}</w:t></w:r>"))
    assert TOKEN not in text
    assert {TOKEN[:3], TOKEN[3:]} <= set(text.split())


GUESSED = {
    "list.csv": "Patient;Wartość\nZdzisława Kośmider;12\n".encode("cp1250"),
    "notes.txt": "Пациентка Белоусова Тамара, повторный осмотр".encode("cp1251"),
    "page.html": "<html><p>Пациентка Белоусова Тамара</p></html>".encode("cp1251"),
    "data.json": '{"patient": "Тамара Белоусова"}'.encode("cp1251"),
    "result.hl7": "MSH|^~\\&|LAB||||2026||ORU^R01|1|P|2.3\rPID|1||7||Белоусова^Тамара".encode(
        "cp1251"
    ),
}
NOT_GUESSED = {
    "utf8.csv": "Patient;Wartość\n".encode(),
    "wide.txt": "Белоусова Тамара".encode("utf-16"),
    "says.html": '<meta charset="windows-1251"><p>Тамара</p>'.encode("cp1251"),
    "says.hl7": "MSH|^~\\&|LAB||||2026||ORU^R01|1|P|2.3||||||8859/5\rPID|1||7||Белоусова".encode(
        "iso8859-5"
    ),
    "degree.txt": "Room at 21 \xb0C, \xa9 2026".encode("cp1252"),
    "plain.txt": b"Nothing but ASCII",
}


@pytest.mark.parametrize("name", GUESSED)
def test_letters_that_were_worked_out_are_said_to_be(name: str) -> None:
    (file,) = inspect([Entry(name, [GUESSED[name]])]).files
    assert Note.LETTERS_GUESSED in file.notes


@pytest.mark.parametrize("name", NOT_GUESSED)
def test_letters_that_a_file_names_were_not_worked_out(name: str) -> None:
    (file,) = inspect([Entry(name, [NOT_GUESSED[name]])]).files
    assert Note.LETTERS_GUESSED not in file.notes


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORD_CELL = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
TABLES = {
    "page.html": (
        b"<html><table><tr><td>Patient name</td>\n<td>Ottilie Fernsby</td></tr>"
        b"<tr><th>Ward</th><td>North</td></tr></table></html>"
    ),
    "letter.docx": make_zip(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": (
                f'<w:document xmlns:w="{W}"><w:body><w:tbl><w:tr>{WORD_CELL.format("Patient name")}'
                f"{WORD_CELL.format('Ottilie Fernsby')}</w:tr></w:tbl></w:body></w:document>"
            ).encode(),
        }
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_cell_is_the_label_of_the_one_beside_it(name: str) -> None:
    report = inspect([Entry(name, [TABLES[name]])])
    (found,) = [one for one in report.findings if one.rule == "name-in-text"]
    assert "Patient name\tOttilie Fernsby" in found.values[0]


def test_cells_of_one_column_are_not_beside_each_other() -> None:
    page = b"<html><table><tr><td>Patient name<tr><td>Ward rounds</td></tr></table></html>"
    (_, text), *_ = documents.read(Kind.DOCUMENT, page, "page.html")
    assert text == "Patient name\nWard rounds"


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le"])
def test_a_text_whose_parts_end_in_zeros_is_read_with_its_labels(codec: str) -> None:
    data = "PatientName\0Quillbrooke^Tamsin\0kV\000120\0".encode(codec)

    report = inspect([Entry("a.log", [data])])

    assert any(one.rule == "name-in-text" for one in report.findings)
    assert report.files[0].status == "read"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (struct.pack("<I32s16sI", 7, b"Quillbrooke, Tamsin", b"5538201", 12) * 2, "partly-read"),
        (b"\x80\x04\x95\x20\0\0\0\0\0\0\0}\x94\x8c\x04name\x94\x8c\x06Tamsin", "partly-read"),
        (b"An ordinary line.\r\n" + bytes(100), "read"),
        (bytes(100), "read"),
        ("Müller\r\n".encode("cp1252") * 5, "read"),
    ],
    ids=["records", "pickle", "text and filler", "filler", "old code page"],
)
def test_binary_data_under_the_name_of_a_text_are_not_said_to_be_read(
    data: bytes, status: str
) -> None:
    assert inspect([Entry("a.txt", [data])]).files[0].status == status
