"""Where a recipient probably is: by a browser's languages, by the page's, or by an
address that was typed.

A guess, to begin a form with. The person sees it, and can choose another jurisdiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from companion.content import law
from companion.content.law import Jurisdiction
from companion.folding import fold
from companion.letters.case import Case
from companion.letters.spec import TO_HOSPITAL

# The last line of an address, as the post of a country asks for it.
_LAST_LINES = (
    ("us", re.compile(r"\b[A-Z]{2},? +\d{5}(-\d{4})?\Z")),
    ("uk", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? +\d[A-Z]{2}\Z")),
    ("au", re.compile(r"\b(NSW|VIC|QLD|SA|WA|TAS|ACT|NT),? +\d{4}\Z")),
)
_USUAL_EVERYWHERE = "en-us"
"""What a browser asks for where nobody told it another language: it tells of no country."""
_TAG = re.compile(r"([a-z]{2,3})(?:-[a-z]{4})?-([a-z]{2})\Z")


def of_languages(accepted: str) -> Jurisdiction | None:
    """The jurisdiction of the first country that an ``Accept-Language`` header names.

    None where it names no country of ours, or only the one that browsers name unasked.
    """
    for part in accepted[:200].lower().split(","):
        tag = part.split(";")[0].strip()
        match = None if tag == _USUAL_EVERYWHERE else _TAG.match(tag)
        if match:
            return _of_country(match[2].upper(), match[1])
    return None


def of_page(language: str) -> Jurisdiction | None:
    """The jurisdiction of a page's language: the country with law of its own here that has no
    other official language. None where it is that of several, or of none."""
    found = [
        one
        for one in law.jurisdictions().values()
        if one.languages == (language,)
        and not one.region
        and any(name.startswith(f"{one.id}.") for name in one.laws)
    ]
    return found[0] if len(found) == 1 else None


def _of_country(code: str, language: str) -> Jurisdiction | None:
    """The jurisdiction of a country, whose code is that of its holidays: the whole, where that
    is one; else its one part whose first language is ``language``, as French is in Quebec."""
    found = [one for one in law.jurisdictions().values() if one.holidays == code]
    whole = [one for one in found if not one.region]
    if whole and (place := _itself(whole[0])):
        return place
    parts = [one for one in found if one.region and one.languages[0] == language]
    return parts[0] if len(parts) == 1 else None


def _itself(one: Jurisdiction) -> Jurisdiction | None:
    """The jurisdiction, or the part that stands for a family that is not offered."""
    return one if one.offered else law.jurisdictions().get(one.stands_for_it)


def of_address(lines: Iterable[str]) -> Jurisdiction | None:
    """The jurisdiction that a postal address names; None where it names none for sure."""
    last_first = [line.strip(" ,.;") for line in lines][::-1]
    found = [one for line in last_first for one in _named_by(line)]
    # A state tells more than the country below it: "Austin, TX 78701", "United States".
    found.sort(key=lambda one: -len(one.family))
    return _itself(found[0]) if found else None


def _named_by(line: str) -> Iterator[Jurisdiction]:
    plain = fold(line)
    for one in law.jurisdictions().values():
        names = {fold(name) for name in (*one.name.values(), *one.short.values())}
        if plain in names:
            yield one
        elif one.region and one.postcode:
            own = "|".join(re.escape(name) for name in sorted(names))
            state = rf"(?:\b{one.region}|(?i:{own}))\)?,? +(?:{one.postcode})\Z"
            spelled = (re.search(state, text) for text in (line, plain))
            if any(spelled) or any(plain.endswith(f", {name}") for name in names):
                yield one
    for name, pattern in _LAST_LINES:
        if pattern.search(line):
            yield law.jurisdictions()[name]


def typed(case: Case) -> Jurisdiction | None:
    """Another jurisdiction that has this letter, where the hospital's address says so."""
    name = "recipient_address" if case.default_addressee in TO_HOSPITAL else "hospital_address"
    found = of_address(case.facts.lines(name))
    if found is None or not case.spec.offered_in(found):
        return None
    # An address does not tell the four parts of the kingdom apart: England stands for all.
    same_kingdom = found.family[-1] == case.jurisdiction.family[-1] == "uk"
    return None if same_kingdom or case.jurisdiction.within(found.id) else found
