"""Patterns in words: e-mail and network addresses, phone and social security numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companion.scans.detectors import detector
from companion.scans.detectors.documents import RAW
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.rules.scene import Scene, Text
from companion.scans.rules.text_findings import Gatherer

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?![a-z0-9])")
_SSN = re.compile(r"(?<![\w.-])(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w.-])")
_PHONE = re.compile(
    r"(?<![a-z])(?:tel(?:e(?:ph?on[eo]?|fon[eou]?|foon|fax|movel))?|tfno|tlfn|phone|fax|mobile?|mobiel"
    r"|mobiltelefon|movil|handy|natel|rufnummer|cell|cellulare|celular|call|tlf"
    r"|(?:kom|portable|cep|gsm)(?=[ .]{0,2}[:\t])(?![ .:\t]{1,3}\d{5}-\d{3}(?!\d)))"
    r"(?: ?(?:no|nr|number|nummer|numero|numarasi|movil|portable|komorkowy|mobile|cellulare))?"
    r"(?:[ .:#\t]{1,4}|[ ]?[.:][ ]?\n[ \t]{0,4})\+?\(?\d[\d ()./-]{5,17}\d"
    r"|(?<![\w.+])\+\d{1,3}[ .-]?\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,4}(?![\w.])"
    r"|(?<![\w.-])\(?[2-9]\d\d\)[ ]?\d{3}[- ]\d{4}(?![\w.-])"
    r"|(?<![\w.-])[2-9]\d\d-\d{3}-\d{4}(?![\w.-])"
)
_IP = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.])"
)
_FIRST_OF_NETWORKS = 10
"""Numbers below it begin versions of programs much more often than addresses."""
_OF_A_NETWORK = re.compile(r"\bip\b|host|server|address|adress|direccion|://")
_AROUND = 40
"""Characters in front of such numbers in which a word may say that they are an address."""
_OF_A_PROGRAM = re.compile(r"[a-z]/$|\b(?:v|ver|version|release|build)[ .:=]{0,3}$")
_MOST_OF_HEADINGS = 40
"""A standard's clauses are counted up to about there: "27.7.3.4"."""
_NOBODYS = re.compile(r"127\.|0\.|255\.|169\.254\.")
"""What every computer calls itself, and masks (RFC 6890)."""
_NETWORK = re.compile(r"(?:\d{1,3}\.){1,3}0/\d{1,2}(?!\d)")
"""A whole network: "10.0.0.0/8"."""
_LABEL_SIGNS = "abcdefghijklmnopqrstuvwxyz .:#\t\n"
_FEWEST_SORTS, _SHORTEST_ABROAD = 3, 8
_NO_PHONE = re.compile(
    r"\d{1,2}\.\d{6,}|\+[01]\d(?:00|15|30|45) (?:19|20)\d\d"
    r"|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
)
"""A fraction, a time zone in front of a year, and a day."""
_ON_THE_GLOBE = re.compile(
    r"\+(?:\d\d[0-5]\d-[01]\d\d[0-5]\d|\d\d(?:[0-5]\d){2}-[01]\d\d(?:[0-5]\d){2})"
)
"""Degrees, minutes and seconds (ISO 6709)."""
_NAME_OF_A_ZONE = re.compile(r"/|\s{1,4}[a-z_]{2,20}/[a-z]")
_PROGRAMS = re.compile(
    r"^(?:git|svn|hg|no-?reply)@|\.(?:png|jpe?g|gif|svg|webp|bmp|css|js|dcm|py|so|dll|exe)$"
)
"""Addresses of programs: they look like mail and reach nobody."""
_PATTERNS = (
    ("email-in-text", _EMAIL, "@", Certainty.LIKELY),
    ("social-security-number", _SSN, "-", Certainty.POSSIBLE),
    (
        "contact-in-text",
        _PHONE,
        (
            "+",
            "-",
            "tel",
            "tlf",
            "phone",
            "fax",
            "mob",
            "movil",
            "handy",
            "cel",
            "call",
            "tfno",
            "kom",
            "portable",
            "cep",
            "gsm",
            "natel",
            "ruf",
        ),
        Certainty.POSSIBLE,
    ),
    ("address-in-text", _IP, ".", Certainty.POSSIBLE),
)
"""Rule, pattern, texts of which a match holds one, certainty."""
_PRIVATE_NEEDS = {
    "email-in-text": ("@",),
    "contact-in-text": ("tel", "phone", "fax", "mobile", "cell", "call"),
}
"""What counts inside private data, where rows of numbers look like the rest by chance."""
_CONTACTS = frozenset({"patient-phone", "staff-contact", "private-address", "web-address"})
_VERSIONS = frozenset({"software", "machine-model", "device-serial"})


@detector("patterns")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each pattern and place."""
    gatherer = Gatherer()
    for rule, pattern, needs, certainty in _PATTERNS:
        private = _PRIVATE_NEEDS.get(rule, ())
        for text, found, start in scene.search(pattern, needs, private_needs=private):
            if _counts(scene, rule, text, found[0]) and not _is_another_number(
                rule, text.folded, start, found[0]
            ):
                gatherer.add(rule, text, start, certainty)
    yield from gatherer.findings()


def _counts(scene: Scene, rule: str, text: Text, found: str) -> bool:
    if rule == "email-in-text" and _PROGRAMS.search(found):
        return False
    if text.passage is not None:
        if text.passage.name in RAW:
            # A program's own help and licence addresses point to its maker.
            return False
        if text.passage.place is Place.PRIVATE:
            # Rows of numbers look like phone and network addresses by chance.
            return rule == "email-in-text" or found[0].isalpha()
        return True
    if text.element is None or text.element.vr in ("CS", "DS", "IS"):
        return False
    known = scene.rule_of_element.get(id(text.element), "")
    if known in _CONTACTS:
        return False
    if rule == "address-in-text":
        first = int(found.split(".", 1)[0])
        named = "version" in text.element.name.lower()
        return known not in _VERSIONS and first >= _FIRST_OF_NETWORKS and not named
    return True


def _is_another_number(rule: str, text: str, start: int, found: str) -> bool:
    """Whether digits that look like an address or a phone number are something else's."""
    if rule == "contact-in-text":
        return _is_no_phone(found, text[start + len(found) : start + len(found) + _AROUND])
    return rule == "address-in-text" and _is_no_address(text, start, found)


def _is_no_phone(found: str, behind: str) -> bool:
    """Whether digits are a time zone, a place on the globe, a day, a fraction or a sample."""
    number = found.lstrip(_LABEL_SIGNS)
    digits = [char for char in number if char.isdigit()]
    if len(set(digits)) < _FEWEST_SORTS or _NO_PHONE.fullmatch(number):
        return True
    if found[0] != "+":
        return False
    # No country's code begins with 0, and no number with one is shorter.
    if digits[0] == "0" or len(digits) < _SHORTEST_ABROAD:
        return True
    return bool(_ON_THE_GLOBE.fullmatch(found) and _NAME_OF_A_ZONE.match(behind))


def _is_no_address(text: str, start: int, numbers: str) -> bool:
    """Whether four numbers are a program's version, a heading's, or every computer's own."""
    before = text[max(0, start - _AROUND) : start]
    if _NOBODYS.match(numbers) or _NETWORK.match(text, start) or _OF_A_PROGRAM.search(before):
        return True
    parts = [int(part) for part in numbers.split(".")]
    small = parts[0] < _FIRST_OF_NETWORKS or (
        parts[0] != _FIRST_OF_NETWORKS and max(parts) < _MOST_OF_HEADINGS
    )
    return small and not _OF_A_NETWORK.search(before)
