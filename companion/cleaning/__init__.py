"""Scans -> a copy to share, and the account of what was taken out and what stays.

It knows no Django, and needs no thread, process, socket or file: it runs in a visitor's own
browser too. ``clean`` is the door. Method: PS3.15 (2026c) Annex E, the Basic Application Level
Confidentiality Profile with Clean Descriptors, Clean Structured Content, Clean Graphics and
Retain Longitudinal Temporal Information With Modified Dates; where the pictures were looked
at, Clean Pixel Data; where faces were, Clean Recognizable Visual Features.
"""

from companion.cleaning.door import Cleaning, clean
from companion.cleaning.shapes import (
    Account,
    Action,
    BlankFrames,
    Choice,
    Cleaned,
    Done,
    FaceChoice,
    PictureCleaner,
    PictureDone,
    Pictures,
    Preset,
    Reason,
    Refusal,
    Source,
    Stays,
    Withheld,
)

__all__ = [
    "Account", "Action", "BlankFrames", "Choice", "Cleaned", "Cleaning", "Done", "FaceChoice",
    "PictureCleaner", "PictureDone", "Pictures", "Preset", "Reason", "Refusal", "Source", "Stays",
    "Withheld", "clean",
]  # fmt: skip
