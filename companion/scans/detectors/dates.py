"""Dates in words: the birth date, a known scan date, or any date somebody typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.rules.scene import Gate, Scene, Text
from companion.scans.rules.text_findings import Gatherer

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero januar janvier gen gennaio janeiro januari",
            "feb february febrero februar fev fevrier febbraio fevereiro februari",
            "mar march marzo maerz marz mrz mars marco maart",
            "apr april abr abril avril aprile",
            "may mayo mai maggio maio mei",
            "jun june junio juni juin giugno junho",
            "jul july julio juli juillet luglio julho",
            "aug august ago agosto aout augustus",
            "sep sept september septiembre septembre settembre setembro",
            "oct october octubre okt oktober octobre ottobre outubro",
            "nov november noviembre novembre novembro",
            "dec december dic diciembre dez dezember decembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
"""Names of months, folded, and their numbers."""
_DATE = re.compile(
    r"(?<![\d.])(?:"
    r"(?P<y1>(?:19|20)\d\d)(?P<s>[-/._ ]?)(?P<m1>0[1-9]|1[0-2])(?P=s)(?P<d1>0[1-9]|[12]\d|3[01])"
    r"(?:[01]\d[0-5]\d[0-5]\d|2[0-3][0-5]\d[0-5]\d)?(?:\.\d{3,6})?"
    r"|(?P<a>\d{1,2})(?P<t>[-/.])(?P<b>\d{1,2})(?P=t)(?P<y2>(?:19|20)\d\d)"
    r"|(?P<a6>\d{1,2})(?P<t6>[-/.])(?P<b6>\d{1,2})(?P=t6)(?P<y6>\d\d)"
    r"|(?P<d3>\d{1,2})(?:st|nd|rd|th|\.)?[-/ .]?(?:de )?(?P<n3>[a-z]{3,10})\.?,?"
    r"[-/ .]?(?:de )?(?P<y3>(?:19|20)\d\d)"
    r"|(?P<n4>[a-z]{3,10})\.?[- ]{1,2}(?P<d4>\d{1,2})(?:st|nd|rd|th)?,?[- ]"
    # Programs in C write the time of day before the year.
    r"(?:[0-2]\d:[0-5]\d:[0-5]\d (?:[a-z]{2,4} )?)?(?P<y4>(?:19|20)\d\d)"
    r"|(?P<y8>(?:19|20)\d\d)年 ?(?P<n8>\d{1,2})月 ?(?P<d8>\d{1,2})日"
    r")(?![\d])(?!\.\d)"
)
_MONTH = re.compile(r"(?<![a-z])([a-z]{3,10})[-/., ]{0,2}((?:19|20)\d\d)(?!\d)")
_GATE = Gate(re.compile(r"(?:19|20)\d\d|\d[-/.]\d{1,2}[-/.]\d\d"), before=64, behind=32)
"""A year, or three numbers that are parted like a date's."""
KNOWN = (
    "study-date", "study-time", "scan-date", "file-date", "visit-date", "order-date",
    "report-date", "treatment-date", "other-date",
)  # fmt: skip
"""Rules of days on which something happened to the patient or to the file."""
BIRTHS = ("birth-date", "private-birth-date", "death-date")
_NOT_WORDS = frozenset(
    {
        "software",
        "machine-model",
        "code-version",
        "uid-study",
        "uid-other",
        "private-date",
        *BIRTHS,
    }
)
_NO_VRS = frozenset({"CS", "IS", "DS", "DA", "DT", "TM"})


def normal_dates(folded: str) -> Iterator[tuple[str, int]]:
    """Dates in a folded text as ``YYYYMMDD``, in every reading, with where they begin."""
    for found in _DATE.finditer(folded):
        if found["y6"]:
            continue
        for date in _readings(found):
            yield date, found.start()


def names_a_date(folded: str) -> bool:
    """Whether a folded text holds a date in any spelling, or a month with its year."""
    if any(_readings(found) for found in _DATE.finditer(folded)):
        return True
    return any(
        one in MONTHS for found in _MONTH.findall(folded) for one in found if not one.isdigit()
    )


@detector("dates")
def detect(scene: Scene) -> Iterator[Finding]:
    """Dates in texts, in the spellings of several countries."""
    births = _dates(scene, *BIRTHS)
    known = _dates(scene, *KNOWN)
    gatherer = Gatherer()
    # Inside private data only known dates count, so that only lines with their years do.
    years = {date[:4] for date in births | known}
    short = {f"{mark}{date[2:4]}" for date in births for mark in "-/."}
    for text, found, start in scene.search(_DATE, private_needs=years | short, gate=_GATE):
        readings = _readings(found)
        if not readings or not _counts(scene, text):
            continue
        if any(date in births for date in readings):
            sure = Certainty.POSSIBLE if found["y6"] else Certainty.LIKELY
            gatherer.add("echo-birth-date", text, start, sure)
        elif found["y6"]:
            continue  # two digits of a year: of a version or a count, unless it is the birth date
        elif any(date in known for date in readings):
            gatherer.add("echo-date", text, start, Certainty.LIKELY)
        elif _is_worth_a_finding(text):
            gatherer.add("date-in-text", text, start, Certainty.POSSIBLE)
    yield from gatherer.findings()


def _dates(scene: Scene, *rules: str) -> set[str]:
    found = set()
    for text, _, _ in scene.values(*rules):
        for value in text.split("\\"):
            digits = value.strip().replace(".", "")[:8]
            if len(digits) == 8 and digits.isdigit():
                found.add(digits)
    return found


def _counts(scene: Scene, text: Text) -> bool:
    if text.passage is not None:
        return text.passage.place is not Place.FILE_NAME
    if text.element is None or text.element.vr in _NO_VRS:
        return False
    return scene.rule_of_element.get(id(text.element)) not in _NOT_WORDS


def _is_worth_a_finding(text: Text) -> bool:
    """Whether an unknown date in this text says anything: not that of a version or file."""
    if text.passage is not None:
        return text.passage.place not in (Place.OTHER_FILE, Place.PRIVATE, Place.ARCHIVE)
    return text.element is not None and "ersion" not in text.element.name


def _readings(found: re.Match[str]) -> tuple[str, ...]:
    if found["y1"]:
        if found["s"] == "" and not 1900 <= int(found["y1"]) <= 2040:
            return ()
        return (f"{found['y1']}{found['m1']}{found['d1']}",)
    if found["y2"]:
        return _both_ways(int(found["a"]), int(found["b"]), found["y2"])
    if found["y6"]:
        one, two = int(found["a6"]), int(found["b6"])
        return tuple(
            date for century in ("19", "20") for date in _both_ways(one, two, century + found["y6"])
        )
    name, day, year = next(
        (found[f"n{way}"], found[f"d{way}"], found[f"y{way}"]) for way in "348" if found[f"y{way}"]
    )
    month = int(name) if name.isdigit() else MONTHS.get(name)
    if month is None or not 1 <= month <= 12 or not 1 <= int(day) <= 31:
        return ()
    return (f"{year}{month:02}{int(day):02}",)


def _both_ways(one: int, two: int, year: str) -> tuple[str, ...]:
    """Day before month and month before day, as far as either can be."""
    return tuple(
        f"{year}{month:02}{day:02}"
        for day, month in {(one, two), (two, one)}
        if 1 <= month <= 12 and 1 <= day <= 31
    )
