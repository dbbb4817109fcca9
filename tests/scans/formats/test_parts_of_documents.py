"""Parts of documents that stand where most programs do not show them: each is read."""

from __future__ import annotations

import base64
import binascii
import html
import io
import plistlib
import sqlite3
import struct
import time
import zipfile
from email.message import EmailMessage

import pytest
from PIL import Image

from companion.scans.findings import Report
from companion.scans.inspection import Entry, inspect

NAME = "Patient name: Krambacher, Ottilie"
NUMBER = "MRN: 48213977"


def look(name: str, data: bytes) -> Report:
    return inspect([Entry(name, [data])])


def rules(report: Report, value: str) -> set[str]:
    return {one.rule for one in report.findings if any(value in text for text in one.values)}


def pack(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as office:
        office.writestr("[Content_Types].xml", "<Types/>")
        for name, text in parts.items():
            office.writestr(name, text)
    return file.getvalue()


WORD = (
    '<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>A plain letter</w:t></w:r'
    "></w:p></w:body></w:document>"
)
PARTS_OF_OFFICE = {
    "docVars": (
        "a.docx",
        "word/settings.xml",
        ('<w:docVar w:name="PatientName" w:val="Krambacher, Ottilie"/>'),
    ),
    "chart": ("a.docx", "word/charts/chart1.xml", f"<c:v>{NAME}</c:v>"),
    "diagram": ("a.docx", "word/diagrams/data1.xml", f"<a:t>{NAME}</a:t>"),
    "tooltip": ("a.docx", "word/document.xml", f'<w:hyperlink w:tooltip="{NAME}"/>'),
    "drawn letters": ("a.docx", "word/document.xml", f'<v:textpath string="{NAME}"/>'),
    "a part of its own": ("a.docx", "data/more.xml", f"<a>{NAME}</a>"),
    "own property": (
        "a.docx",
        "docProps/custom.xml",
        ('<property name="PatientName"><vt:lpwstr>Krambacher, Ottilie</vt:lpwstr></property>'),
    ),
    "header of a sheet": (
        "a.xlsx",
        "xl/worksheets/sheet1.xml",
        (
            f"<worksheet><sheetData/><headerFooter><oddHeader>&amp;L{NAME}</oddHeader>"
            f"</headerFooter></worksheet>"
        ),
    ),
    "formula": (
        "a.xlsx",
        "xl/worksheets/sheet1.xml",
        (
            f'<worksheet><sheetData><row><c><f>T("{NAME}")</f><v>1</v></c></row></shee'
            f"tData></worksheet>"
        ),
    ),
    "prefixed sheet": (
        "a.xlsx",
        "xl/worksheets/sheet1.xml",
        (
            f'<x:worksheet><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>{NAME}</x'
            f":t></x:is></x:c></x:row></x:sheetData></x:worksheet>"
        ),
    ),
    "sheet by another name": (
        "a.xlsx",
        "xl/worksheets/mine.xml",
        (
            f'<worksheet><sheetData><row><c t="inlineStr"><is><t>{NAME}</t></is></c></'
            f"row></sheetData></worksheet>"
        ),
    ),
    "connection": ("a.xlsx", "xl/connections.xml", f'<connection connectionString="{NAME}"/>'),
    "master": ("a.pptx", "ppt/slideMasters/slideMaster1.xml", f"<p:sp><a:t>{NAME}</a:t></p:sp>"),
    "layout": ("a.pptx", "ppt/slideLayouts/slideLayout1.xml", f"<p:sp><a:t>{NAME}</a:t></p:sp>"),
    "tag": ("a.pptx", "ppt/tags/tag1.xml", '<p:tag name="PatientName" val="Krambacher, Ottilie"/>'),
    "macro of ODF": ("a.odt", "Basic/Standard/Module1.xml", f"<script>{NAME}</script>"),
    "object's styles": ("a.odt", "Object 1/styles.xml", f"<text:p>{NAME}</text:p>"),
    "field of ODF": (
        "a.odt",
        "meta.xml",
        ('<meta:user-defined meta:name="Patient name">Krambacher, Ottilie</meta:user-defined>'),
    ),
}


@pytest.mark.parametrize("part", PARTS_OF_OFFICE)
def test_every_part_of_an_office_document_is_read(part: str) -> None:
    name, where, text = PARTS_OF_OFFICE[part]

    found = look(name, pack(**{"word/document.xml": WORD, where: text}))
    clean = look(
        name, pack(**{"word/document.xml": WORD, where: text.replace("Krambacher, Ottilie", "")})
    )

    assert "name-in-text" in rules(found, "Krambacher")
    assert not [one for one in clean.findings if one.rule.endswith("in-text")]


@pytest.mark.parametrize(
    "where", ["xl/workbook.xml", "ppt/authors.xml", "xl/pivotCache/pivotCacheDefinition1.xml"]
)
def test_names_in_a_workbook_are_shown(where: str) -> None:
    text = (
        '<x><sheet name="Krambacher Ottilie"/><s v="Krambacher Ottilie"/><author '
        'name="Krambacher Ottilie"/></x>'
    )

    assert rules(look("a.xlsx", pack(**{where: text})), "Krambacher") == {"other-file-details"}


def test_a_sheet_that_nobody_named_says_nothing() -> None:
    sheets = (
        '<workbook><sheet name="Tabelle1"/><definedName name="_xlnm.Print_Area">A'
        "1</definedName></workbook>"
    )

    found = look("a.xlsx", pack(**{"xl/workbook.xml": sheets}))

    assert not [one for one in found.findings if one.rule == "other-file-details"]


def test_what_a_master_asks_for_is_nobodys_words() -> None:
    prompt = (
        '<p:sp><p:nvPr><p:ph type="title"/></p:nvPr><a:t>Mastertitelformat bearbeiten</a:t></p:sp>'
    )

    found = look("a.pptx", pack(**{"ppt/slideMasters/slideMaster1.xml": prompt}))

    assert not rules(found, "Mastertitel")


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.bin", "word/vbaProject.bin"])
def test_a_part_in_a_form_of_its_own_is_said_to_be_unread(part: str) -> None:
    found = look("a.xlsx", pack(**{part: NAME}))

    assert found.files[0].notes == ("part-not-checked",)
    assert look("b.xlsx", pack()).files[0].notes == ()


def test_a_day_in_a_sheet_is_a_number_of_days() -> None:
    rows = "".join(
        f'<row><c r="A{at}" t="inlineStr"><is><t>{name}</t></is></c><c r="C{at}"{kind}</c></row>'
        for at, name, kind in (
            (1, "Name", ' t="inlineStr"><is><t>Birth date</t></is>'),
            (2, "Krambacher Ottilie", "><v>22394</v>"),
        )
    )
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"

    found = look("a.xlsx", pack(**{"xl/worksheets/sheet1.xml": sheet}))

    assert rules(found, "1961-04-23") >= {"birth-date-in-text"}
    other = look(
        "a.xlsx", pack(**{"xl/worksheets/sheet1.xml": sheet.replace("Birth date", "Price")})
    )
    assert not rules(other, "1961-04-23")


TABLES = {
    "semicolons below a title": "Patients of the week\n\nPatient name;Birth date;MRN\n{};{};{}\n",
    "a line that names the sign": 'sep=;\nPatient name;Birth date;MRN\n"{}";{};{}\n',
    "two heads of one name": "Patient name;Date;Date;Birth date;MRN\n{};1.1.2020;2.1.2020;{};{}\n",
    "a number in front": ";Patient name;Birth date;MRN\n1;{};{};{}\n",
    "label and value": 'Field,Value\nPatient name,"{}"\nDate of birth,{}\nMRN,{}\n',
    "blanks": "Patient name         Birth date   MRN\n{}  {}   {}\n",
    "one blank": "Patient name Birth date MRN\n{} {} {}\n",
    "bars": "| Patient name | Birth date | MRN |\n|---|---|---|\n| {} | {} | {} |\n",
    "one below the other": "Patient name\n{}\nDate of birth\n{}\nMRN\n{}\n",
    "German": "Patientenname;Geb.-Datum;Patienten-Nr.\n{};{};{}\n",
    "French": "Nom du patient;Date de naissance;N° dossier\n{};{};{}\n",
    "Spanish": "Nombre del paciente;Fecha de nacimiento;Nº historia\n{};{};{}\n",
}


@pytest.mark.parametrize("table", TABLES)
def test_a_cell_is_found_below_or_beside_its_label(table: str) -> None:
    found = look(
        "a.txt", TABLES[table].format("Krambacher Ottilie", "23.04.1961", "48213977").encode()
    )
    clean = look("a.txt", TABLES[table].format("", "", "").encode())

    assert "name-in-text" in rules(found, "Krambacher")
    assert "birth-date-in-text" in rules(found, "23.04.1961")
    assert "record-number-in-text" in rules(found, "48213977")
    assert not [one for one in clean.findings if one.rule.endswith("in-text")]


@pytest.mark.parametrize(
    "text",
    [
        "Name,Number,Account\nBrightness,4711,1234\n",
        "| Option | Default |\n|---|---|\n| Name | Viewer |\n| Number | 20480 |\n",
        "Patient name\nDate of birth\nMRN\nReferring physician\n\nPlease fill in the form.\n",
        "Column;Meaning\nPatient name;The name of the patient\nMRN;The medical record number\n",
        "The term 2^Power and x^n, or A^B for an exponent. Last^First",
    ],
)
def test_a_table_of_a_program_is_nobodys(text: str) -> None:
    found = look("a.txt", text.encode())

    assert not [one.rule for one in found.findings if one.rule.endswith("in-text")]


SENTENCES = {
    "German": (
        "unsere gemeinsame Patientin Frau Ottilie Krambacher, geb. am 23.04.1961, wohnhaft in"
    ),
    "English": "Re: Mrs Ottilie KRAMBACHER, DOB 23/04/1961",
    "French": "Madame Ottilie KRAMBACHER, née le 23 avril 1961, a été examinée",
    "as DICOM writes it": "Opening study for patient Krambacher^Ottilie",
    "list of a header": "(0010,0010) PN [Krambacher, Ottilie]   # 18, 1 PatientName",
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_who_a_sentence_is_about_is_a_name(sentence: str) -> None:
    found = {
        rule
        for word in ("Krambacher", "KRAMBACHER")
        for rule in rules(look("a.txt", SENTENCES[sentence].encode()), word)
    }

    assert "name-in-text" in found


def test_a_company_that_was_founded_then_is_no_patient() -> None:
    found = look(
        "a.txt", b"This viewer was written by a company in Erlangen, and born as a toy: 23.04.1961"
    )

    assert not rules(found, "company") & {"name-in-text"}


LABELLED = {
    "CDA": (
        '<ClinicalDocument><patientRole><id extension="48213977"/><patient><name>'
        "<given>Ottilie</given><family>Krambacher</family></name><birthTime value"
        '="19610423"/></patient></patientRole></ClinicalDocument>'
    ),
    "FHIR": (
        '<Patient xmlns="http://hl7.org/fhir"><identifier><value value="48213977"'
        '/></identifier><name><family value="Krambacher"/></name><birthDate value'
        '="1961-04-23"/></Patient>'
    ),
    "HL7": (
        "<ORU_R01><PID><PID.3><CX.1>48213977</CX.1></PID.3><PID.5><XPN.1><FN.1>Kr"
        "ambacher</FN.1></XPN.1></PID.5><PID.7><TS.1>19610423</TS.1></PID.7></PID"
        "></ORU_R01>"
    ),
    "DICOM": (
        '<NativeDicomModel><DicomAttribute keyword="PatientName"><PersonName><Alp'
        "habetic><FamilyName>Krambacher</FamilyName></Alphabetic></PersonName></D"
        'icomAttribute><DicomAttribute keyword="PatientID"><Value>48213977</Value'
        '></DicomAttribute><DicomAttribute keyword="PatientBirthDate"><Value>1961'
        "0423</Value></DicomAttribute></NativeDicomModel>"
    ),
    "attributes": (
        '<study patientName="Krambacher, Ottilie" birthDate="1961-04-23" patientId="48213977"/>'
    ),
    "an ECG": (
        "<RestingECG><PatientID>48213977</PatientID><DateofBirth>04-23-1961</Date"
        "ofBirth><PatientLastName>Krambacher</PatientLastName></RestingECG>"
    ),
}


@pytest.mark.parametrize("kind", LABELLED)
def test_an_outer_element_says_what_an_inner_one_holds(kind: str) -> None:
    found = look("a.xml", b'<?xml version="1.0"?>' + LABELLED[kind].encode())
    clean = LABELLED[kind].replace("Krambacher", "").replace("Ottilie", "").replace(", ", "")
    for value in ("48213977", "19610423", "1961-04-23", "04-23-1961"):
        clean = clean.replace(value, "")

    assert "name-in-text" in rules(found, "Krambacher")
    assert "record-number-in-text" in rules(found, "48213977")
    assert {"birth-date-in-text"} & (rules(found, "1961") | rules(found, "19610423"))
    nobody = look("a.xml", b'<?xml version="1.0"?>' + clean.encode())
    assert not [one for one in nobody.findings if one.rule.endswith("in-text")]


def uuencoded(data: bytes) -> bytes:
    lines = b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    return b"begin 644 a.txt\n" + lines + b"`\nend\n"


def mail(before: bytes = b"", behind: bytes = b"", header: bytes = b"") -> bytes:
    head = (
        b'From: desk@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n'
    )
    return (
        head
        + header
        + b"\n"
        + before
        + b"\n--x\nContent-Type: text/plain\n\nhello\n--x--\n"
        + behind
    )


def property_list() -> bytes:
    return plistlib.dumps({"PatientName": "Krambacher, Ottilie"}, fmt=plistlib.FMT_BINARY)


WRITTEN = {
    "uuencode": ("a.txt", uuencoded(NAME.encode())),
    "uuencode in a mail": (
        "a.eml",
        (b"From: a@example.org\nMIME-Version: 1.0\nMessage-ID: <1>\n\n") + uuencoded(NAME.encode()),
    ),
    "in front of a mail's parts": ("a.eml", mail(before=NAME.encode())),
    "behind a mail's parts": ("a.eml", mail(behind=NAME.encode())),
    "a mail's own header": ("a.eml", mail(header=b"X-Patient-Name: Krambacher, Ottilie\n")),
    "property list": ("a.plist", property_list()),
    "UTF-32 without a mark": ("a.txt", NAME.encode("utf-32-le")),
    "style sheet": ("a.html", f"<html><style>p:after{{content:'{NAME}'}}</style></html>".encode()),
    "microdata": (
        "a.html",
        (
            b"<html><p itemprop='name'>Krambacher Ottilie</p> born <time itemprop='bir"
            b"thDate'>1961-04-23</time></html>"
        ),
    ),
    "field of a page": (
        "a.html",
        (b"<html><label>Patient name</label><input value='Krambacher, Ottilie'></html>"),
    ),
    "two parts of a line": (
        "a.html",
        (b"<html><span>Patient name</span><span>Krambacher, Ottilie</span></html>"),
    ),
    "data of a script": ("a.js", b'show({"patient": {"patientName": "Krambacher, Ottilie"}});'),
    "base64 in a script": (
        "a.js",
        b"var p = atob('" + base64.b64encode(NAME.encode() + b"\nreport of a scan") + b"');",
    ),
    "parts of a word": ("a.js", b"var patientName = 'Kram' + 'bacher, Ottilie';"),
    "a name that stands twice": (
        "a.json",
        (b'{"patientName": "Krambacher, Ottilie", "patientName": ""}'),
    ),
    "behind a GIF": ("a.gif", b"GIF89a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;" + NAME.encode()),
    "behind a PNG": ("a.png", None),
    "card": (
        "a.vcf",
        (b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ottilie Krambacher\r\nBDAY:19610423\r\nEND:VCARD\r\n"),
    ),
    "xDT": ("a.gdt", b"01380006302\r\n0193101Krambacher\r\n0163102Ottilie\r\n017310323041961\r\n"),
    "HL7 with other signs": ("a.hl7", b"MSH#!~\\&#RIS\rPID#1##48213977##Krambacher!Ottilie\r"),
    "section of settings": (
        "a.ini",
        (b"[Patient]\r\nName=Krambacher, Ottilie\r\n[Window]\r\nName=Viewer\r\n"),
    ),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_a_name_is_found_however_it_is_written(way: str) -> None:
    name, data = WRITTEN[way]
    if data is None:
        file = io.BytesIO()
        Image.new("RGB", (9, 9)).save(file, "PNG")
        data = file.getvalue() + NAME.encode()

    found = look(name, data)

    assert "name-in-text" in rules(found, "ram") | rules(found, "Krambacher")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.js", b"var patientName = document.getElementById('patientName').value;"),
        ("a.js", b"var words = {patientName: 'Patient name', mrn: 'Medical record number'};"),
        ("a.ini", b"[Patient]\r\nName=\r\nShowBirthDate=1\r\n[Window]\r\nName=Viewer\r\n"),
        ("a.eml", mail(before=b"This is a multi-part message in MIME format.")),
        ("a.html", b"<html><label>Patient name</label><input value='Search'></html>"),
        ("a.txt", b"begin 644 pages of the manual\nthat is all\nend\n"),
    ],
)
def test_what_looks_alike_and_names_nobody_is_silent(name: str, data: bytes) -> None:
    assert not [one for one in look(name, data).findings if one.rule == "name-in-text"]


def test_letters_in_iso_2022_are_read() -> None:
    found = look("a.txt", "患者氏名: 佐藤 美咲\n".encode("iso2022_jp"))

    assert any("佐藤" in text for one in found.findings for text in one.values)


def test_links_to_somebody_are_contacts() -> None:
    page = (
        b"<html><a href='mailto:o.krambacher@beispielpost.de'>mail</a> <a href='te"
        b"l:+493055570148'>call</a></html>"
    )
    found = look("a.html", page)

    assert "email-in-text" in rules(found, "o.krambacher@")
    assert "contact-in-text" in rules(found, "0148")


def test_a_message_that_is_locked_says_so() -> None:
    armour = b"-----BEGIN PGP MESSAGE-----\n\nhQEMA1234567890\n-----END PGP MESSAGE-----\n"

    assert look("a.txt", armour).files[0].notes == ("packed-not-opened",)


def test_a_deleted_row_of_a_database_is_read() -> None:
    def database(*, then: str) -> bytes:
        base = sqlite3.connect(":memory:")
        base.execute("PRAGMA secure_delete = OFF")
        base.execute("CREATE TABLE p (words TEXT)")
        base.execute("INSERT INTO p VALUES (?)", (f"Report. {NAME}. Nothing else was seen.",))
        base.execute(then)
        base.commit()
        data: bytes = base.serialize()
        base.close()
        return data

    assert "name-in-text" in rules(look("a.db", database(then="DELETE FROM p")), "Krambacher")


def test_a_form_that_was_typed_into_a_table_of_a_page_keeps_its_columns() -> None:
    heads = "".join(f"<th>{head}</th>" for head in ("Patient name", "Birth date", "MRN"))
    row = "".join(
        f"<td>{html.escape(cell)}</td>" for cell in ("Krambacher, O.", "23.04.1961", "48213977")
    )

    found = look("a.html", f"<html><table><tr>{heads}</tr><tr>{row}</tr></table></html>".encode())

    assert rules(found, "Krambacher") >= {
        "name-in-text",
        "birth-date-in-text",
        "record-number-in-text",
    }


def test_a_mail_without_anything_of_a_patient_is_silent() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "shop@example.org", "A new viewer"
    message["X-Campaign"] = "spring"
    message.set_content("It is out now.")

    assert {one.rule for one in look("a.eml", message.as_bytes()).findings} <= {
        "other-file",
        "other-file-details",
        "email-in-text",
    }


HOSTILE: dict[str, tuple[str, bytes]] = {
    "rows without end": ("a.xlsx", pack(**{"xl/worksheets/sheet1.xml": "<row>" * 300_000})),
    "cells without end": (
        "a.xlsx",
        pack(**{"xl/worksheets/sheet1.xml": "<row>" + "<c>" * 300_000}),
    ),
    "texts without end": ("a.xlsx", pack(**{"xl/sharedStrings.xml": "<si>" * 300_000})),
    "shapes without end": (
        "a.pptx",
        pack(**{"ppt/slideMasters/slideMaster1.xml": "<p:sp>" * 300_000}),
    ),
    "links without end": (
        "a.docx",
        pack(**{"word/_rels/document.xml.rels": "<Relationship " * 100_000}),
    ),
    "elements without end": ("a.xml", b"<?xml version='1.0'?>" + b"<patient>" * 100_000),
    "ends of what never began": (
        "a.xml",
        b"<?xml version='1.0'?>" + b"<patient>" * 200 + b"</x>" * 100_000,
    ),
    "beginnings of uuencode": ("a.txt", b"begin 644 a\nM\n" * 100_000),
    "headers of a mail": (
        "a.eml",
        b"From: a@b\nMIME-Version: 1.0\n" + b"X-A: b\n" * 100_000 + b"\n",
    ),
    "a list that holds itself": (
        "a.plist",
        b"bplist00\xaf\x11\x03\xe8" + bytes(1_000) + b"\x08" + bytes(6) + b"\1\1"
        + (1).to_bytes(8, "big") + bytes(8) + (1_012).to_bytes(8, "big"),
    ),
    "free pages that are one": (
        "a.db",
        (b"SQLite format 3\0\x10\0\1\1\0@  " + bytes(8) + (1).to_bytes(4, "big")
         + (2).to_bytes(4, "big")).ljust(4_096, b"\0")
        + ((2).to_bytes(4, "big") + (1_000).to_bytes(4, "big") + b"\0\0\0\2" * 1_022) * 50,
    ),
    "blanks": ("a.txt", b" " * 2_000_000),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_made_to_take_long_does_not(kind: str) -> None:
    start = time.process_time()

    found = look(*HOSTILE[kind])

    assert len(found.files) == 1
    assert time.process_time() - start < 20  # seconds: it takes one, and hours if read in a circle


def make_extra(kind: int, body: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        entry = zipfile.ZipInfo("notes.txt")
        entry.extra = struct.pack("<HH", kind, len(body)) + body
        packed.writestr(entry, "nothing here")
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        make_extra(0x6666, NAME.encode()),
        make_extra(0x6375, bytes(5) + NAME.encode()),
        make_extra(0x6666, b"") + NAME.encode(),
    ],
    ids=["field of its own", "comment in UTF-8", "behind the end"],
)
def test_what_a_zip_says_around_its_files_is_read(data: bytes) -> None:
    assert "archive-comment" in rules(look("a.zip", data), "Krambacher")


def test_what_every_zip_has_beside_a_file_says_nothing() -> None:
    times = make_extra(0x5455, b"\3abcdefghijkl")

    assert not [one for one in look("a.zip", times).findings if one.rule == "archive-comment"]


def picture(kind: str, size: int = 900) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((size, size), 60).save(file, kind)
    return file.getvalue()


def paths(count: int) -> bytes:
    drawn = "".join(
        f"<path d='M{at} {at} L{at + 3} {at} L{at} {at + 4} Z'/>" for at in range(count)
    )
    return f"<svg xmlns='http://www.w3.org/2000/svg'>{drawn}</svg>".encode()


WORDS = "This letter explains how to put the disc into the drive and how the viewer starts. " * 4


def test_a_picture_in_an_rtf_that_stands_there_as_it_is_was_not_looked_at() -> None:
    def letter(data: bytes) -> bytes:
        shown = b"{\\pict\\jpegblip\\bin%d " % len(data) + data + b"}"
        return b"{\\rtf1 " + WORDS.encode() + shown + b"}"

    assert look("a.rtf", letter(picture("JPEG"))).files[0].notes == ("picture-page",)
    assert look("a.rtf", letter(picture("JPEG", 24))).files[0].notes == ()


def test_a_picture_whose_size_is_not_known_counts_if_it_is_heavy() -> None:
    def document(data: bytes) -> bytes:
        file = io.BytesIO(pack(**{"word/document.xml": WORD.replace("A plain letter", WORDS)}))
        with zipfile.ZipFile(file, "a") as parts:
            parts.writestr("word/media/image1.tiff", data)
        return file.getvalue()

    assert look("a.docx", document(picture("TIFF"))).files[0].notes == ("picture-not-looked-at",)
    assert look("a.docx", document(picture("TIFF", 24))).files[0].notes == ()


def test_a_drawing_of_many_lines_and_no_letter_may_be_words() -> None:
    assert look("a.svg", paths(300)).files[0].notes == ("picture-page",)
    assert look("a.svg", paths(9)).files[0].notes == ()
