"""Which language the recipient of a letter reads."""

from __future__ import annotations

from collections.abc import Sequence

from companion.content.jurisdiction import Jurisdiction
from companion.content.library import SOURCE


def languages_to_ask(languages: Sequence[str], jurisdiction: Jurisdiction) -> list[str]:
    """The languages to choose from where a place has more than one of those that a letter is
    written in (``languages``); else nothing.

    Only the person knows which of them this recipient reads (Switzerland, Luxembourg). English
    stands beside them where another official language is lacking: Dutch in Belgium.
    """
    official = [one for one in jurisdiction.languages if one in languages]
    if len(official) < 2:
        return []
    lacks = len(official) < len(jurisdiction.languages)
    return [*official, SOURCE] if lacks and SOURCE not in official else official


def letter_language(languages: Sequence[str], jurisdiction: Jurisdiction, wanted: str) -> str:
    """The language that the recipient reads, if the letter is written in it.

    ``languages`` are those that it is written in (``Spec.languages``). Where none of them
    is official in the jurisdiction, the one that the person wants counts, and else English.
    Where several are, it is a guess until the person is asked (``languages_to_ask``).
    """
    official = [one for one in jurisdiction.languages if one in languages]
    allowed = official or list(languages)
    return wanted if wanted in allowed else allowed[0]
