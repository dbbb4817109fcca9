"""How much of an upload's pictures was looked at, as its files and findings say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from companion.scans.findings import NOT_LOOKED_AT, Report
from companion.web.scans.report.chosen import Words

PICTURE_WORDS = frozenset({"picture-text", "picture-code", "picture-text-unread"})
"""Rules of what was read, or seen to be writing, on a picture."""
FACES = frozenset({"face-visible", "face-part"})
"""Rules of what the slices show of a face."""
SEEN = PICTURE_WORDS | FACES


class Sight(StrEnum):
    """How much was looked at."""

    NO_PICTURES = "no-pictures"
    ALL = "all"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Looked:
    """The pictures of an upload, counted."""

    frames: int
    """Of the files whose pictures were counted by looking at them."""
    looked_at: int
    unseen_files: int
    """Files with pictures that nobody looked at or counted: how many is not known."""

    @property
    def sight(self) -> Sight:
        if not self.frames and not self.unseen_files:
            return Sight.NO_PICTURES
        if not self.looked_at:
            return Sight.NONE
        whole = self.looked_at == self.frames and not self.unseen_files
        return Sight.ALL if whole else Sight.SOME

    def told(self, words: Words) -> SafeString:
        """One sentence on what was looked at and what was not; empty without pictures."""
        own = words["opening"]
        if self.sight is Sight.NO_PICTURES:
            return SafeString()
        if self.sight is Sight.NONE:
            return format_html("{}", own["not_looked"])
        counted = {"n": self.looked_at, "all": self.frames}
        if self.sight is Sight.ALL:
            text = ngettext(
                "We read the text, and our program looked for words on the picture.",
                "We read the text, and our program looked for words on all %(n)d pictures.",
                self.looked_at,
            )
        elif self.unseen_files:
            text = ngettext(
                "We read the text. Our program looked for words on %(n)d picture, and not on the"
                " rest.",
                "We read the text. Our program looked for words on %(n)d pictures, and not on the"
                " rest.",
                self.looked_at,
            )
        else:
            text = gettext(
                "We read the text. Our program looked for words on %(n)d of %(all)d pictures."
            )
        return format_html("{}", text % counted)


def looked(report: Report) -> Looked:
    """How much of ``report``'s pictures was looked at. Its numbers may be anybody's."""
    uncounted = sum(
        r.frames_looked_at >= r.frames and not NOT_LOOKED_AT.isdisjoint(r.notes)
        for r in report.files
    )
    unread = (f.files for f in report.findings if f.rule == "picture-not-read")
    return Looked(
        frames=sum(record.frames for record in report.files),
        looked_at=sum(min(r.frames_looked_at, r.frames) for r in report.files),
        unseen_files=max(uncounted, *unread, 0),
    )
