"""Plants where no viewer looks: private data, UIDs, ends of files, scripts, encodings."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
)

from tests.builders import make_element, make_raw_scan, make_scan
from tests.scans.plants.plant import SOP_CLASS, Files, Plant, plant_tag


def _private_plant(
    row: str, group: int, creator: str, offset: int, vr: str, kind: str, wrap: str = ""
) -> Plant:
    def build(token: str) -> Files:
        value: str | bytes = token
        if wrap == "csa":
            value = b"SV10\4\3\2\1" + bytes(40) + b"UsedChannelMask\0\1\0\0\0"
            value += token.encode() + bytes(16) + b"NumberInSeries\0\0"
        elif wrap == "xml":
            value = b"<xml><Setting>normal value</Setting><Who>" + token.encode() + b"</Who></xml>"
        elif wrap == "long":
            line = b"setting=normal value\r\n"
            value = line * 4_000 + token.encode() + b"\r\n" + line * 4_000
        elif wrap == "utf16":
            value = b"\1\0\2\0\xff\xff" + token.encode("utf-16-le") + bytes(9)
        elif vr in ("UN", "OB", "OW"):
            value = token.encode()
        if isinstance(value, bytes) and len(value) % 2:
            value += b"\0"
        return {"IM0001.dcm": make_scan(private={(group, creator, offset): (vr, value)})}

    name = f"{creator} {group:04X},xx{offset:02X} {vr}{' ' + wrap if wrap else ''}"
    return Plant(row, name, "private", kind, build)


def private() -> Iterator[Plant]:
    yield _private_plant("10", 0x0099, "NOBODY KNOWS 1.0", 0x01, "LO", "text")
    yield _private_plant("10", 0x0099, "NOBODY KNOWS 1.0", 0x02, "UN", "text")
    yield _private_plant("10", 0x0099, "NOBODY KNOWS 1.0", 0x03, "PN", "name")
    yield _private_plant("10", 0x0099, "NOBODY KNOWS 1.0", 0x04, "OB", "text", "utf16")
    yield _private_plant("10", 0x0099, "NOBODY KNOWS 1.0", 0x08, "OB", "text")
    yield _private_plant("10", 0x0099, "NOBODY KNOWS 1.0", 0x09, "OW", "number")
    yield _private_plant("10", 0x0099, "NOBODY KNOWS 1.0", 0x0A, "OB", "name", "xml")
    yield _private_plant("10", 0x0099, "NOBODY KNOWS 1.0", 0x0C, "OB", "text", "long")
    yield _private_plant("10", 0x0099, "NOBODY KNOWS 1.0", 0x0B, "OB", "=Иванов", "utf16")
    yield _private_plant("10", 0x0099, "NOBODY KNOWS 1.0", 0x05, "DA", "date")
    yield _private_plant("10", 0x0099, "NOBODY KNOWS 1.0", 0x06, "UT", "text")

    def deep(token: str) -> Files:
        inner = Dataset()
        inner.PatientComments = token
        return {
            "IM0001.dcm": make_scan(private={(0x0099, "NOBODY KNOWS 1.0", 0x07): ("SQ", [inner])})
        }

    yield Plant("10", "inside a private sequence", "private", "text", deep)

    def among_creators(token: str) -> Files:
        date = make_element(0x00990044, "DA", token.encode()) if token else b""
        return {"IM0001.dcm": make_raw_scan(SOP_CLASS + date)}

    yield Plant("10", "a number kept for makers' names", "private", "date", among_creators)
    yield _private_plant("10a", 0x0029, "SIEMENS CSA HEADER", 0x10, "OB", "text", "csa")
    yield _private_plant("10a", 0x0029, "SIEMENS CSA HEADER", 0x20, "OB", "number", "csa")
    yield _private_plant("10a", 0x0029, "SIEMENS MEDCOM OOG", 0x10, "OB", "text", "utf16")
    yield _private_plant("10b", 0x0009, "GEMS_GENIE_1", 0x40, "PN", "name")
    yield _private_plant("10b", 0x0009, "GEMS_PETD_01", 0x02, "LO", "number")
    yield _private_plant("10b", 0x0009, "GEMS_PETD_01", 0x10, "LO", "text")
    yield _private_plant("10b", 0x0043, "GEMS_PARM_01", 0x62, "SH", "text")
    yield _private_plant("10b", 0x0905, "GEIIS", 0x30, "LO", "text")
    yield _private_plant("10c", 0x0033, "MITRA OBJECT UTF8 ATTRIBUTES 1.0", 0x02, "PN", "name")
    yield _private_plant("10c", 0x0033, "MITRA OBJECT UTF8 ATTRIBUTES 1.0", 0x1D, "PN", "name")
    yield _private_plant("10c", 0x0031, "MITRA LINKED ATTRIBUTES 1.0", 0x20, "LO", "number")
    yield _private_plant("10c", 0x0009, "MMCPrivate", 0x55, "LO", "name")
    yield _private_plant("10c", 0x0013, "SIEMENS CM VA0  CMS", 0x30, "DA", "date")
    yield _private_plant("10c", 0x0009, "HMC - CT - ID", 0x00, "UN", "text")
    yield _private_plant("10c", 0x0009, "FDMS 1.0", 0x80, "LO", "text")


def uids_and_ends() -> Iterator[Plant]:
    def dated(token: str) -> Files:
        uid = f"1.2.840.113619.2.55.{token}093012.7" if token else "2.25.77"
        return {"IM0001.dcm": make_scan(SOPInstanceUID=uid)}

    yield Plant("11", "date in a UID", "uid", "date", dated, "uid-date")

    def serial(token: str) -> Files:
        uid = f"1.3.12.2.1107.5.1.4.{token or '7'}.30000"
        return {"IM0001.dcm": make_scan(DeviceSerialNumber=token, SeriesInstanceUID=uid)}

    yield Plant("11", "serial number in a UID", "uid", "number", serial, "uid-echo")
    yield plant_tag("11", "FrameOfReferenceUID", "uid", "uid")
    yield plant_tag("11", "StudyInstanceUID", "uid", "uid")

    def text_first(token: str) -> Files:
        return {"IM0001.dcm": make_scan(preamble=token.encode().ljust(128, b"\0"))}

    yield Plant("12", "text in the preamble", "preamble", "text", text_first)

    def tiff_first(token: str) -> Files:
        if not token:
            return {"IM0001.dcm": make_scan()}
        scan = make_scan()
        text = token.encode() + b"\0"
        head = struct.pack("<2sHIHHHIII", b"II", 42, 8, 1, 270, 2, len(text), len(scan), 0)
        return {"IM0001.dcm": head.ljust(128, b"\0") + scan[128:] + text}

    yield Plant("12", "TIFF description", "preamble", "text", tiff_first)

    def after_the_end(token: str) -> Files:
        return {"IM0001.dcm": make_scan(trailing=f"xx{token}yy ".encode() if token else b"")}

    yield Plant("13", "bytes behind the end", "trailing", "text", after_the_end)

    def padded(token: str) -> Files:
        scan = make_scan(PixelData=None)
        value = token.encode().ljust(32, b"\0")
        return {"IM0001.dcm": scan + make_element(0xFFFCFFFC, "OB", value)}

    yield Plant("13", "data set trailing padding", "trailing", "text", padded)

    def second(token: str) -> Files:
        body = make_element(0x00100010, "PN", token.encode().ljust(10)) if token else b""
        return {"IM0001.dcm": make_scan(trailing=body)}

    yield Plant("13", "second data set", "trailing", "name", second)


def character_sets() -> Iterator[Plant]:
    def groups(token: str) -> Files:
        name = f"Yamada^Tarou={token}^太郎=やまだ^たろう" if token else ""
        return {
            "IM0001.dcm": make_scan(SpecificCharacterSet=["", "ISO 2022 IR 87"], PatientName=name)
        }

    yield Plant("33", "ideographic name", "header", "=山田", groups, "patient-name")

    def echoed(token: str) -> Files:
        return {
            "IM0001.dcm": make_scan(
                SpecificCharacterSet="ISO_IR 192",
                PatientName=f"Yamada^Tarou={token}^太郎" if token else None,
                ImageComments=f"患者 {token}太郎 様" if token else "患者",
            )
        }

    yield Plant("33", "ideographic name echoed", "header", "=山田", echoed, "echo-name")

    def chinese(token: str) -> Files:
        return {"IM0001.dcm": make_scan(SpecificCharacterSet="GB18030", PatientName=token)}

    yield Plant("33", "GB18030 name", "header", "=王小明", chinese, "patient-name")

    def misdeclared(token: str) -> Files:
        body = make_element(0x00080005, "CS", b"ISO_IR 100")
        name = token.encode("utf-8")
        body += make_element(0x00100010, "PN", name + b" " * (len(name) % 2))
        return {"IM0001.dcm": make_raw_scan(body)}

    yield Plant("33", "UTF-8 declared Latin-1", "header", "=Jiménez", misdeclared, "patient-name")


def encodings() -> Iterator[Plant]:
    for name, syntax in {
        "deflated": DeflatedExplicitVRLittleEndian,
        "implicit": ImplicitVRLittleEndian,
        "big endian": ExplicitVRBigEndian,
    }.items():
        yield _written(name, syntax)

    def bare(token: str) -> Files:
        return {"IM0001.dcm": make_scan(bare=True, PatientName=token)}

    yield Plant("34", "no preamble and no meta", "header", "name", bare)

    def unknown_sequence(token: str) -> Files:
        value = token.encode() + b" " * (len(token) % 2)
        item = struct.pack("<HHI", 0x0010, 0x0010, len(value)) + value
        sequence = struct.pack("<HHI", 0xFFFE, 0xE000, len(item)) + item
        return {"IM0001.dcm": make_raw_scan(make_element(0x00081120, "UN", sequence))}

    yield Plant("34", "sequence written as UN", "nested", "name", unknown_sequence)

    def cut(token: str) -> Files:
        return {"IM0001.dcm": make_scan(PatientName=token)[:-20]}

    yield Plant("34", "truncated file", "header", "name", cut)


def _written(name: str, syntax: str) -> Plant:
    def build(token: str) -> Files:
        return {"IM0001.dcm": make_scan(syntax=syntax, PatientName=token)}

    return Plant("34", name, "header", "name", build)
