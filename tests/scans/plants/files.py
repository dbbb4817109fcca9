"""Files that are not DICOM, with a text inside."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing

from PIL import Image
from PIL.PngImagePlugin import PngInfo


def make_pdf(text: str = "", *, author: str = "") -> bytes:
    """A one-page PDF with ``text`` on it."""
    stream = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Author({author})>>".encode(),
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(data)
    data += b"xref\n0 7\n0000000000 65535 f \n" + table
    return data + b"trailer<</Size 7/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF" % start


def make_jpeg(*, description: str = "", position: bool = False) -> bytes:
    """A small JPEG with EXIF."""
    picture = Image.new("RGB", (8, 8))
    exif = picture.getexif()
    if description:
        exif[0x010E] = description
    if position:
        exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 30.0, 0.0), 3: "E", 4: (11.0, 15.0, 0.0)})
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=exif)
    return file.getvalue() + b"\0" * (len(file.getvalue()) % 2)


def make_png(text: str) -> bytes:
    """A small PNG with a text chunk."""
    info = PngInfo()
    if text:
        info.add_text("Title", text)
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG", pnginfo=info)
    return file.getvalue()


def make_model(name: str) -> bytes:
    """A 3-D model in text form with a name in its head."""
    return (f"solid {name}\nendsolid {name}\n" if name else "solid model\nendsolid\n").encode()


def make_cda(name: str) -> bytes:
    """A clinical document with a patient's name."""
    return (
        '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patient>'
        f"<name><family>{name}</family></name></patient></recordTarget></ClinicalDocument>"
    ).encode()


def make_program(text: str) -> bytes:
    """What looks like a Windows program, with a name in UTF-16 inside."""
    return b"MZ" + bytes(200) + text.encode("utf-16-le") + bytes(60)


def make_database(text: str) -> bytes:
    """A database file with a table of patients."""
    # From Python 3.13 on, a connection that is not closed is a ResourceWarning.
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("create table patients (name text)")
        database.execute("insert into patients values (?)", (text,))
        database.commit()
        return database.serialize()
