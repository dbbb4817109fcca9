"""What a person typed -> answers that a letter can print, and what to put right.

Nothing is guessed and nothing is lost: an answer that is refused is handed back
as it was typed, with a code whose words are in ``content/letters/en.md``
under ``# problem <code>``.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from companion.content.law import Jurisdiction
from companion.letters.catalogue import Catalogue, Field, Spec
from companion.letters.grammar import Answer

TEXT_LIMIT = 20_000
"""Bytes of all answers together. Far more would take too long to print."""

LINES_LIMIT = {"contact": 6, "recipient_address": 6, "receiver_address": 6}
"""Lines that fit the address of a window envelope."""
OTHER_LINES_LIMIT = 60

# A US Social Security number, 3-2-4, of a range that is given out. Dashes and dots mark one
# anywhere; three groups with spaces are a usual telephone number outside the US.
_ISSUED = r"(?!000|666|9)[0-9]{{3}}{0}(?!00)[0-9]{{2}}{0}(?!0000)[0-9]{{4}}(?![0-9])(?!{1}[0-9])"
_SOCIAL_SECURITY = re.compile(r"(?<![0-9])(?<![0-9][-.])" + _ISSUED.format("[-.]", "[-.]"))
_SPACED_SOCIAL_SECURITY = re.compile(
    r"(?<![0-9])(?<![0-9][-. ])" + _ISSUED.format("(?: ?[-.] ?| )", "[-. ]")
)
# Nine digits in any grouping, when they are called by the name. The authority of that name
# has a postcode of nine digits; a day that is written first is no part of the number.
_CALLED_SOCIAL_SECURITY = re.compile(
    r"(?<![a-z])(?:s\.?s\.?n\.?(?![a-z])|ss ?#|soc(?:ial|\.)? ?sec(?:urity|\.)?(?![a-z])"
    r"(?! (?:administration|office))|(?<!n del )segur(?:o|idad) social)"
    r"(?:.{0,30}?[^0-9])??(?<![0-9][-. ])(?!(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})"
    r"[0-9](?:[-. ]{0,3}[0-9]){8}(?![0-9])(?![-. ][0-9])",
    re.IGNORECASE | re.DOTALL,
)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
# The mark of an item in a list that was pasted: the letter prints one of its own.
_BULLET = re.compile(
    r"\A\s*(?:(?:[\u2022\u2023\u25aa\u25ab\u25a0\u25a1\u25cb\u25cf\u25e6\u25c6\u25c7\u2756\u27a2\u27a4\u2043"
    r"\u00b7\u2219\u2713\u2714*]|[-\u2013\u2014](?=\s|\Z))\s*)+"
)
# French holds a mark to its word by a no-break space: that one stays as it was typed.
_SPACES = re.compile(r"(?:(?![\u00a0\u202f][;:?!»])(?<!«)\s)+")
# Joiners shape words in Persian, Hindi and others; all other format characters are
# invisible, or turn the direction of what follows.
_KEPT_FORMAT = {"\u200c", "\u200d", "\u00ad"}
_OLDEST = date(1900, 1, 1)
_AHEAD = timedelta(days=800)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right (or, as a hint, to look at) in one field."""

    field: str
    code: str
    values: Mapping[str, str | int] = dataclasses.field(default_factory=dict)

    def words(self, catalogue: Catalogue, language: str, *, kind: str = "problem") -> str:
        text = catalogue.text(language, f"{kind} {self.code}")
        return text.format(**self.values) if self.values else text


@dataclass(frozen=True, slots=True)
class Facts:
    """Checked answers by field (dates as ISO text), and what was found."""

    answers: Mapping[str, Answer] = dataclasses.field(repr=False)
    problems: tuple[Problem, ...] = ()
    hints: tuple[Problem, ...] = ()

    def text(self, name: str) -> str:
        answer = self.answers.get(name, "")
        return answer if isinstance(answer, str) else "\n".join(answer)

    def lines(self, name: str) -> tuple[str, ...]:
        answer = self.answers.get(name, ())
        return (answer,) if isinstance(answer, str) and answer else tuple(answer)

    def date(self, name: str) -> date | None:
        """The day answered, or None where there is none that can be used."""
        answer = self.answers.get(name)
        return date.fromisoformat(answer) if isinstance(answer, str) and answer else None


def check(
    spec: Spec,
    jurisdiction: Jurisdiction,
    given: Mapping[str, object],
    *,
    today: date,
    limit: int = TEXT_LIMIT,
) -> Facts:
    """Check what was given for the questions that this letter asks there.

    ``given`` holds texts, lists of texts or truth values; other names are the
    caller's business. A required answer that is missing, and any answer that is
    refused, is a ``Problem``; a refused answer is left out of ``answers``.
    """
    answers: dict[str, Answer] = {}
    problems: list[Problem] = []
    hints: list[Problem] = []
    total = 0
    required = spec.required_in(jurisdiction)
    for one in spec.asked_in(jurisdiction, given):
        try:
            raw = _raw(given.get(one.id))
        except TypeError:
            problems.append(Problem(one.id, "not-text"))
            continue
        total += sum(len(text.encode(errors="surrogatepass")) for text in raw)
        cleaned = tuple(clean(text) for text in raw)
        if cleaned != tuple(_plain_newlines(text) for text in raw):
            hints.append(Problem(one.id, "cleaned"))
        answer, found = _answer(one, cleaned, jurisdiction, today)
        if found:
            problems.append(found)
        elif answer:
            answers[one.id] = answer
        elif one.id in required:
            problems.append(Problem(one.id, "required"))
    problems += _who_writes(spec, answers)
    if total > limit:
        values = MappingProxyType({"count": total, "limit": limit})
        problems.insert(0, Problem("", "too-long-all", values))
    facts = Facts(MappingProxyType(answers))
    refused = {problem.field for problem in problems}
    problems += [one for one in _order_of_days(spec, facts) if one.field not in refused]
    return Facts(facts.answers, tuple(problems), (*hints, *_hints(facts, jurisdiction)))


def _who_writes(spec: Spec, answers: Mapping[str, Answer]) -> list[Problem]:
    """What stands against a letter by this person, or for this one."""
    relation = str(answers.get("relation", ""))
    if relation in spec.not_for:
        return [Problem("relation", f"not-for-{relation}")]
    if relation in ("child", "adult", "died") and not answers.get("representative"):
        return [Problem("representative", "who-writes")]
    return []


def clean(text: str) -> str:
    """Text without control, direction and other invisible characters."""
    text = unicodedata.normalize("NFC", _plain_newlines(text))
    return "".join(
        " " if here == "\t" else here
        for here in text
        if here in "\n\t"
        or here in _KEPT_FORMAT
        or unicodedata.category(here) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


def _plain_newlines(text: str) -> str:
    for old in ("\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85"):
        text = text.replace(old, "\n")
    return unicodedata.normalize("NFC", text)


def _raw(value: object) -> tuple[str, ...]:
    match value:
        case None | False | "":
            return ()
        case True:
            return ("yes",)
        case str():
            return (value,)
        case list() | tuple() if all(isinstance(one, str) for one in value):
            return tuple(value)
    raise TypeError


def _answer(
    one: Field, texts: tuple[str, ...], jurisdiction: Jurisdiction, today: date
) -> tuple[Answer, Problem | None]:
    whole = "\n".join(texts).strip()
    if not whole:
        return "", None
    if len(whole) > one.limit:
        values = MappingProxyType({"count": len(whole), "limit": one.limit})
        return "", Problem(one.id, "too-long", values)
    if _names_social_security(whole, jurisdiction):
        return "", Problem(one.id, "social-security")
    if one.kind == "date":
        return _day(one, whole, today)
    if one.kind in ("choice", "choices", "flag"):
        chosen = tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
        if any(option not in one.options for option in chosen) or (
            one.kind != "choices" and len(chosen) > 1
        ):
            return "", Problem(one.id, "option")
        if one.most and len(chosen) > one.most:
            values = MappingProxyType({"count": len(chosen), "limit": one.most})
            return "", Problem(one.id, "too-many-options", values)
        if one.kind == "flag" and chosen == ("no",):
            return "", None
        return (chosen if one.kind == "choices" else chosen[0]), None
    if one.kind == "lines":
        return _lines(one, whole)
    if one.kind == "text":
        return re.sub(r"\n{3,}", "\n\n", "\n".join(_squeezed(whole))), None
    return _SPACES.sub(" ", whole), None


def _names_social_security(text: str, jurisdiction: Jurisdiction) -> bool:
    """Whether the text holds a US Social Security number, in any script's digits."""
    text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    text = "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)
    text = re.sub(r"[^\S\n]+", " ", text)
    patterns = [_SOCIAL_SECURITY, _CALLED_SOCIAL_SECURITY]
    if jurisdiction.within("us"):
        patterns.append(_SPACED_SOCIAL_SECURITY)
    return any(pattern.search(text) for pattern in patterns)


def _squeezed(text: str) -> list[str]:
    return [_SPACES.sub(" ", line).strip() for line in text.split("\n")]


def _lines(one: Field, text: str) -> tuple[Answer, Problem | None]:
    lines = tuple(filter(None, (_BULLET.sub("", line) for line in _squeezed(text))))
    limit = LINES_LIMIT.get(one.id, OTHER_LINES_LIMIT)
    if len(lines) > limit:
        return "", Problem(one.id, "too-many-lines", MappingProxyType({"limit": limit}))
    if one.id.endswith("_address") and sum(map(str.isalpha, text)) < 2:
        return "", Problem(one.id, "address")
    return lines, None


def _day(one: Field, text: str, today: date) -> tuple[Answer, Problem | None]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "", Problem(one.id, "not-a-date")
    if not _OLDEST <= day <= today + _AHEAD:
        return "", Problem(one.id, "date-range")
    if one.past and day > today:
        return "", Problem(one.id, "future")
    return day.isoformat(), None


# A day on the left cannot lie before the day on the right; the code says why.
_ORDER = (
    ("received_on", "sent_on", "before-sent"),
    ("sent_on", "study_date", "before-scan"),
    ("event_date", "birth_date", "before-birth"),
    ("study_date", "birth_date", "before-birth"),
    ("sent_on", "birth_date", "before-birth"),
    ("died_on", "birth_date", "before-birth"),
    ("sent_on", "died_on", "before-death"),
    ("period_to", "period_from", "period"),
    ("sent_on", "original_date", "before-first"),
    ("original_due", "original_date", "before-first"),
    ("reply_date", "original_date", "before-first"),
)


def _order_of_days(spec: Spec, facts: Facts) -> list[Problem]:
    """Days in the wrong order. A scan that may lie ahead says nothing about others."""
    found: list[Problem] = []
    past = {one.id for one in spec.fields if one.past}
    for later, earlier, code in _ORDER:
        if earlier == "study_date" and earlier not in past:
            continue
        last, first = facts.date(later), facts.date(earlier)
        if last and first and last < first:
            found.append(Problem(later, code))
    return found


def _hints(facts: Facts, jurisdiction: Jurisdiction) -> list[Problem]:
    address = facts.text("recipient_address")
    # Some offices take letters on their web page only.
    if (
        address
        and "://" not in address
        and jurisdiction.postcode
        and not re.search(jurisdiction.postcode, address)
    ):
        return [Problem("recipient_address", "postcode")]
    return []
