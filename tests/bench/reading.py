"""What is found of what is hidden, by kind, and how often a clean twin looks like it.

    python -m tests.bench.reading
    python -m tests.bench.reading places packings letters escapes spellings

Each input is made twice: with somebody's name, number or day in one place, and without it.
``found``: told from that place; ``said``: not told, but the file is listed as partly or not
read; ``silent``: neither, which is the one wrong answer. ``alarms``: clean twins of which the
same is told; ``doubted``: clean twins that are not read whole although those with the name are.
"""

from __future__ import annotations

import argparse
import base64
import json
import quopri
import random
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from html.entities import codepoint2name
from typing import NamedTuple

from companion.scans.findings import Finding, Report, Status
from companion.scans.inspection import Entry, inspect
from tests.builders import make_element, make_raw_scan, make_scan, make_zip
from tests.scans.formats.test_code_pages import NAMES
from tests.scans.packings import NAME, PACKINGS, PLACES, TEXT_PLACES, make_text
from tests.scans.people.test_persons import SPELLINGS
from tests.scans.plants import Files, Plant, around, headers, hidden, words

TOKENS = 5
"""Random tokens in each place."""
GROUPS: dict[str, Callable[[], Iterator[Plant]]] = {
    "the patient and other people": headers.patient_and_people,
    "numbers and dates": headers.numbers_and_dates,
    "nested elements": headers.nested,
    "private elements": hidden.private,
    "UIDs, preamble, ends of files": hidden.uids_and_ends,
    "pictures": words.pictures,
    "reports and notes": words.words,
    "file meta and DICOMDIR": words.meta_and_index,
    "what lies beside the scans": around.around_the_scans,
    "machines and signatures": headers.machines_and_signatures,
    "character sets": hidden.character_sets,
    "encodings": hidden.encodings,
    "what narrows down": headers.low_risk,
}
_LAST_OF_ASCII = 0x7F


class Case(NamedTuple):
    """One input and its clean twin."""

    files: Files
    clean: Files
    tells: Callable[[Finding], bool]
    """Whether a finding is what is looked for."""


@dataclass
class Count:
    """What came of the cases of one kind."""

    tried: int = 0
    found: int = 0
    said: int = 0
    alarms: int = 0
    doubted: int = 0
    silent: list[str] = field(default_factory=list)

    def add(self, case: Case) -> None:
        told, clean = _look(case.files), _look(case.clean)
        keys = {_key(one) for one in told.findings if case.tells(one)}
        self.tried += 1
        if keys:
            self.found += 1
        elif not _is_whole(told):
            self.said += 1
        else:
            self.silent.append(" ".join(case.files))
        self.alarms += bool(keys & {_key(one) for one in clean.findings})
        self.doubted += _is_whole(told) and not _is_whole(clean)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="|".join(PARTS))
    whole = Count()
    print(f"{'kind':44} tried found  said silent alarms doubted")
    for part in parser.parse_args().parts or PARTS:
        for kind, cases in PARTS[part]():
            count = Count()
            for case in cases:
                count.add(case)
            _print(kind, count)
            for name in ("tried", "found", "said", "alarms", "doubted", "silent"):
                setattr(whole, name, getattr(whole, name) + getattr(count, name))
    _print("all", whole)


def _print(kind: str, count: Count) -> None:
    figures = (count.tried, count.found, count.said, len(count.silent), count.alarms)
    row = "".join(f"{figure:6}" for figure in figures)
    print(f"{kind:43}{row} {count.doubted:6}", *sorted(set(count.silent))[:3])


def places() -> Iterator[tuple[str, Iterator[Case]]]:
    """The places where identity hides in a scan and beside it."""
    for kind, plants in GROUPS.items():
        yield kind, _planted(plants)


def _planted(plants: Callable[[], Iterator[Plant]]) -> Iterator[Case]:
    for plant in plants():
        for seed in range(TOKENS):
            token = plant.token(random.Random(f"bench {plant.id} {seed}"))
            made = plant.build(token or "x")
            yield Case(made, plant.build(""), partial(_reports, plant, token))


def packings() -> Iterator[tuple[str, Iterator[Case]]]:
    """Text in packings and codes, wherever bytes stand."""
    for packing, pack in PACKINGS.items():
        yield packing, _packed(pack)


def _packed(pack: Callable[[bytes], bytes]) -> Iterator[Case]:
    told, clean = pack(make_text()), pack(make_text(clean=True))
    scan = make_scan(PatientName=f"{NAME}^Tamsin")
    # Of bytes beyond ASCII, a text element makes others than were put in.
    fits = max(told) <= _LAST_OF_ASCII and max(clean) <= _LAST_OF_ASCII
    for place in PLACES | TEXT_PLACES if fits else PLACES:
        make = (PLACES | TEXT_PLACES)[place]
        yield Case({"IM0": scan, **make(told)}, {"IM0": scan, **make(clean)}, _is_echo)


def letters() -> Iterator[tuple[str, Iterator[Case]]]:
    """Names in code pages that nothing declares."""
    for page, names in NAMES.items():
        yield f"names in {page}", _in_page(page, names)


def _in_page(page: str, names: list[str]) -> Iterator[Case]:
    for name in names:
        for make in (_undeclared, _as_latin, _private_text, _table, _text_file):
            files = make(name.encode(page), name.replace("^", " ").encode(page))
            yield Case(files, make(b"", b""), partial(_names, name.split("^")[0]))


def _undeclared(name: bytes, _: bytes) -> Files:
    return {"IM1": make_raw_scan(make_element(0x00100010, "PN", name + b" " * (len(name) % 2)))}


def _as_latin(name: bytes, _: bytes) -> Files:
    charset = make_element(0x00080005, "CS", b"ISO_IR 100")
    return {
        "IM1": make_raw_scan(
            charset + make_element(0x00100010, "PN", name + b" " * (len(name) % 2))
        )
    }


def _private_text(name: bytes, _: bytes) -> Files:
    block = make_element(0x00310010, "LO", b"MITRA LINKED ")
    return {
        "IM1": make_raw_scan(block + make_element(0x00311020, "LO", name + b" " * (len(name) % 2)))
    }


def _table(_: bytes, name: bytes) -> Files:
    return {"worklist.csv": b"Patient name;Room\r\n" + name + b";12\r\n"}


def _text_file(_: bytes, name: bytes) -> Files:
    return {"note.txt": b"Patient: " + name + b"\r\nRoom: 12\r\n"}


def escapes() -> Iterator[tuple[str, Iterator[Case]]]:
    """Texts whose letters are written as codes, as each format has them."""
    for kind, (name, make) in ESCAPES.items():
        yield f"letters as codes: {kind}", _escaped(name, make)


def _escaped(name: str, make: Callable[[str], bytes]) -> Iterator[Case]:
    for people in SPELLINGS:
        person = people[0].replace("^", " ").partition("=")[0].strip()
        files = {name: make(f"Patient name: {person}")}
        yield Case(files, {name: make("Room: 12")}, partial(_names, person.split()[0]))


def _by_number(text: str, form: str) -> str:
    return "".join(char if char.isascii() else form.format(ord(char)) for char in text)


def _by_name(text: str) -> str:
    return "".join(
        f"&{codepoint2name[ord(char)]};" if ord(char) in codepoint2name else char for char in text
    )


def _in_utf_16(text: str, form: str) -> str:
    units = text.encode("utf-16-be")
    codes = [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]
    return "".join(chr(code) if code <= _LAST_OF_ASCII else form.format(code) for code in codes)


def _page(text: str) -> bytes:
    return f"<!doctype html><title>Viewer</title><p>{text}</p>".encode()


def _mail(text: str, how: str) -> bytes:
    encode = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes}[how]
    head = f"From: a@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\
Content-Transfer-Encoding: {how}\r\n\r\n"
    return head.encode() + encode(text.encode())


ESCAPES: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "JSON": ("a.json", lambda text: json.dumps({"note": text}).encode()),
    "JSON in JSON": ("a.json", lambda text: json.dumps({"n": json.dumps({"t": text})}).encode()),
    "JavaScript": ("a.js", lambda text: b'var t = "%s";' % _in_utf_16(text, "\\u{:04x}").encode()),
    "percents": ("a.js", lambda text: f'var t = "{urllib.parse.quote(text)}";'.encode()),
    "HTML, by number": ("a.html", lambda text: _page(_by_number(text, "&#{};"))),
    "HTML, hexadecimal": ("a.html", lambda text: _page(_by_number(text, "&#x{:X};"))),
    "HTML, by name": ("a.html", lambda text: _page(_by_name(text))),
    "XML": ("a.xml", lambda text: f"<a><t>{_by_number(text, '&#{};')}</t></a>".encode()),
    "mail, quoted-printable": ("a.eml", lambda text: _mail(text, "quoted-printable")),
    "mail, base64": ("a.eml", lambda text: _mail(text, "base64")),
    "HL7": (
        "a.hl7",
        lambda text: (
            b"MSH|^~\\&|A|B|C|D|202401151200||ORU^R01|1|P|2.5|||||UNICODE UTF-8\r"
            b"NTE|1||" + _in_bytes(text, "\\X{:02X}\\").encode()
        ),
    ),
    "RTF": (
        "a.rtf",
        lambda text: b"{\\rtf1\\ansi\\ansicpg1252 " + _in_utf_16(text, "\\u{}?").encode() + b"}",
    ),
}


def _in_bytes(text: str, form: str) -> str:
    return "".join(
        chr(byte) if byte <= _LAST_OF_ASCII else form.format(byte) for byte in text.encode()
    )


def spellings() -> Iterator[tuple[str, Iterator[Case]]]:
    """The patient's name again, otherwise spelled, around a scan."""
    for where in AROUND:
        yield f"a name spelled otherwise: {where}", _around(where)


def _around(where: str) -> Iterator[Case]:
    for first, *others in SPELLINGS:
        scan = make_scan(SpecificCharacterSet="ISO_IR 192", PatientName=first)
        for other in others:
            name = " ".join(other.partition("=")[0].replace("^", " ").split())
            files = {"IM0": scan, **AROUND[where](name)}
            yield Case(files, {"IM0": scan, **AROUND[where]("routine")}, _is_echo)


AROUND: dict[str, Callable[[str], Files]] = {
    "file name": lambda name: {f"{name.replace(' ', '_')}_1.dcm": make_scan()},
    "folder name": lambda name: {f"CD/{name}/IM1": make_scan()},
    "description": lambda name: {
        "IM1": make_scan(SpecificCharacterSet="ISO_IR 192", StudyDescription=f"knee {name}"[:64])
    },
    "private text": lambda name: {
        "IM1": make_scan(
            SpecificCharacterSet="ISO_IR 192",
            private={(0x0031, "MITRA LINKED", 0x20): ("LO", f"sent by {name}")},
        )
    },
    "document": lambda name: {"a.html": _page(f"Report on {name}, seen today")},
    "name in a ZIP": lambda name: {"all.zip": make_zip({f"{name}/IM1": make_scan()})},
}


def _look(files: Files) -> Report:
    return inspect(Entry(name, [data]) for name, data in files.items())


def _is_whole(report: Report) -> bool:
    return all(record.status is Status.READ for record in report.files)


def _key(finding: Finding) -> tuple[str, str, str, str]:
    return finding.rule, finding.place, finding.path, finding.name


def _reports(plant: Plant, token: str, finding: Finding) -> bool:
    if finding.place != plant.place or (plant.rule and finding.rule != plant.rule):
        return False
    return plant.kind == "=" or _holds(token, finding)


def _holds(text: str, finding: Finding) -> bool:
    return any(text.casefold() in value.casefold() for value in finding.values)


def _names(name: str, finding: Finding) -> bool:
    """Whether a finding tells of a name as such, and not as one of a file's details."""
    return finding.rule != "other-file-details" and _holds(name, finding)


def _is_echo(finding: Finding) -> bool:
    return finding.rule in {"echo-name", "file-name-echo"}


PARTS: dict[str, Callable[[], Iterator[tuple[str, Iterator[Case]]]]] = {
    "places": places,
    "packings": packings,
    "letters": letters,
    "escapes": escapes,
    "spellings": spellings,
}

if __name__ == "__main__":
    main()
