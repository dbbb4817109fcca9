"""PDF: what stands beside the text of its pages, and pages that are pictures."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from companion.scans.findings import Kind
from companion.scans.formats import documents
from companion.scans.inspection import Entry, inspect
from tests.builders import make_zip
from tests.scans.plants.files import make_cda, make_pdf

TOKEN = "Ostrander"
Change = Callable[[PdfWriter], object]


def make_changed(change: Change, data: bytes | None = None) -> bytes:
    """A plain page, and what ``change`` adds to it."""
    writer = PdfWriter(
        clone_from=PdfReader(io.BytesIO(data or make_pdf("A page with plain words")))
    )
    change(writer)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def table(**entries: object) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject(f"/{key}"): TextStringObject(value) if isinstance(value, str) else value
            for key, value in entries.items()
        }
    )


def add_to_root(writer: PdfWriter, key: str, value: object) -> None:
    writer.root_object[NameObject(key)] = value


def add_picture(writer: PdfWriter, width: int = 800, height: int = 1_000) -> None:
    picture = DecodedStreamObject()
    picture.set_data(b"\x80")
    picture.update(
        table(Subtype=NameObject("/Image"), Width=NumberObject(width), Height=NumberObject(height))
    )
    page = writer.pages[0]
    resources = page["/Resources"].get_object()
    assert isinstance(resources, dict)
    resources[NameObject("/XObject")] = table(Im0=writer._add_object(picture))


def add_rich_note(writer: PdfWriter) -> None:
    note = FreeText(text="", rect=(0, 0, 90, 20))
    note[NameObject("/RC")] = TextStringObject(
        f"<?xml version='1.0'?><body><p>Mrs <b>{TOKEN}</b></p></body>"
    )
    writer.add_annotation(0, note)


def add_stamp(writer: PdfWriter) -> None:
    look = DecodedStreamObject()
    look.set_data(f"BT /F1 9 Tf 0 0 Td ({TOKEN}) Tj ET".encode())
    fonts = writer.pages[0]["/Resources"]["/Font"]
    look.update(table(Subtype=NameObject("/Form"), Resources=table(Font=fonts)))
    stamp = FreeText(text="", rect=(0, 0, 90, 20))
    stamp[NameObject("/AP")] = table(N=writer._add_object(look))
    writer.add_annotation(0, stamp)


def add_associated(writer: PdfWriter) -> None:
    stream = DecodedStreamObject()
    stream.set_data(f'{{"patient": "{TOKEN}"}}'.encode())
    stream.update(table(Type=NameObject("/EmbeddedFile")))
    spec = table(
        Type=NameObject("/Filespec"), F="data.json", EF=table(F=writer._add_object(stream))
    )
    add_to_root(writer, "/AF", ArrayObject([writer._add_object(spec)]))


def add_layer(writer: PdfWriter) -> None:
    layer = writer._add_object(table(Type=NameObject("/OCG"), Name=f"Marks of {TOKEN}"))
    add_to_root(writer, "/OCProperties", table(OCGs=ArrayObject([layer]), D=table()))


def add_field(writer: PdfWriter) -> None:
    field = writer._add_object(table(FT=NameObject("/Tx"), T="surname", V=TOKEN))
    add_to_root(writer, "/AcroForm", table(Fields=ArrayObject([field])))


def add_metadata_of_page(writer: PdfWriter) -> None:
    packet = DecodedStreamObject()
    packet.set_data(
        '<?xpacket begin="\ufeff"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description>'
        f"<dc:description>Page of {TOKEN}</dc:description></rdf:Description></x:xmpmeta>".encode()
    )
    packet.update(table(Type=NameObject("/Metadata"), Subtype=NameObject("/XML")))
    writer.pages[0][NameObject("/Metadata")] = writer._add_object(packet)


PARTS: dict[str, Change] = {
    "metadata of a page": add_metadata_of_page,
    "attached page": lambda writer: writer.add_attachment("a.pdf", make_pdf(f"For {TOKEN}")),
    "attached record": lambda writer: writer.add_attachment("cda.xml", make_cda(TOKEN)),
    "attached letter": lambda writer: writer.add_attachment(
        "letter.docx",
        make_zip({"[Content_Types].xml": b"<T/>", "word/document.xml": TOKEN.encode()}),
    ),
    "name of an attachment": lambda writer: writer.add_attachment(f"{TOKEN}.txt", b"nothing here"),
    "associated file": add_associated,
    "bookmark": lambda writer: writer.add_outline_item(title=f"Report on {TOKEN}", page_number=0),
    "field without a widget": add_field,
    "named place": lambda writer: writer.add_named_destination(f"about {TOKEN}", 0),
    "layer": add_layer,
    "page label": lambda writer: writer.set_page_label(0, 0, prefix=f"{TOKEN}-"),
    "rich note": add_rich_note,
    "stamp": add_stamp,
    "subject": lambda writer: writer.add_metadata({"/Subject": TOKEN}),
}  # fmt: skip


def passages(data: bytes) -> list[tuple[str, str]]:
    return list(documents.read(Kind.PDF, data))


def notes(data: bytes) -> set[str]:
    return {text for label, text in passages(data) if label == documents.NOTE}


@pytest.mark.parametrize("part", PARTS)
def test_what_stands_beside_the_pages_is_read(part: str) -> None:
    found = passages(make_changed(PARTS[part]))

    assert any(TOKEN in text for label, text in found if label != "PDF text")
    assert not [text for label, text in found if label == documents.NOTE]


def test_an_attachment_is_read_by_its_own_format_and_its_label_says_so() -> None:
    data = make_changed(lambda writer: writer.add_attachment("a.pdf", make_pdf(f"For {TOKEN}")))

    assert ("PDF attachment: PDF text", f"For {TOKEN}") in passages(data)


def test_what_an_earlier_version_said_is_found_and_what_stayed_is_not_said_again() -> None:
    first = make_pdf("A page with plain words", author=f"Doctor {TOKEN}")
    old = first.index(b"<</Author")
    start = len(first)
    second = (
        b"\n6 0 obj<</Author(Nobody)>> endobj\n"
        b"xref\n6 1\n%010d 00000 n \ntrailer<</Size 7/Root 1 0 R/Info 6 0 R/Prev %d>>\n"
        b"startxref\n%d\n%%%%EOF" % (start + 1, first.index(b"xref\n"), start + 36)
    )

    found = passages(first + second)

    assert old > 0
    assert ("PDF author", "Nobody") in found
    assert ("PDF earlier version: PDF author", f"Doctor {TOKEN}") in found
    assert sum("plain words" in text for _, text in found) == 1


def test_a_page_that_is_a_picture_says_that_nobody_looked_at_it() -> None:
    scanned = make_changed(add_picture, make_pdf(""))

    assert notes(scanned) == {"picture-page"}
    (record,) = inspect([Entry("report.pdf", [scanned])]).files
    assert (record.status, record.notes) == ("partly-read", ("picture-page",))


def test_a_scanned_page_with_a_typed_line_below_says_so_too() -> None:
    assert notes(make_changed(add_picture, make_pdf("Page 1 of 2, printed by the front desk"))) == {
        "picture-page"
    }


def test_a_letter_with_a_logo_and_a_blank_page_are_read() -> None:
    text = "Thank you for coming to our house for your scan on Monday. " * 4

    assert notes(make_changed(lambda writer: add_picture(writer, 200, 60), make_pdf(text))) == set()
    assert notes(make_pdf("")) == set()


def test_words_drawn_as_lines_are_a_picture() -> None:
    def draw(writer: PdfWriter) -> None:
        stream = DecodedStreamObject()
        stream.set_data(b"10 10 m 20 30 40 50 60 20 c 30 10 l h f\n" * 80)
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    assert notes(make_changed(draw)) == {"picture-page"}


def test_a_pdf_that_is_only_locked_against_changes_is_read() -> None:
    data = make_changed(
        lambda writer: writer.encrypt("", "owner", algorithm="RC4-128"), make_pdf(f"For {TOKEN}")
    )

    assert ("PDF text", f"For {TOKEN}") in passages(data)


def test_a_pdf_attached_to_itself_over_and_over_comes_to_an_end() -> None:
    data = make_pdf("The page in the middle")
    for _ in range(12):
        inner = data
        data = make_changed(lambda writer, inner=inner: writer.add_attachment("a.pdf", inner))  # type: ignore[misc]

    assert "part-not-checked" in notes(data)


def test_ten_thousand_attachments_leave_a_note() -> None:
    data = bytearray(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>> endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>> endobj\n"
    )
    offsets = [9, data.index(b"2 0 obj")]
    for number in range(3, 20_003, 2):
        offsets.append(len(data))
        data += b"%d 0 obj<</F(a.txt)/EF<</F %d 0 R>>>> endobj\n" % (number, number + 1)
        offsets.append(len(data))
        data += b"%d 0 obj<</Length 4>>stream\nabcd\nendstream endobj\n" % (number + 1)
    start = len(data)
    data += b"xref\n0 20003\n0000000000 65535 f \n"
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer<</Size 20003/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start

    assert notes(bytes(data)) & {"part-not-checked", "document-cut"}


def add_form(*packets: bytes) -> Change:
    def change(writer: PdfWriter) -> None:
        parts = ArrayObject()
        for number, packet in enumerate(packets):
            stream = DecodedStreamObject()
            stream.set_data(packet)
            parts += [TextStringObject(f"part{number}"), writer._add_object(stream.flate_encode())]
        add_to_root(writer, "/AcroForm", table(XFA=parts))

    return change


def test_what_was_typed_into_a_form_of_mark_up_is_read() -> None:
    packet = f"<data><PatientName>{TOKEN} Ilse</PatientName></data>".encode()
    read = list(documents.read(Kind.PDF, make_changed(add_form(b"<template/>", packet))))

    assert any(label == "PDF form" and f"{TOKEN} Ilse" in text for label, text in read)


def test_an_empty_form_of_mark_up_says_nothing() -> None:
    read = documents.read(Kind.PDF, make_changed(add_form(b"<template/>")))

    assert not [text for label, text in read if label == "PDF form" and text.strip()]


def stream(text: str, **entries: object) -> DecodedStreamObject:
    made = DecodedStreamObject()
    made.set_data(text.encode("latin-1"))
    made.update(table(**entries))
    return made


def fonts(writer: PdfWriter) -> DictionaryObject:
    return table(Font=writer.pages[0]["/Resources"]["/Font"])


def drawing(writer: PdfWriter, **entries: object) -> DecodedStreamObject:
    return stream(f"BT /F1 9 Tf 0 0 Td (Mrs {TOKEN}) Tj ET", Resources=fonts(writer), **entries)


def add_to_page(writer: PdfWriter, content: str) -> None:
    page = writer.pages[0]
    contents = ArrayObject([page.raw_get("/Contents"), writer._add_object(stream(content))])
    page[NameObject("/Contents")] = contents


def add_resource(writer: PdfWriter, kind: str, value: DictionaryObject) -> None:
    writer.pages[0]["/Resources"][NameObject(f"/{kind}")] = table(X0=writer._add_object(value))


def add_data_of_a_program(writer: PdfWriter) -> None:
    data = writer._add_object(stream(f"Patient: {TOKEN}"))
    writer.pages[0][NameObject("/PieceInfo")] = table(Program=table(Private=data))


def add_page_outside_the_tree(writer: PdfWriter) -> None:
    page = table(
        Type=NameObject("/Page"),
        Resources=fonts(writer),
        Contents=writer._add_object(drawing(writer)),
    )
    add_to_root(writer, "/Old", ArrayObject([writer._add_object(page)]))


NOT_SHOWN: dict[str, Change] = {
    "drawing that no page uses": lambda writer: add_resource(
        writer, "XObject", drawing(writer, Subtype=NameObject("/Form"))
    ),
    "pattern": lambda writer: add_resource(
        writer, "Pattern", drawing(writer, PatternType=NumberObject(1))
    ),
    "page outside the tree": add_page_outside_the_tree,
    "data of a program": add_data_of_a_program,
    "in place of what is drawn": lambda writer: add_to_page(
        writer, f"/Span <</ActualText (Mrs {TOKEN})>> BDC EMC"
    ),
    "in place, by its letters' numbers": lambda writer: add_to_page(
        writer, f"/Span <</ActualText <feff{TOKEN.encode('utf-16-be').hex()}>>> BDC EMC"
    ),
    "choice of a field": lambda writer: add_to_root(
        writer,
        "/AcroForm",
        table(Fields=ArrayObject([table(FT=NameObject("/Btn"), V=NameObject(f"/{TOKEN}"))])),
    ),
    "codes in a script": lambda writer: add_to_root(
        writer,
        "/OpenAction",
        table(
            S=NameObject("/JavaScript"),
            JS="say('" + "".join(f"\\u{ord(letter):04x}" for letter in TOKEN) + "')",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("part", NOT_SHOWN)
def test_what_no_page_shows_is_read_too(part: str) -> None:
    found = passages(make_changed(NOT_SHOWN[part]))

    assert any(TOKEN in text for _, text in found)


def test_what_is_drawn_is_not_said_again_as_hidden() -> None:
    def draw(writer: PdfWriter) -> None:
        add_resource(writer, "XObject", drawing(writer, Subtype=NameObject("/Form")))
        add_to_page(writer, "/X0 Do")

    data = make_changed(draw)

    assert [label for label, text in passages(data) if TOKEN in text] == ["PDF text"]


def test_what_stands_around_a_pdf_is_read() -> None:
    plain = make_pdf("A page with plain words")

    for data in (plain + f"\nMrs {TOKEN}\n".encode(), f"Mrs {TOKEN}\n".encode() + plain):
        assert any(TOKEN in text for _, text in passages(data))


def test_a_value_stands_behind_the_name_of_its_field() -> None:
    field = table(FT=NameObject("/Tx"), T="Patient name", V=f"{TOKEN}, Ada")
    data = make_changed(
        lambda writer: add_to_root(writer, "/AcroForm", table(Fields=ArrayObject([field])))
    )

    assert ("PDF form field", f"Patient name: {TOKEN}, Ada") in passages(data)


def unreadable(writer: PdfWriter) -> None:
    """A page whose font says by no table which letter a number is."""
    page = writer.pages[0]
    inner = table(
        Type=NameObject("/Font"), Subtype=NameObject("/CIDFontType2"),
        BaseFont=NameObject("/AAAAAA+X"),
    )  # fmt: skip
    font = table(
        Type=NameObject("/Font"), Subtype=NameObject("/Type0"), BaseFont=NameObject("/AAAAAA+X"),
        Encoding=NameObject("/Identity-H"),
        DescendantFonts=ArrayObject([writer._add_object(inner)]),
    )  # fmt: skip
    page["/Resources"]["/Font"][NameObject("/C0")] = writer._add_object(font)
    numbers = "".join(f"{ord(letter) - 29:04x}" for letter in f"For Mrs {TOKEN} of the town")
    add_to_page(writer, f"BT /C0 12 Tf 50 600 Td <{numbers}> Tj ET")


def lines_in_a_drawing(writer: PdfWriter) -> None:
    path = "".join(f"{at} {at} m {at + 3} {at} l {at} {at + 4} l h f\n" for at in range(200))
    page = writer.pages[0]
    page[NameObject("/Contents")] = writer._add_object(stream("/X0 Do"))
    add_resource(writer, "XObject", stream(path, Subtype=NameObject("/Form")))


def one_path_of_many_lines(writer: PdfWriter) -> None:
    path = "".join(f"{at} {at} m {at + 3} {at} l {at} {at + 4} l h\n" for at in range(200))
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream(path + "f\n"))


def picture_in_an_annotation(writer: PdfWriter) -> None:
    picture = stream(
        "x", Subtype=NameObject("/Image"), Width=NumberObject(900), Height=NumberObject(900)
    )
    look = stream(
        "/I Do",
        Subtype=NameObject("/Form"),
        Resources=table(XObject=table(I=writer._add_object(picture))),
    )
    stamp = FreeText(text="", rect=(0, 0, 90, 20))
    stamp[NameObject("/AP")] = table(N=writer._add_object(look))
    writer.add_annotation(0, stamp)


@pytest.mark.parametrize(
    "change", [unreadable, lines_in_a_drawing, one_path_of_many_lines, picture_in_an_annotation]
)
def test_a_page_that_cannot_be_read_counts_as_a_picture(change: Change) -> None:
    assert notes(make_changed(change)) == {"picture-page"}


def test_an_attachment_of_a_long_pdf_is_not_passed_over() -> None:
    def lengthen(writer: PdfWriter) -> None:
        add_to_page(writer, "BT /F1 9 Tf " + "(many words of a page) Tj " * 3_000 + "ET")
        for _ in range(40):
            writer.add_page(writer.pages[0])
        writer.add_attachment("a.txt", f"Patient: {TOKEN}, Ada".encode())

    found = passages(make_changed(lengthen))

    told = any(TOKEN in text for _, text in found)
    assert told or {text for label, text in found if label == documents.NOTE}
