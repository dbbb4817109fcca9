"""Pictures that cannot be cleaned here: what may go out as it is, and what is withheld.

Where nobody looked at the pictures (on a device, in a light installation, after a crash), the
kinds that often have words painted on them are withheld. Where somebody looked and nobody can
black what was seen, that is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydicom import Dataset
from pydicom.datadict import tag_for_keyword

from companion.cleaning.pixels.picture import picture_of, write_back
from companion.cleaning.pixels.tidying import UntidyError, tidied
from companion.cleaning.shapes import Choice, Cleaned, PictureDone, Reason, Source
from companion.content import cleaning, identifiers
from companion.scans.dicom import tags
from companion.scans.inspection import Examined
from companion.scans.pictures import Face
from companion.scans.rules.head_words import is_elsewhere, is_of_heads, names_a_head

_PIXELS = (tags.PIXEL_DATA, tags.FLOAT_PIXEL_DATA, tags.DOUBLE_FLOAT_PIXEL_DATA)
_DESCRIPTIONS = (
    "BodyPartExamined", "StudyDescription", "SeriesDescription", "ProtocolName",
    "RequestedProcedureDescription", "PerformedProcedureStepDescription",
)  # fmt: skip
JUDGED_BY = frozenset(
    map(
        tag_for_keyword,
        ("SOPClassUID", "Modality", "ImageType", "BurnedInAnnotation", "SpecificCharacterSet",
         "EncapsulatedDocument", "AnatomicRegionSequence", *_DESCRIPTIONS),
    )
)  # fmt: skip
"""Tags of all that is asked here of a header."""
_SECOND_HAND = ("SECONDARY", "SCREEN", "SCREENSHOT", "SCREEN SAVE")
_RECORDED = "1.2.840.10008.5.1.4.1.1.7"
"""Root of the SOP classes of secondary captures."""


class Withholding:
    """A ``PictureCleaner`` that cleans no picture."""

    def prepare(
        self,
        examined: Examined,
        sources: Mapping[str, Source],  # noqa: ARG002
        choice: Choice,  # noqa: ARG002
    ) -> Mapping[str, Reason]:
        """Withhold files with words on them."""
        words = examined.looked.words if examined.looked is not None else ()
        return {one.box.file: Reason.WORDS_LEFT for one in words}

    def covers(self, name: str, frames: int) -> bool:  # noqa: ARG002
        """No frame becomes black."""
        return False

    def clean(self, name: str, data_set: Dataset) -> PictureDone:  # noqa: ARG002
        """Leave every sample as it is, and nothing beside them."""
        try:
            picture = picture_of(data_set)
            if picture is not None:
                write_back(data_set, picture, tidied(picture))
        except (ValueError, UntidyError):
            return PictureDone(Reason.NOT_DECODED)
        return PictureDone()

    def prove(self, files: Sequence[Cleaned]) -> Mapping[str, Reason]:  # noqa: ARG002
        """Nothing was changed, so that there is nothing to read once more."""
        return {}


class Faces:
    """Which files belong to a volume from which a face can be rebuilt."""

    def __init__(self, examined: Examined) -> None:
        volumes = examined.looked.volumes if examined.looked is not None else ()
        self._known = {volume.series: volume.face for volume in volumes}
        self._known.update({volume.file: volume.face for volume in volumes})

    def of(self, name: str, series: str) -> Face | None:
        """What was seen of the volume of a file; None where it is in none.

        ``series``: its original Series Instance UID.
        """
        return self._known.get(name) or self._known.get(series)


def has_pixels(data_set: Dataset) -> bool:
    """Whether a data set holds a picture of its own."""
    return any(tag in data_set for tag in _PIXELS)


def frames_of(data_set: Dataset) -> int:
    """How many frames a data set says that it has."""
    said = str(data_set.get("NumberOfFrames", "") or "1").strip()
    return int(said) if said.isascii() and said.isdigit() else 1


def may_hold_words(data_set: Dataset) -> bool:
    """Whether a picture is of a kind that often has words painted on it.

    Asked before the header is cleaned. Only kinds known to be plain are not: whether a file says
    that nothing is burned in proves nothing, but that something is, does.
    """
    modality = str(data_set.get("Modality", "")).strip().upper()
    if modality not in cleaning.facts().plain_pictures:
        return True
    if str(data_set.get("SOPClassUID", "")).startswith(_RECORDED):
        return True
    if str(data_set.get("BurnedInAnnotation", "")).strip().upper() == "YES":
        return True
    image_type = data_set.get("ImageType", None)
    words = [image_type] if isinstance(image_type, str) else list(image_type or ())
    said = [str(word).strip().upper() for word in words]
    return any(any(mark in word for mark in _SECOND_HAND) for word in said[1:])


def may_show_a_head(data_set: Dataset) -> Face:
    """Whether slices are of a head, by their header: ``YES``, ``NO``, or ``UNKNOWN``.

    Asked before the header is cleaned, where nobody looked at the pictures: a face is rebuilt
    from slices whether a person sees one on them or not.
    """
    modality = str(data_set.get("Modality", "")).strip().upper()
    if modality not in identifiers.picture_words("volumes"):
        return Face.NO
    described = [str(data_set.get(keyword, "")) for keyword in _DESCRIPTIONS]
    regions = data_set.get("AnatomicRegionSequence", None) or ()
    described.extend(str(region.get("CodeMeaning", "")) for region in regions)
    elsewhere = any(map(is_elsewhere, described))
    if any(map(names_a_head, described)) or (any(map(is_of_heads, described)) and not elsewhere):
        return Face.YES
    return Face.NO if elsewhere else Face.UNKNOWN
