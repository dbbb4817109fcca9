"""Two things that a tag alone says: what the parser needs an element for, and its place."""

from __future__ import annotations

from functools import lru_cache

from companion.scans.dicom import tags
from companion.scans.dicom.structure import (
    BIRTH_DATE,
    BITS,
    CHARSET_ROLE,
    COLOURS,
    COLUMNS,
    CREATOR_ROLE,
    ELSEWHERE,
    FRAME_OF_REFERENCE,
    FRAMES,
    INSTANCE_NUMBER,
    INSTITUTION,
    MODALITY,
    NO_ROLE,
    OTHER_ROLE,
    PATIENT_ID,
    PATIENT_NAME,
    ROWS,
    SAMPLES,
    SERIES_UID,
    STUDY_DATE,
    STUDY_UID,
)
from companion.scans.findings import Place

_ROLES = {
    tags.PATIENT_ID: PATIENT_ID,
    tags.PATIENT_NAME: PATIENT_NAME,
    tags.STUDY_INSTANCE_UID: STUDY_UID,
    tags.STUDY_DATE: STUDY_DATE,
    tags.INSTITUTION_NAME: INSTITUTION,
    tags.MODALITY: MODALITY,
    tags.FRAME_OF_REFERENCE_UID: FRAME_OF_REFERENCE,
    tags.PATIENT_BIRTH_DATE: BIRTH_DATE,
    tags.SERIES_INSTANCE_UID: SERIES_UID,
    tags.INSTANCE_NUMBER: INSTANCE_NUMBER,
    tags.SAMPLES_PER_PIXEL: SAMPLES,
    tags.PHOTOMETRIC_INTERPRETATION: COLOURS,
    tags.NUMBER_OF_FRAMES: FRAMES,
    tags.ROWS: ROWS,
    tags.COLUMNS: COLUMNS,
    tags.BITS_ALLOCATED: BITS,
    tags.PIXEL_DATA_PROVIDER_URL: ELSEWHERE,
    tags.SPECIFIC_CHARACTER_SET: CHARSET_ROLE,
    tags.ENCAPSULATED_DOCUMENT: OTHER_ROLE,
}
_PLACES_THAT_STAY = frozenset({Place.TRAILING, Place.PRIVATE, Place.REPORT_TEXT, Place.ICON})
"""Places of a sequence that all it holds shares, whatever is in it."""
_WAVEFORMS = frozenset({tags.WAVEFORM_SEQUENCE, tags.WAVEFORM_ANNOTATION_SEQUENCE})
_WAVEFORM_GROUPS = frozenset({0x003A, 0x5400})
_OF_OVERLAYS = frozenset({tags.OVERLAY_BIT_POSITION, tags.OVERLAY_DATA})


@lru_cache(maxsize=20_000)
def role_of(tag: int) -> int:
    """What the parser or the reader needs the value for."""
    role = _ROLES.get(tag, NO_ROLE)
    if role == NO_ROLE:
        number = tag & 0xFFFF
        if tag >> 16 & 1 and 0x10 <= number <= 0xFF:
            return CREATOR_ROLE
        if number in _OF_OVERLAYS and tags.is_overlay(tag):
            return OTHER_ROLE
    return role


def child_place_of(place: Place, tag: int) -> Place:
    """Where what a sequence holds is found; ``place`` is the sequence's own."""
    if place in _PLACES_THAT_STAY:
        return place
    group = tag >> 16
    if tag == tags.DIRECTORY_RECORD_SEQUENCE or place is Place.DIRECTORY:
        return Place.ICON if tag == tags.ICON_IMAGE_SEQUENCE else Place.DIRECTORY
    if tag == tags.CONTENT_SEQUENCE:
        return Place.REPORT_TEXT
    if tag == tags.ICON_IMAGE_SEQUENCE:
        return Place.ICON
    if group == 0x0070 or place is Place.ANNOTATION:
        return Place.ANNOTATION
    if tag in _WAVEFORMS or group in _WAVEFORM_GROUPS or place is Place.WAVEFORM:
        return Place.WAVEFORM
    return Place.NESTED
