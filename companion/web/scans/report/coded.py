"""Codes and units of the standard in the words of the page's language.

The words are in ``content/screens/codes``; a code that is not there shows as it is. Sources:
PS3.3 C.7.1.1 (sex), C.7.1.3 (pregnancy, smoking), C.7.3.1.1 (modality, position), PS3.6
Annex A (UIDs).
"""

from __future__ import annotations

import re
from functools import lru_cache

from django.utils.formats import number_format

from companion.content import identifiers
from companion.web.words import page_language, screen

_PASSAGES = {
    "PatientSex": "sex",
    "PatientSexNeutered": "yes_no",
    "PregnancyStatus": "pregnancy",
    "SmokingStatus": "yes_no",
    "Modality": "modality",
    "ModalitiesInStudy": "modality",
    "PatientPosition": "position",
    "Laterality": "side",
    "ImageLaterality": "side",
    "PatientOrientation": "direction",
    "BurnedInAnnotation": "yes_no",
    "PatientIdentityRemoved": "yes_no",
    "TransferSyntaxUID": "uid",
    "SOPClassUID": "uid",
    "MediaStorageSOPClassUID": "uid",
    "ReferencedSOPClassUID": "uid",
    "SegmentAlgorithmType": "outline",
    "VerificationFlag": "signed",
    "CompletionFlag": "complete",
}
"""Keyword -> the passage of ``screens/codes`` that has its codes."""
_UNITS = {"PatientWeight": ("kg", 1), "PatientSize": ("m", 2)}
"""Keyword -> unit and digits after the point (PS3.6: kilograms and metres)."""
_NUMBER = re.compile(r"[+-]?\d{1,6}(\.\d*)?([eE][+-]?\d{1,2})?")


def in_words(keyword: str, value: str) -> str:
    """``value`` of the element ``keyword`` in words; ``""`` where it is no code or unknown."""
    text = value.strip()
    if keyword in _UNITS:
        return _measure(text, *_UNITS[keyword])
    passage = next((_PASSAGES[one] for one in keyword.split(", ") if one in _PASSAGES), None)
    if passage is None or not text:
        return ""
    known = screen("codes", page_language())[passage]
    parts = [known.get(_key(part.strip()), "") for part in text.split("\\")]
    return ", ".join(parts) if all(parts) else ""


def _measure(text: str, unit: str, digits: int) -> str:
    if not _NUMBER.fullmatch(text):
        return ""
    number = round(float(text), digits)
    shown = number_format(number, digits).rstrip("0").rstrip(".,") if number else "0"
    return f"{shown}\u00a0{unit}"


def _key(code: str) -> str:
    """How a code is named as a heading: small letters, points and blanks as underscores."""
    return re.sub(r"[ .-]", "_", code.lower().removeprefix("1.2.840.10008."))


@lru_cache(maxsize=1)
def rule_of_keyword() -> dict[str, str]:
    """The rule that each element falls under, by its keyword."""
    return {word: rule.id for rule in identifiers.rules().values() for word in rule.keywords}
