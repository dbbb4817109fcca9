"""The paragraph that opens a report: the worst facts of these files first.

The order is fixed: what could not be read, a broken promise, more than one person, a
written report or a fact of health, a program's result, who you are, and the rest. A
sentence stands only where the findings bear it out, and none quotes a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from companion.scans.findings import SCANS, Certainty, Finding, Kind, Report
from companion.web.scans.report import ai
from companion.web.scans.report.chosen import (
    OUT_OF_SIGHT,
    Words,
    identifying,
    listed,
    once,
    phrases,
    sure,
)
from companion.web.scans.report.coded import rule_of_keyword
from companion.web.scans.report.health import health, written_reports
from companion.web.scans.report.looked import PICTURE_WORDS, Sight, looked
from companion.web.scans.report.unread import Share, how_much

_NAMES = {
    "patient-name", "second-person-name", "other-patient-names", "echo-name",
    "private-patient-name",
}  # fmt: skip
_ANYBODYS = {"contact-in-text", "email-in-text"}
_ON_YOU = ("who-you-are", "about-you", "hidden")
_REST = ("when", "where", "other-people", "numbers", "words")
_REST_AT_MOST = 3
_SHORT = 4
"""Sentences from which the opening leaves the rest to the answers below it."""
_PAINTED = {"burned-in-yes", "burned-in-likely", "photograph"}
"""Rules that say words are likely painted on the picture."""


def opening(report: Report, share: Share, words: Words) -> list[SafeString]:
    """The sentences of the opening; empty where nothing was found and all was read."""
    findings = report.findings
    sentences = [*_unread(share, words)]
    pictures = looked(report)
    painted = pictures.sight is Sight.NONE and (
        any(f.rule in _PAINTED for f in findings) or _photos_only(report)
    )
    broken = list(_broken_promise(report, words))
    sentences += broken
    several = list(_several(report, words))
    sentences += several
    sentences += _written(findings, words)
    sentences += _programs(findings, words)
    if painted:
        sentences.append(_plain(words, "painted"))
    written_on = [*_on_the_pictures(report, words, told=bool(broken))]
    sentences += written_on
    if any(f.rule == "face-visible" for f in sure(findings)):
        sentences.append(_plain(words, "face"))
    if only_numbers(findings):
        sentences.append(_plain(words, "only_numbers"))
    elif len(report.people) > 1:
        sentences += _theirs(findings, words)
    else:
        own = [f for f in on_you(findings) if not (written_on and f.rule in PICTURE_WORDS)]
        sentences += _who(report, own, words, told=bool(broken))
        hidden = list(_hidden(findings, words))
        if len(sentences) + len(hidden) < _SHORT:
            sentences += _rest(findings, words, alone=not sentences)
        sentences += hidden
    if sentences and (told := pictures.told(words, share)) and not painted:
        sentences.append(told)
    return sentences


def _photos_only(report: Report) -> bool:
    """Whether there is no scan, only loose pictures: photos and pictures of a screen."""
    kinds = {record.kind for record in report.files}
    return Kind.IMAGE in kinds and kinds.isdisjoint(SCANS)


def names_left(findings: Sequence[Finding]) -> list[Finding]:
    """Findings of the patient's own name, wherever it is."""
    return [f for f in sure(findings) if f.rule in _NAMES]


def on_you(findings: Sequence[Finding]) -> list[Finding]:
    """Findings that are about the patient. An address or a number to call in a file beside
    the scans may be that of a viewer's maker, and a code that replaced a name is no number of
    the patient's."""
    codes = {value for f in findings if f.rule == "placeholder" for value in f.values}
    return [
        f
        for f in identifying(sure(findings))
        if (f.group in _ON_YOU or f.rule.startswith("gps") or f.rule in PICTURE_WORDS)
        and not (f.place == "other-file" and f.rule in _ANYBODYS)
        and not (f.rule == "patient-id" and f.values and codes.issuperset(f.values))
    ]


def coded(report: Report) -> bool:
    """Whether a code is where the name should be."""
    if report.people:
        return any(person.codes and not person.names for person in report.people) or (
            len(report.people) == 1 and bool(report.people[0].codes)
        )
    return any(finding.rule == "placeholder" for finding in report.findings)


def _unread(share: Share, words: Words) -> Iterator[SafeString]:
    if share.broke_off:
        if share.expected:
            text = gettext("This download was cut off: %(n)d of %(all)d pictures arrived.")
            yield format_html("{}", text % {"n": share.scans, "all": share.expected})
        else:
            text = ngettext(
                "This download was cut off: %(n)d picture arrived whole. The rest is missing.",
                "This download was cut off: %(n)d pictures arrived whole. The rest is missing.",
                share.scans,
            )
            yield format_html("{}", text % {"n": share.scans})
    elif share.cut:
        yield _counted(
            ngettext(
                "%(n)d of %(all)d files is cut short.",
                "%(n)d of %(all)d files are cut short.",
                share.cut,
            ),
            share.cut,
            share.files,
        )
        if share.arrived:
            yield format_html("{}", how_much(share.arrived, share.cut))
    elif share.listed:
        text = ngettext(
            "The disc's table of contents lists %(all)d scans, and %(n)d of them is here.",
            "The disc's table of contents lists %(all)d scans, and %(n)d of them are here.",
            share.scans,
        )
        yield _counted(text, share.scans, share.listed)
    elif share.missing:
        text = ngettext(
            "By their numbers, at least %(n)d of %(all)d pictures in a series is missing.",
            "By their numbers, at least %(n)d of %(all)d pictures in a series are missing.",
            share.missing,
        )
        yield _counted(text, share.missing, share.in_series)
    if share.unopened:
        yield _counted(
            ngettext(
                "We could not open %(n)d of %(all)d files.",
                "We could not open %(n)d of %(all)d files.",
                share.unopened,
            ),
            share.unopened,
            share.files,
        )
    beyond = share.in_part - share.cut - share.programs
    if beyond > 0 and not share.broke_off:
        yield _counted(
            ngettext(
                "We could read only a part of %(n)d of %(all)d files.",
                "We could read only a part of %(n)d of %(all)d files.",
                beyond,
            ),
            beyond,
            share.files,
        )
    if share.broke_off or share.listed or (share.missing and not share.unread):
        yield _plain(words, "unknown_missing")
    elif share.cut or beyond > 0:
        yield _plain(words, "unknown_rest")
    elif share.unopened:
        yield _plain(words, "unknown_unopened")


def _counted(text: str, n: int, whole: int) -> SafeString:
    return format_html("{}", text % {"n": n, "all": whole})


def _broken_promise(report: Report, words: Words) -> Iterator[SafeString]:
    claims = [f for f in report.findings if f.rule == "claim-identity-removed"]
    if not any(_yes(f) for f in claims):
        return
    still = phrases(on_you(report.findings), words)
    if still:
        text = gettext("The files say that your identity was removed. They still contain {}.")
        yield format_html(text, listed(still, 4))
    elif any(f.rule == "claim-left-over" for f in report.findings):
        yield _plain(words, "broken")


def _yes(finding: Finding) -> bool:
    return not finding.values or any(value.strip().upper() != "NO" for value in finding.values)


def _several(report: Report, words: Words) -> Iterator[SafeString]:
    count = len(report.people)
    if count > 1:
        text = gettext("These are scans of %(n)d people. Each has a short report below.")
        yield format_html("{}", text % {"n": count})
    elif not count and any(f.rule == "two-patients" for f in sure(report.findings)):
        yield _plain(words, "several")


def _written(findings: Sequence[Finding], words: Words) -> Iterator[SafeString]:
    facts = health(findings, words)
    key = "written" if written_reports(findings) else ""
    if facts:
        key = "written_health" if key else "health"
    if key:
        yield format_html(words["opening"][key], facts=listed(facts, 4) if facts else "")


def _programs(findings: Sequence[Finding], words: Words) -> Iterator[SafeString]:
    made = ai.results(findings)
    changed = any(f.rule == "ai-picture" for f in sure(findings))
    if made:
        own, count, names = words["opening"], ai.files_made(made), ai.names(made)
        key = "made_several" if len(names) > 1 else "made_one" if names else "made_unnamed"
        yield format_html(own[key], n=count, names=listed(names, 3) if names else "")
        if ai.unsigned(findings):
            yield _plain(words, "unsigned_several" if len(names) > 1 else "unsigned")
    if changed:
        yield _plain(words, "changed_too" if made else "changed")


def _on_the_pictures(report: Report, words: Words, *, told: bool) -> Iterator[SafeString]:
    """What stands on the pictures, by name where the headers say what it is. ``told``: that
    some words are on them has been said."""
    found = [f for f in identifying(sure(report.findings)) if f.rule in PICTURE_WORDS]
    meant = (rule_of_keyword().get(f.name, "").replace("-", "_") for f in found)
    named = once((words["phrases"].get(rule) for rule in meant), words)
    if named and len(report.people) < 2:
        yield format_html(words["opening"]["on_pictures_named"], facts=listed(named, 4))
    elif found and not told:
        yield _plain(words, "on_pictures")


def only_numbers(findings: Sequence[Finding]) -> bool:
    """Whether nothing but the numbers that every scan must have could lead to a person."""
    found = identifying(sure(findings))
    return bool(found) and all(f.rule.startswith("uid-") for f in found)


def _theirs(findings: Sequence[Finding], words: Words) -> Iterator[SafeString]:
    if names_left(findings):
        yield _plain(words, "their_names")


def _who(
    report: Report, own: Sequence[Finding], words: Words, *, told: bool
) -> Iterator[SafeString]:
    """``told``: a broken promise has named what is left already."""
    if coded(report):
        yield _plain(words, "code")
    named = phrases(own, words)
    if named and not told:
        yield format_html(gettext("Anyone who opens these files can read {}."), listed(named, 4))


def _rest(findings: Sequence[Finding], words: Words, *, alone: bool) -> Iterator[SafeString]:
    """``alone``: no sentence before it says what the files hold."""
    certain = identifying(sure(findings))
    groups = {f.group for f in certain if not f.rule.startswith("gps")}
    groups |= {"when" for f in certain if f.rule == "file-name-date"}
    also = [
        words["also"][group.replace("-", "_")]
        for group in _REST
        if group in groups and group.replace("-", "_") in words["also"]
    ]
    if also:
        text = (
            gettext("Anyone who opens these files can read {}.")
            if alone
            else gettext("They also show {}.")
        )
        yield format_html(text, listed(also[:_REST_AT_MOST]))


def _hidden(findings: Sequence[Finding], words: Words) -> Iterator[SafeString]:
    out_of_sight = [
        f
        for f in identifying(sure(findings))
        if f.place in OUT_OF_SIGHT and f.certainty in (Certainty.CERTAIN, Certainty.LIKELY)
    ]
    if any(f.rule in _NAMES for f in out_of_sight):
        yield _plain(words, "hidden_name")
    elif out_of_sight:
        yield _plain(words, "hidden")


def _plain(words: Words, part: str) -> SafeString:
    return format_html("{}", words["opening"][part])
