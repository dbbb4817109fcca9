"""Numbers that a state or a health service gives to one person, known by their check digits.

Only the form and the check are known here, no register. Where a check is weak, or where
other things are numbered alike, a label has to stand before the number, or the number begins
with the patient's own birth date. A number right behind the name of its kind ("PESEL 810...")
is one whatever its check says: people make mistakes when they type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from companion.scans.detectors import detector
from companion.scans.detectors.documents import RAW
from companion.scans.findings import Certainty, Finding, Place
from companion.scans.rules.scene import Gate, Scene
from companion.scans.rules.text_findings import Gatherer

RULE = "national-number-in-text"
_PLACES = frozenset({Place.OTHER_FILE, Place.DOCUMENT, Place.REPORT_TEXT, Place.ANNOTATION})
_BEFORE = 60
"""Characters before a number in which its label stands."""
_DNI_LETTERS = "trwagmyfpdxbnjzsqvhlcke"
_FINNISH = "0123456789abcdefhjklmnprstuvwxy"


@dataclass(frozen=True, slots=True)
class _Number:
    """One kind of number."""

    pattern: re.Pattern[str]
    check: Callable[[str], bool]
    label: re.Pattern[str]
    needs_label: bool = False
    called: re.Pattern[str] | None = None
    """What the number itself is called: right in front of it, it is enough."""
    born: tuple[int, str] | None = None
    """Where among its digits the day of birth stands, and in what order: ``ymd``, ``dmy``."""


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _luhn(digits: str) -> bool:
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def is_spanish(text: str) -> bool:
    """DNI and NIE: the letter is the number's remainder by 23 (Real Decreto 1553/2005, 11)."""
    plain = re.sub(r"[^a-z0-9]", "", text)
    number = plain[:-1].translate(str.maketrans("xyz", "012"))
    return number.isdigit() and _DNI_LETTERS[int(number) % 23] == plain[-1]


def is_french(text: str) -> bool:
    """NIR: the last two digits make the rest divisible by 97; Corsica's letters count."""
    plain = re.sub(r"[^a-z0-9]", "", text)
    number = plain[:13].replace("2a", "19", 1).replace("2b", "18", 1)
    return number.isdigit() and (97 - int(number) % 97) == int(plain[13:])


def is_swiss(text: str) -> bool:
    """AHV number: 756 and the check digit of an EAN-13."""
    digits = _digits(text)
    return (10 - _weighted(digits[:12], (1, 3) * 6) % 10) % 10 == int(digits[12])


def is_british(text: str) -> bool:
    """NHS number: weights 10 to 2, modulo 11; 10 is never given out."""
    digits = _digits(text)
    left = (11 - _weighted(digits[:9], tuple(range(10, 1, -1))) % 11) % 11
    return left == int(digits[9]) and len(set(digits)) > 1


def is_swedish(text: str) -> bool:
    """Personnummer: a date of birth, and Luhn's check over the last ten digits."""
    digits = _digits(text)[-10:]
    return 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) % 60 <= 31 and _luhn(digits)


def is_dutch(text: str) -> bool:
    """BSN: weights 9 to 2 and minus 1, divisible by 11."""
    digits = _digits(text)
    return _weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0 and len(set(digits)) > 1


def is_german_tax(text: str) -> bool:
    """Steuer-Identifikationsnummer: ISO 7064, modulo 11 and 10; no zero in front."""
    digits = _digits(text)
    product = 10
    for digit in digits[:10]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return digits[0] != "0" and (11 - product) % 10 == int(digits[10])


def is_german_insured(text: str) -> bool:
    """Krankenversichertennummer: the letter as two digits, weights 1 and 2, modulo 10."""
    digits = f"{ord(text[0]) - 96:02}{text[1:9]}"
    total = 0
    for at, digit in enumerate(digits):
        value = int(digit) * (1 + at % 2)
        total += value - 9 * (value > 9)
    return total % 10 == int(text[9])


def is_finnish(text: str) -> bool:
    """Henkilötunnus: the last sign is the remainder of the nine digits by 31."""
    return _FINNISH[int(text[:6] + text[7:10]) % 31] == text[10]


def is_belgian(text: str) -> bool:
    """Rijksregisternummer: 97 less the remainder, with a 2 in front for births from 2000."""
    digits = _digits(text)
    number, check = digits[:9], int(digits[9:])
    return check in (97 - int(number) % 97, 97 - int(f"2{number}") % 97)


def is_brazilian(text: str) -> bool:
    """CPF: two check digits, modulo 11."""
    digits = _digits(text)
    for length in (9, 10):
        left = _weighted(digits, tuple(range(length + 1, 1, -1))) * 10 % 11 % 10
        if left != int(digits[length]):
            return False
    return len(set(digits)) > 1


def is_polish(text: str) -> bool:
    """PESEL: weights 1, 3, 7, 9; the sum is divisible by 10."""
    return _weighted(_digits(text), (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def is_danish(text: str) -> bool:
    """CPR number: since 2007 without a check, so that only its date tells."""
    digits = _digits(text)
    return 1 <= int(digits[:2]) <= 31 and 1 <= int(digits[2:4]) <= 12


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w./-])(?:{pattern})(?![\w-]|[./]\d)")


_GATE = Gate(re.compile(r"\d(?:[ .+ab-]{0,2}\d){6,}"), before=4, behind=8)
"""Seven digits with hardly anything between: each number has as many."""


def _label(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{words})")


def _called(words: str) -> re.Pattern[str]:
    """The number's name, at most a word for "number", and what stands between it and digits."""
    return re.compile(
        rf"(?<![a-z])(?:{words})[\s.:#='\"-]{{0,4}}"
        r"(?:n(?:umme?r|umero|o|r)?[.°º]?|number|numer)?[\s.:#='\">-]{0,5}\Z"
    )


_NUMBERS = (
    _Number(
        _whole(r"\d{8}[- ]?[a-hj-np-tv-z]|[xyz][- ]?\d{7}[- ]?[a-hj-np-tv-z]"),
        is_spanish,
        _label(r"d\.?n\.?i|n\.?i\.?[ef]\b|documento|identidad"),
        called=_called(r"d\.?n\.?i\.?"),
    ),
    _Number(
        _whole(
            r"[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[ab]) ?\d{3} ?\d{3} ?[- ]?\d{2}"
        ),
        is_french,
        _label(r"n\.?i\.?r\b|securite sociale|secu\b|n[°o] ss|insee"),
        called=_called(r"nir|securite sociale"),
    ),
    _Number(
        _whole(r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}"),
        is_swiss,
        _label(r"ahv|avs|svnr|sozialvers"),
        called=_called("ahv|avs"),
    ),
    _Number(
        _whole(r"\d{3}[ -]?\d{3}[ -]?\d{4}"),
        is_british,
        _label(r"nhs"),
        needs_label=True,
        called=_called("nhs"),
    ),
    _Number(
        _whole(r"(?:19|20)?\d{2}(?:0\d|1[0-2])\d{2}[-+]\d{4}"),
        is_swedish,
        _label(r"person(?:nummer|nr|al)|pnr"),
        called=_called("person(?:nummer|nr)"),
        born=(-10, "ymd"),
    ),
    _Number(
        _whole(r"\d{9}"),
        is_dutch,
        _label(r"bsn|burgerservice|sofi"),
        needs_label=True,
        called=_called("bsn|burgerservicenummer"),
    ),
    _Number(
        _whole(r"\d{2} ?\d{3} ?\d{3} ?\d{3}"),
        is_german_tax,
        _label(r"steuer|idnr|id-nr|\btin\b"),
        needs_label=True,
        called=_called("steuer-?(?:id|identifikationsnummer)"),
    ),
    _Number(
        _whole(r"[a-z]\d{9}"),
        is_german_insured,
        _label(r"versicher|kvnr|kv-nr|krankenkass|egk|insur|gesundheitskarte"),
        needs_label=True,
        called=_called("kvnr|kv-nr|krankenversichertennummer|versichertennummer"),
    ),
    _Number(
        _whole(r"\d{6}[-+a]\d{3}[0-9a-fhj-np-y]"),
        is_finnish,
        _label(r"henkilo|hetu"),
        called=_called("hetu|henkilotunnus"),
        born=(0, "dmy"),
    ),
    _Number(
        _whole(r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"),
        is_belgian,
        _label(r"rijksregister|national"),
        called=_called("rijksregister"),
        born=(0, "ymd"),
    ),
    _Number(
        _whole(r"\d{3}\.\d{3}\.\d{3}-\d{2}"), is_brazilian, _label(r"cpf"), called=_called("cpf")
    ),
    _Number(
        _whole(r"\d{11}"),
        is_polish,
        _label(r"pesel"),
        needs_label=True,
        called=_called("pesel"),
        born=(0, "ymd"),
    ),
    _Number(
        _whole(r"\d{6}[- ]?\d{4}"),
        is_danish,
        _label(r"cpr|personnummer"),
        needs_label=True,
        called=_called("cpr"),
        born=(0, "dmy"),
    ),
)


@detector("national-numbers")
def detect(scene: Scene) -> Iterator[Finding]:
    """One finding for each place in which such numbers stand."""
    gatherer = Gatherer()
    births = frozenset(text for text, _, _ in scene.values("birth-date", "private-birth-date"))
    for kind in _NUMBERS:
        for text, found, start in scene.search(kind.pattern, private_needs=(), gate=_GATE):
            passage = text.passage
            if passage is None or passage.place not in _PLACES or passage.name in RAW:
                continue
            before = found.string[max(0, found.start() - _BEFORE) : found.start()]
            before = before.rsplit("\x01", 1)[-1]
            sure = _certainty(kind, found[0], before, births)
            if sure:
                gatherer.add(RULE, text, start, sure)
    yield from gatherer.findings()


def _certainty(kind: _Number, number: str, before: str, births: frozenset[str]) -> Certainty | None:
    """How sure it is that a number in the form of a kind is one; None where it is not."""
    if kind.called is not None and kind.called.search(before):
        return Certainty.LIKELY
    if not kind.check(number):
        return None
    if kind.label.search(before) or _is_born(kind, number, births):
        return Certainty.LIKELY
    return None if kind.needs_label else Certainty.POSSIBLE


def _is_born(kind: _Number, number: str, births: frozenset[str]) -> bool:
    """Whether a number holds one of the birth dates, ``YYYYMMDD``, that the scans name.

    Months and days may have a number added for the century or a sex (PESEL, personnummer).
    """
    if kind.born is None:
        return False
    at, order = kind.born
    digits = _digits(number)
    day = digits[at:][:6]
    if order == "dmy":
        day = day[4:] + day[2:4] + day[:2]
    year, month, of_month = day[:2], int(day[2:4]) % 20, int(day[4:]) % 60
    return any(born[2:] == f"{year}{month:02}{of_month:02}" for born in births)
