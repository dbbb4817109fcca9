"""What a cleaned file says of how it was cleaned, and nothing that was not done.

PS3.15 (2026c) E.3, PS3.3 C.12.1.1.3 and C.7.6.1; the codes are those of PS3.16 CID 7050.
"""

from __future__ import annotations

from functools import lru_cache

from pydicom import Dataset, Sequence

from companion.content import cleaning, identifiers

_BASIC = ("113100", "Basic Application Confidentiality Profile")
_PIXELS = ("113101", "Clean Pixel Data Option")
_FACES = ("113102", "Clean Recognizable Visual Features Option")
_GRAPHICS = ("113103", "Clean Graphics Option")
_CONTENT = ("113104", "Clean Structured Content Option")
_DESCRIPTORS = ("113105", "Clean Descriptors Option")
_DAYS = ("113107", "Retain Longitudinal Temporal Information Modified Dates Option")
_CHARACTERISTICS = ("113108", "Retain Patient Characteristics Option")


def mark(
    data_set: Dataset,
    preset: cleaning.PresetFacts,
    *,
    pictures: bool,
    face: bool | None,
) -> None:
    """Write into a cleaned data set what was done with it.

    ``pictures``: its pictures were looked at and no words are left on them. ``face``: whether
    one can be rebuilt from it; None where nobody can say.
    """
    codes = [_BASIC, _GRAPHICS, _CONTENT]
    if pictures:
        codes.append(_PIXELS)
    if face is False:
        codes.append(_FACES)
    if preset.descriptors:
        codes.append(_DESCRIPTORS)
    if preset.moves_days:
        codes.append(_DAYS)
    if preset.keeps:
        codes.append(_CHARACTERISTICS)
    data_set.PatientIdentityRemoved = "YES"
    data_set.DeidentificationMethod = [
        cleaning.facts().method, f"DICOM PS3.15 {identifiers.EDITION} Annex E",
    ]  # fmt: skip
    data_set.DeidentificationMethodCodeSequence = _codes(tuple(sorted(codes)))
    data_set.LongitudinalTemporalInformationModified = (
        "MODIFIED" if preset.moves_days else "REMOVED"
    )
    if pictures:
        data_set.BurnedInAnnotation = "NO"
    if face is not None:
        data_set.RecognizableVisualFeatures = "YES" if face else "NO"


@lru_cache(64)
def _codes(codes: tuple[tuple[str, str], ...]) -> Sequence:
    """The items, which files of one set share."""
    return Sequence(map(_code, codes))


def _code(code: tuple[str, str]) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodeMeaning = code
    item.CodingSchemeDesignator = "DCM"
    return item
