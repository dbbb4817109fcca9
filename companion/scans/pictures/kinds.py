"""What kind of picture a file holds, by its own header: nothing is decoded.

It needs no numpy: who cleans scans asks it too, also where nothing looks at pictures.
"""

from __future__ import annotations

from companion.scans.dicom import tags
from companion.scans.pictures.stored import StoredPicture

_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
_SLICES = frozenset(["CT", "MR", "PT", "NM"])
"""Modalities whose pictures carry no words as a habit; ultrasound, X-ray, screens and
photographs do."""


def carries_words(picture: StoredPicture) -> bool:
    """Whether pictures of this kind carry words as a habit, by their own header."""
    if picture.nested:
        return True
    kinds = picture.text(tags.IMAGE_TYPE).upper()
    return (
        picture.text(tags.MODALITY).upper() not in _SLICES
        or picture.text(tags.SOP_CLASS_UID).startswith(_SECONDARY_CAPTURE)
        or "LOCALIZER" in kinds
        or "SCREEN" in kinds
        or picture.samples > 1
    )


def is_cine(picture: StoredPicture) -> bool:
    """Whether the frames of a file are moments of one view, not slices of a body."""
    return picture.frames > 1 and picture.text(tags.MODALITY).upper() not in _SLICES


def series_of(picture: StoredPicture, file: str) -> str:
    """What tells one series from another; the file's name where it says nothing."""
    uid = picture.text(tags.SERIES_INSTANCE_UID)
    part = "overlay" if picture.overlay else "inside" if picture.nested else ""
    return f"{uid or file}/{part}"
