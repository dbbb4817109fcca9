"""The small pictures of a preview, before and after, as a page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from companion.cleaning.isolation.protocol import Pair
from companion.scans.findings import Thumbnail
from companion.web.scans.report.pictures import MEDIA_TYPES, data_url


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture before and after; the words outlined that were painted black."""

    number: int
    before: Thumbnail = field(repr=False)
    after: Thumbnail = field(repr=False)

    @property
    def before_url(self) -> str:
        return data_url(self.before.image, self.before.media_type)

    @property
    def after_url(self) -> str:
        return data_url(self.after.image, self.after.media_type)


def shown(pairs: Iterable[Pair]) -> tuple[Shown, ...]:
    """Those that a browser can show."""
    fit = (
        pair
        for pair in pairs
        if {pair.before.media_type, pair.after.media_type} <= set(MEDIA_TYPES)
    )
    return tuple(Shown(number, pair.before, pair.after) for number, pair in enumerate(fit, 1))
