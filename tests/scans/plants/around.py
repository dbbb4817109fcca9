"""Plants around the scans: file and folder names, ZIPs, other files on the disc."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.builders import make_scan, make_zip
from tests.scans.plants.files import (
    make_cda,
    make_database,
    make_jpeg,
    make_pdf,
    make_png,
    make_program,
)
from tests.scans.plants.plant import Files, Plant


def around_the_scans() -> Iterator[Plant]:
    def named(token: str) -> Files:
        folder = f"{token}_John_20240115" if token else "DICOM"
        return {f"{folder}/IM0001.dcm": make_scan()}

    yield Plant("29", "folder name", "file-name", "name", named, dicom=False)

    def file_named(token: str) -> Files:
        return {f"{token or 'IM0001'}.dcm": make_scan()}

    yield Plant("29", "file name", "file-name", "name", file_named, dicom=False)

    def number_named(token: str) -> Files:
        return {f"{token or '0001'}.dcm": make_scan()}

    yield Plant("29", "number as file name", "file-name", "number", number_named, dicom=False)

    def zipped(token: str) -> Files:
        return {"scans.zip": make_zip({f"{token or 'DICOM'}/IM0001": make_scan()})}

    yield Plant("29", "name in a ZIP", "file-name", "name", zipped, dicom=False)

    def commented(token: str) -> Files:
        return {"scans.zip": make_zip({"IM0001": make_scan()}, comment=token.encode())}

    yield Plant("29", "ZIP comment", "archive", "text", commented, dicom=False)
    for name, make in {
        "report.pdf": make_pdf,
        "details of report.pdf": lambda token: make_pdf(author=token),
        "index.htm": lambda token: f"<html><p>Images of {token}</p></html>".encode(),
        "README.TXT": lambda token: f"Scan of {token}\r\n".encode(),
        "photo.jpg": lambda token: make_jpeg(description=token),
        "photo.png": lambda token: make_png(token),
        "cda.xml": make_cda,
        "message.hl7": lambda token: f"MSH|^~\\&|A|B\rPID|1||7||{token}^".encode(),
    }.items():
        yield _beside(name, make)
    for name, make in {"viewer.exe": make_program, "viewer.db": make_database}.items():
        yield _beside(name, make, echo=True)


def _beside(where: str, make: Callable[[str], bytes], *, echo: bool = False) -> Plant:
    name = where.rsplit(" ", 1)[-1]

    def build(token: str) -> Files:
        scan = make_scan(PatientName=f"{token}^Ann" if echo and token else None)
        return {"DICOM/IM0001": scan, name: make(token)}

    rule = "echo-name" if echo else ""
    return Plant("30", where, "other-file", "name", build, rule, dicom=False)
