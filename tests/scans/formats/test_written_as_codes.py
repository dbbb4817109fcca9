"""Letters written as codes: every format undoes its own, and plain text stays as it is."""

from __future__ import annotations

import base64
import io
import quopri
import random
import struct
import zipfile
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from PIL import Image

from companion.scans.findings import Kind
from companion.scans.formats import documents
from companion.scans.inspection import Entry, inspect
from tests.builders import make_element, make_raw_scan, make_scan

NAME = "Železný Åse"
CODED = "".join(f"\\u{ord(letter):04x}" if ord(letter) > 127 else letter for letter in NAME)


def text_of(data: bytes, name: str = "file") -> str:
    kind = documents.sniff(name, data)
    return "\n".join(text for label, text in documents.read(kind, data, name) if label != "note")


def notes(data: bytes, name: str = "file") -> set[str]:
    kind = documents.sniff(name, data)
    return {text for label, text in documents.read(kind, data, name) if label == "note"}


def make_mail(text: str, charset: str = "iso-8859-2", encoding: str = "quoted-printable") -> bytes:
    message = EmailMessage()
    message["Subject"] = f"Scan of {NAME}"
    message["From"] = "a@example.org"
    message.set_content(text, charset=charset, cte=encoding)
    return message.as_bytes()


def make_picture(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


def make_docx(text: str, picture: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("word/document.xml", f"<w:p><w:t>{text}</w:t></w:p>")
        parts.writestr("word/header1.xml", "<w:p><w:t>Ward Seven</w:t></w:p>")
        parts.writestr("docProps/core.xml", f"<x><dc:creator>{NAME}</dc:creator></x>")
        if picture:
            parts.writestr("word/media/image1.png", picture)
    return file.getvalue()


def make_xlsx() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr(
            "xl/worksheets/sheet1.xml",
            '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>'
            '<row r="2"><c r="A2"><v>4477123</v></c>'
            '<c r="B2" t="inlineStr"><is><t>in line</t></is></c></row>',
        )
        parts.writestr("xl/sharedStrings.xml", f"<si><t>{NAME}</t></si><si><t>MRN</t></si>")
    return file.getvalue()


SAMPLES = {
    "json": ("a.json", f'{{"patient": {{"name": "{CODED}"}}}}'.encode()),
    "json in json": ("a.json", f'{{"a": "{{\\"name\\": \\"{CODED[:0]}{NAME}\\"}}"}}'.encode()),
    "script": ("a.js", f"const p = '{CODED}'".encode()),
    "script with braces": ("a.js", b"p = '\\u{17d}elezn\\u{fd} \\u{c5}se'"),
    "percent": ("a.url", b"URL=https://a.example/%C5%BDelezn%C3%BD%20%C3%85se\r\n"),
    "percent in a page": ("a.html", b"<html><a href='/%C5%BDelezn%C3%BD%20%C3%85se'>x</a>"),
    "entities": ("a.html", b"<html><p>&#381;elezn&yacute; &#xC5;se</p></html>"),
    "data link": (
        "a.html", b"<html><a href='data:text/plain;base64,%s'>" % base64.b64encode(NAME.encode())
    ),
    "mail": ("a.eml", make_mail(f"For {NAME}", "utf-8")),
    "mail in base64": ("a.eml", make_mail(f"For {NAME}", "utf-8", "base64")),
    "mail's subject": ("a.eml", make_mail("nothing", "utf-8")),
    "card": (
        "a.vcf",
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"
        + quopri.encodestring(NAME.encode(), quotetabs=True) + b"\r\nEND:VCARD\r\n",
    ),
    "folded card": (
        "a.vcf", f"BEGIN:VCARD\r\nFN:{NAME[:4]}\r\n {NAME[4:]}\r\nEND:VCARD\r\n".encode()
    ),
    "calendar": (
        "a.ics", f"BEGIN:VCALENDAR\r\nSUMMARY:MRI\\, {NAME}\r\nEND:VCALENDAR\r\n".encode()
    ),
    "hl7": ("a.hl7", b"MSH|^~\\&|A\rPID|1||7||\\XC5BD\\elezn\\XC3BD\\ \\XC385\\se\r"),
    "hl7, an escape for each byte": (
        "a.hl7", b"MSH|^~\\&|A\rPID|1||7||\\XC5\\\\XBD\\elezn\\XC3\\\\XBD\\ \\XC3\\\\X85\\se\r"
    ),
    "tags within words": (
        "a.html",
        f"<html><p>Dear <b>{NAME[:3]}</b><!-- x -->{NAME[3:5]}<i>{NAME[5:]}</i></p>".encode(),
    ),
    "entity of its own": (
        "a.xml", f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY p "{NAME}">]><d>&p;</d>'.encode()
    ),
    "flat OpenDocument": (
        "a.fodt",
        b'<?xml version="1.0"?><office:document><style:style style:name="a"/>'
        b"<style:font style:name='b'></style:font><style:list/>"
        + f"<text:p>{NAME[:5]}<text:span>{NAME[5:]}</text:span></text:p>".encode()
        + b"</office:document>",
    ),
    "rtf by number": ("a.rtf", rb"{\rtf1\ansi\uc1 \u381?elezn\u253\'fd \u197?se\par}"),
    "rtf by code page": ("a.rtf", rb"{\rtf1\ansi\ansicpg1250 \'8eelezn\'fd \u197?se}"),
    "rtf by font": (
        "a.rtf",
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset238 B;}}"
        rb"\f1 \'8eelezn\'fd\f0  \'c5se}",
    ),
    "docx": ("a.docx", make_docx(NAME)),
    "details of a docx": ("a.docx", make_docx("nothing")),
    "xlsx": ("a.xlsx", make_xlsx()),
}  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES)
def test_letters_written_as_codes_are_read(sample: str) -> None:
    name, data = SAMPLES[sample]

    assert NAME in text_of(data, name)
    assert not notes(data, name)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_name_written_as_codes_is_an_echo_of_the_scans(sample: str) -> None:
    name, data = SAMPLES[sample]

    scan = make_scan(PatientName="Železný^Åse", SpecificCharacterSet="ISO_IR 192")
    report = inspect([Entry("IM1", [scan]), Entry(name, [data])])

    assert [one for one in report.findings if one.rule == "echo-name" and one.example == name]
    assert report.files[1].status == "read"


@pytest.mark.parametrize(
    "text",
    [
        "C:\\Users\\x\\new folder\\unit",
        "100 % of 20 patients, 5%",
        "AT&T and R&D",
        '{"broken":',
        "BEGIN: a plain letter",
        "From: the desk\n\nIt rained.",
        "a\\b \\u12 \\x4",
    ],
)
def test_a_text_without_codes_stays_as_it_is(text: str) -> None:
    assert text_of(text.encode(), "a.txt") == text


def test_values_of_json_keep_their_names() -> None:
    data = b'{"00100010": {"vr": "PN", "Value": [{"Alphabetic": "Tamsin^Orla"}]}, "n": [1, 2]}'

    assert text_of(data, "a.json") == "vr: PN\nPatientName: Tamsin^Orla\nn: 1\nn: 2"


def test_fields_of_hl7_say_what_they_are() -> None:
    data = b"MSH|^~\\&|A\rPID|1||4477^^^H||Tamsin^Orla||19610314\rOBX|1|TX|N^Note||see \\T\\ ask"

    found = text_of(data).splitlines()

    assert "patient name: Tamsin^Orla" in found
    assert "birth date: 19610314" in found
    assert "N Note: see & ask" in found


def test_an_attachment_of_mail_is_read_by_its_own_format() -> None:
    message = EmailMessage()
    message["Subject"] = "scan"
    message.set_content("See the letter.")
    message.add_attachment(
        make_docx(NAME), maintype="application", subtype="octet-stream", filename="a.docx"
    )

    found = list(documents.read(Kind.DOCUMENT, message.as_bytes(), "a.eml"))

    assert ("mail attachment: text", NAME) in found


def test_a_file_inside_a_clinical_document_is_read() -> None:
    packed = base64.b64encode(b"{\\rtf1 For Orla Tamsin}").decode()
    data = f"<?xml version='1.0'?><a><value representation='B64'>{packed}</value></a>"

    assert "For Orla Tamsin" in text_of(data.encode())


def test_binary_data_in_rtf_is_stepped_over() -> None:
    assert text_of(rb"{\rtf1 before{\bin8 }}{{}}\} after}") == "before after"


def test_cells_of_a_row_are_read_together() -> None:
    assert f"MRN\t{NAME}\n4477123\tin line" in text_of(make_xlsx(), "a.xlsx")


LETTER = "Thank you for coming to our house for your scan on Monday. " * 3
PAGE, LOGO = make_picture(1_200, 1_600), make_picture(300, 90)


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (make_docx(LETTER, PAGE), "a.docx", {"picture-page"}),
        (make_docx(LETTER, LOGO), "a.docx", set()),
        (b"<svg><image href='data:image/png;base64,%s'/></svg>" % base64.b64encode(PAGE), "a.svg",
         {"picture-page"}),
        (b"<html>%s<img src='data:image/png;base64,%s'>"
         % (LETTER.encode(), base64.b64encode(LOGO)), "a.html", set()),
        (b"{\\rtf1{\\pict\\pngblip " + PAGE.hex().encode() + b"}}", "a.rtf", {"picture-page"}),
        (b"{\\rtf1 %s{\\pict\\pngblip %s}}" % (LETTER.encode(), LOGO.hex().encode()),
         "a.rtf", set()),
    ],
    ids=["docx page", "docx logo", "svg page", "html logo", "rtf page", "rtf logo"],
)  # fmt: skip
def test_a_scanned_page_in_a_document_is_said_and_a_logo_is_not(
    data: bytes, name: str, expected: set[str]
) -> None:
    assert notes(data, name) == expected


NESTED = "Content-Type: message/rfc822\n\n" * 1_000
HOSTILE = {
    "deep json": ("a.json", b"[" * 200_000),
    "deep json that closes": ("a.json", b"[" * 50_000 + b"]" * 50_000),
    "nested mail": ("a.eml", f"MIME-Version: 1.0\nSubject: x\n{NESTED}".encode()),
    "groups": ("a.rtf", b"{\\rtf1" + b"{" * 3_000_000),
    "empty groups": ("a.rtf", b"{\\rtf1" + b"{}" * 3_000_000),
    "percent of percent": ("a.txt", b"%25" * 500_000),
    "backslashes": ("a.txt", b"\\" * 1_000_000),
    "endless link": ("a.html", b"<html><img src='data:image/png;base64," + b"A" * 3_000_000),
    "links": ("a.html", b"<html>" + b"data:;base64,QUJD " * 100_000),
    "data heads": ("a.html", b"<html>" + b"data:" * 400_000),
    "hl7 bars": ("a.hl7", b"MSH|^~\\&|" + b"|" * 1_000_000),
    "hl7 escapes": ("a.hl7", b"MSH|^~\\&|A\rPID|" + b"\\X" * 500_000),
    "cards": ("a.vcf", b"BEGIN:VCARD\n" + b"N;" * 500_000),
    "scripts": ("a.html", b"<html>" + b"<script>" * 200_000),
    "packed values": ("a.xml", b"<?xml?>" + b"representation='B64' " * 100_000),
}


@pytest.mark.parametrize("sample", HOSTILE)
def test_what_never_ends_is_read_in_part_and_spoils_no_neighbour(sample: str) -> None:
    name, data = HOSTILE[sample]

    report = inspect([Entry(name, [data]), Entry("b.txt", [b"For Ottilie Zwettler"])])

    assert [record.name for record in report.files] == [name, "b.txt"]
    assert report.files[1].status == "read"


@pytest.mark.parametrize(
    "text",
    [
        "name = '\\U0000017delezn\\U000000fd \\U000000c5se'",
        ".who::before { content: '\\00017d elezn\\0000fd  \\0000c5 se' }",
        "for \\XC5BD\\elezn\\XC3BD\\ \\XC385\\se",
        "for =c5=bdelezn=c3=bd =c3=\n=85se",
        "for " + NAME.encode().decode("latin-1").encode("latin-1").decode("cp1252", "ignore"),
    ],
)
def test_letters_in_codes_of_other_kinds_of_text_are_read(text: str) -> None:
    assert NAME in text_of(text.encode())


OTHER_WAYS = {
    "escape() of JavaScript": ("a.txt", "".join(f"%u{ord(letter):04X}" for letter in NAME)),
    "Perl and PHP": ("a.txt", "".join(f"\\x{{{ord(letter):x}}}" for letter in NAME)),
    "encoded word": ("a.txt", f"=?utf-8?b?{base64.b64encode(NAME.encode()).decode()}?="),
    "octal": (
        "a.js", "".join(f"\\{one:03o}" if one > 127 else chr(one) for one in NAME.encode()),
    ),
    "letters by number": ("a.js", f"String.fromCharCode({','.join(str(ord(x)) for x in NAME)})"),
    "entities of entities": ("a.html", "<p>" + "".join(f"&amp;#{ord(one)};" for one in NAME)),
    "soft hyphens": ("a.html", "<p>" + "&shy;".join(NAME) + "</p>"),
    "places to break": ("a.html", "<p>" + NAME[:4] + "<wbr>" + NAME[4:] + "</p>"),
    "blanks of no width": ("a.txt", "\u200b".join(NAME)),
}  # fmt: skip


@pytest.mark.parametrize("way", OTHER_WAYS)
def test_other_ways_to_write_letters_are_undone(way: str) -> None:
    name, text = OTHER_WAYS[way]

    assert NAME in text_of(text.encode(), name)


@pytest.mark.parametrize(
    "path", ["D:\\2024\\scan.exe", "C:\\007\\scan.exe", "D:\\0012", "x\\Users"]
)
def test_a_path_is_no_code(path: str) -> None:
    assert text_of(path.encode()).strip() == path


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [f"The scan of {NAME} is done", "Снимок: Желева Ася, колено"])
def test_utf_16_without_its_mark_is_read(codec: str, text: str) -> None:
    assert text_of(text.encode(codec), "note.txt").splitlines()[0] == text


def test_small_numbers_of_two_bytes_are_no_text() -> None:
    numbers = b"".join(number.to_bytes(2, "little") for number in range(1, 400))

    assert documents.sniff("table.raw", numbers) is Kind.OTHER


def test_text_beside_tags_is_parted_as_a_browser_shows_it() -> None:
    page = "<html><table><tr><td>a</td><td>b</td></tr></table><b>c</b>&nbsp;<i>d</i>\n<u>e</u> f"

    assert text_of(page.encode(), "a.html").splitlines()[:2] == ["a\tb", "c d e f"]


def test_ten_thousands_of_tags_within_one_word_take_no_longer_than_their_text() -> None:
    page = "<html>" + "<b>ab</b>" * 60_000

    assert "ab" * 50 in text_of(page.encode(), "a.html")


def test_style_sheets_that_never_begin_take_no_longer_than_their_text() -> None:
    assert text_of(b"<html>" + b"<style " * 20_000, "a.html")


WRITINGS = {
    "JSON": CODED,
    "entities": "".join(f"&#{ord(letter)};" if ord(letter) > 127 else letter for letter in NAME),
    "names of entities": "&Aring;se &Zcaron;elezn&yacute;",
    "a link": quote(NAME),
    "all letters in hexadecimal": "".join(f"\\x{byte:02x}" for byte in b"Aase Zelezny"),
    "all letters as entities": "".join(f"&#{byte};" for byte in b"Aase Zelezny"),
    "quoted-printable": "=C5=BDelezn=C3=BD =C3=85se",
    "quoted-printable in small letters": "=c5=bdelezn=c3=bd =c3=85se",
    "all letters quoted": "".join(f"={byte:02X}" for byte in b"Aase Zelezny"),
    "encoded word": "=?utf-8?q?=C5=BDelezn=C3=BD_=C3=85se?=",
    "HL7": "\\XC5BD\\elezn\\XC3BD\\ \\XC385\\se",
    "RTF": "\\u381?elezn\\'fd \\'c5se",
    "escape() of JavaScript": "%u017Delezn%u00FD %u00C5se",
    "Perl": "\\x{17d}elezn\\x{fd} \\x{c5}se",
    "octal": "\\305\\275elezn\\303\\275 \\303\\205se",
    "eight digits": "\\U0000017delezn\\U000000fd \\U000000c5se",
    "JSON in JSON": CODED.replace("\\", "\\\\"),
    "R": "<U+017D>elezn<U+00FD> <U+00C5>se",
    "names of Office": "_x017D_elezn_x00FD_ _x00C5_se",
    "entities without an end": "&#381elezn&#253 &#197se",
    "entities of entities": "&amp;#381;elezn&amp;yacute; &amp;#197;se",
    "UTF-8 taken for Windows-1252": NAME.encode().decode("cp1252", "ignore"),
}


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize("vr", ["OB", "UN", "UT", "LT"])
def test_letters_written_as_codes_in_an_element_are_read(vr: str, writing: str) -> None:
    value = f'{{"coil": 4, "who": "{WRITINGS[writing]}"}}'
    private = (0x0099, "TUNING 3", 0x10), (vr, value if vr in {"UT", "LT"} else value.encode())
    name = "Zelezny^Aase" if "all" in writing else "Železný^Åse"
    scan = make_scan(PatientName=name, SpecificCharacterSet="ISO_IR 192", private=dict([private]))

    report = inspect([Entry("a", [scan])])

    said = [one for one in report.findings if one.rule == "echo-name" and one.place == "private"]
    assert any(part in str(one.values) for one in said for part in ("Železný", "Zelezny"))


@pytest.mark.parametrize(
    "text",
    [
        "<a b=&quot;1&quot;>&lt;coil&gt; &amp; 100 %</a>", "C:\\users\\x1f", r"\x00\x01\xff",
        "gain=80;echo=e4;flip=FA", "100\\240\\350\\303\\250", "x = 1\\nfield=3C=3D",
        "\\'begin\\' \\X12\\ \\XZ\\", "table_x0012_a", "GRE=2D=12=10=08", "5 °C \u00b1 1",
    ],
)  # fmt: skip
def test_coded_marks_and_bytes_in_an_element_are_no_letters(text: str) -> None:
    private = {(0x0099, "TUNING 3", 0x10): ("UT", text)}

    report = inspect([Entry("a", [make_scan(private=private)])])

    assert not [one for one in report.findings if "packed" in one.name]


def as_numbers(text: str, vr: str) -> bytes:
    """A text as the value of an element of numbers."""
    if vr in {"IS", "DS", "UT"}:
        return ("," if vr == "UT" else "\\").join(str(ord(one)) for one in text).encode() + b" "
    return text.encode("utf-32-le")


@pytest.mark.parametrize("vr", ["IS", "DS", "UL", "SL", "OB", "UN", "UT"])
def test_text_in_numbers_of_more_than_16_bits_is_read(vr: str) -> None:
    value = as_numbers("Coil 4; Quillbrooke, Tamsin; head first", vr)
    value += b" " * (len(value) % 2)
    body = make_element(0x00990010, "LO", b"TUNING 3") + make_element(0x00991010, vr, value)

    report = inspect([Entry("a", [make_raw_scan(body)])])

    assert any("Quillbrooke" in value for one in report.findings for value in one.values)


def test_measurements_are_no_text() -> None:
    chance = random.Random(3)
    for number in range(200):
        counts = [chance.randint(33, 240) for _ in range(60)]
        if number % 2:
            counts = [60 + abs(at - 30) + chance.randint(0, 3) for at in range(60)]
        written = "\\".join(map(str, counts)).encode()
        body = (
            make_element(0x00990010, "LO", b"TUNING 3")
            + make_element(0x00991010, "UL", struct.pack("<60I", *counts))
            + make_element(0x00991011, "IS", written + b" " * (len(written) % 2))
        )
        report = inspect([Entry("a", [make_raw_scan(body)])])
        assert not [one for one in report.findings if one.place == "private"]
