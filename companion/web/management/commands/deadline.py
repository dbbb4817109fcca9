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
        place, region = _where(home, options["region"])
        try:
            found = rights.due(rule, _day(options["received"]), place, region)
        except ValueError as error:
            raise WrongInputError(str(error)) from None
        self.stdout.write(f"due       {_said(found.due)}")
        if found.extended:
            self.stdout.write(f"extended  {_said(found.extended)}")
        if found.follow_up:
            self.stdout.write(f"ask again {_said(found.follow_up)}")
        for day in found.warnings:
            self.stdout.write(f"warning   {_said(day)}")
        self.stdout.write(f"holidays  {_calendar(rule, place, region)}")
        self.stdout.write(f"source    {_source(rule, home)}")


def _rules() -> list[str]:
    return list(dict.fromkeys(name for place in law.places().values() for name in place.rules))


def _where(home: law.Place, region: str) -> tuple[law.Place, str]:
    """The place whose holidays count: by id, by country below the rule's, or by region."""
    if not region:
        return home, ""
    places = law.places()
    for name in (region.lower(), f"{home.id}-{region.lower()}"):
        if name in places and places[name].within(home.id):
            return places[name], ""
    for place in places.values():
        if place.within(home.id) and place.region == region.upper():
            return place, ""
    return _by_holidays(home, region)


def _by_holidays(home: law.Place, region: str) -> tuple[law.Place, str]:
    """A region of a country below the rule's place, such as BY (Bavaria) of Germany."""
    country, _, part = region.upper().rpartition("-")
    for place in law.places().values():
        if not place.within(home.id) or not place.holidays:
            continue
        if country and place.holidays != country:
            continue
        try:
            rights.closed_days(2026, (place.holidays, part))
        except rights.UnknownRegionError:
            continue
        return place, part
    raise WrongInputError(f"no holidays are known for the region {region!r}")


def _calendar(rule: law.Rule, place: law.Place, region: str) -> str:
    """Whose holidays were asked, and what they changed."""
    if not place.holidays:
        return f"none of {place.name['en']}: weekends only; --region names a country"
    named = f"{place.name['en']}, {_region_name(place, region)}" if region else place.name["en"]
    moves = rule.rolls or rule.unit == "working-days"
    return named if moves else f"{named} (no holiday moves the day that is due)"


def _region_name(place: law.Place, region: str) -> str:
    """A region in the holiday calendar's own words, "Bayern (BY)"."""
    names = rights.regions(place)
    return f"{names[region]} ({region})" if region in names else region


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongInputError(f"{text!r} is no day; write it like 2026-11-20") from None


def _said(day: date) -> str:
    return f"{day.isoformat()} {day:%a}"


def _length(rule: law.Rule) -> str:
    extended = f", at most {rule.extended}" if rule.extended else ""
    whose = ", yours" if rule.yours else ""
    return f"{rule.count} {rule.unit}{extended}{whose}"


def _source(rule: law.Rule, home: law.Place) -> str:
    source = home.laws[rule.law]
    return f"{source.citation['en']} (checked {source.checked_on}) {source.source}"
