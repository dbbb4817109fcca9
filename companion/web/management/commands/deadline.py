"""`deadline RULE RECEIVED`: the day an answer is due, by the code that the page uses."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from companion.content import law
from companion.letters import rights
from companion.web.management.plain import PlainCommand, WrongInputError


class Command(PlainCommand):
    help = (
        "Print the day on which an answer is due, the day if it is extended, whose "
        "holidays were counted, and the rule's source. --list names the rules."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rule", nargs="?", help="a rule, such as us.hipaa.30")
        parser.add_argument("received", nargs="?", help="the day of receipt, such as 2026-11-20")
        parser.add_argument(
            "--region", default="", help="a place (eu-de, uk-sct), a country or region (DE, BY)"
        )
        parser.add_argument("--list", action="store_true", dest="names", help="name all rules")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["names"]:
            for name in _rules():
                rule, home = law.rule(name)
                self.stdout.write(f"{name:18} {_length(rule):34} {_source(rule, home)}")
            return
        if not options["rule"] or not options["received"]:
            raise WrongInputError("a rule and a day of receipt are needed; --list names the rules")
        if options["rule"] not in _rules():
            raise WrongInputError(f"there is no rule {options['rule']!r}; --list names them")
        rule, home = law.rule(options["rule"])
        jurisdiction, region = _where(home, options["region"])
        try:
            found = rights.due(rule, _day(options["received"]), jurisdiction, region)
        except ValueError as error:
            raise WrongInputError(str(error)) from None
        self.stdout.write(f"due       {_said(found.due)}")
        if found.extended:
            self.stdout.write(f"extended  {_said(found.extended)}")
        if found.follow_up:
            self.stdout.write(f"ask again {_said(found.follow_up)}")
        for day in found.warnings:
            self.stdout.write(f"warning   {_said(day)}")
        self.stdout.write(f"holidays  {_calendar(rule, jurisdiction, region)}")
        self.stdout.write(f"source    {_source(rule, home)}")


def _rules() -> list[str]:
    return list(
        dict.fromkeys(
            name for jurisdiction in law.jurisdictions().values() for name in jurisdiction.rules
        )
    )


def _where(home: law.Jurisdiction, region: str) -> tuple[law.Jurisdiction, str]:
    """The jurisdiction whose holidays count: by id, by country below the rule's, or by region."""
    if not region:
        return home, ""
    jurisdictions = law.jurisdictions()
    for name in (region.lower(), f"{home.id}-{region.lower()}"):
        if name in jurisdictions and jurisdictions[name].within(home.id):
            return jurisdictions[name], ""
    for jurisdiction in jurisdictions.values():
        if jurisdiction.within(home.id) and jurisdiction.region == region.upper():
            return jurisdiction, ""
    return _by_holidays(home, region)


def _by_holidays(home: law.Jurisdiction, region: str) -> tuple[law.Jurisdiction, str]:
    """A region of a country below the rule's jurisdiction, such as BY (Bavaria) of Germany."""
    country, _, part = region.upper().rpartition("-")
    for jurisdiction in law.jurisdictions().values():
        if not jurisdiction.within(home.id) or not jurisdiction.holidays:
            continue
        if country and jurisdiction.holidays != country:
            continue
        try:
            rights.closed_days(2026, jurisdiction.calendar(part))
        except rights.UnknownRegionError:
            continue
        return jurisdiction, part
    raise WrongInputError(f"no holidays are known for the region {region!r}")


def _calendar(rule: law.DeadlineRule, jurisdiction: law.Jurisdiction, region: str) -> str:
    """Whose holidays were asked, and what they changed."""
    if not jurisdiction.holidays:
        return f"none of {jurisdiction.name['en']}: weekends only; --region names a country"
    named = (
        f"{jurisdiction.name['en']}, {_region_name(jurisdiction, region)}"
        if region
        else jurisdiction.name["en"]
    )
    moves = rule.rolls or rule.unit == "working-days"
    return named if moves else f"{named} (no holiday moves the day that is due)"


def _region_name(jurisdiction: law.Jurisdiction, region: str) -> str:
    """A region in the holiday calendar's own words, "Bayern (BY)"."""
    names = rights.regions(jurisdiction)
    return f"{names[region]} ({region})" if region in names else region


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongInputError(f"{text!r} is no day; write it like 2026-11-20") from None


def _said(day: date) -> str:
    return f"{day.isoformat()} {day:%a}"


def _length(rule: law.DeadlineRule) -> str:
    extended = f", at most {rule.extended}" if rule.extended else ""
    whose = ", yours" if rule.yours else ""
    return f"{rule.count} {rule.unit}{extended}{whose}"


def _source(rule: law.DeadlineRule, home: law.Jurisdiction) -> str:
    source = home.laws[rule.law]
    return f"{source.citation['en']} (checked {source.checked_on}) {source.source}"
