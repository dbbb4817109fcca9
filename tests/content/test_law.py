"""The law table: every entry can be traced, dated and counted; nothing unsure gets in."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import holidays
import pytest

from companion.clock import today
from companion.content.law import FOLDER, Jurisdiction, Law, jurisdiction, jurisdictions, load, rule
from companion.content.library import LANGUAGES, ContentError
from tests.content.readability import grade, sentences, word_count

MEMBER_STATES = {
    *("at", "be", "bg", "hr", "cy", "cz", "dk", "ee", "fi", "fr", "de", "gr", "hu", "ie"),
    *("it", "lv", "lt", "lu", "mt", "nl", "pl", "pt", "ro", "sk", "si", "es", "se"),
}
OFFERED = {"us", "us-ca", "us-tx", "us-wa", "us-ny", "eu", "uk-eng", "uk-sct", "uk-wls", "uk-nir",
           "us-mn", "ca-on", "ca-qc", "ca-ab", "ca-bc", "au", "ch", "br"}  # fmt: skip
RULES = {
    # id: count, unit, extended, rolls, yours
    "us.hipaa.30": (30, "days", 60, False, False),
    "us.hipaa.60": (60, "days", 90, False, False),
    "us.ocr.180": (180, "days", 0, False, True),
    "us-ca.copies": (15, "days", 0, False, False),
    "us-ca.inspect": (5, "working-days", 0, False, False),
    "us-ca.45": (45, "days", 90, False, False),
    "us-tx.copies": (15, "working-days", 0, False, False),
    "us-wa.45": (45, "days", 90, False, False),
    "us-ny.inspect": (10, "days", 0, False, False),
    "eu.month": (1, "months", 3, True, False),
    "uk.month": (1, "months", 3, True, False),
    "uk.ack": (30, "days", 0, False, False),
    "ca-on.30": (30, "days", 60, True, False),
    "ca-on.ipc-year": (1, "years", 0, False, True),
    "ca-qc.30": (30, "days", 0, True, False),
    "ca-bc.30": (30, "working-days", 0, False, False),
    "au.30": (30, "days", 0, True, False),
    "au.oaic-30": (30, "days", 0, False, False),
    "us-wa.copies": (15, "working-days", 21, False, False),
    "us-wa.correct": (10, "days", 21, False, False),
    "eu-fr.record-8": (8, "days", 0, False, False),
    "eu-fr.record-old": (2, "months", 0, False, False),
    "eu-ie.foi-4-weeks": (28, "days", 0, False, False),
    "ch.30": (30, "days", 0, False, False),
    "br.15": (15, "days", 0, False, False),
    "uk-eng.foi-20": (20, "working-days", 0, False, False),
    "uk-sct.foi-20": (20, "working-days", 0, False, False),
    "ca-on.foi-30": (30, "days", 0, True, False),
}
ADDRESSES = {
    "us": "100 Sample Road, Springfield, IL 62704",
    "us-ca": "1 Example Street, Sacramento, CA 95814-1234",
    "eu-de": "Beispielstr. 1, 53117 Bonn",
    "eu-fr": "1 rue Exemple, 75007 Paris",
    "eu-ie": "1 Example Square, Dublin, D02 X285",
    "eu-nl": "Voorbeeldweg 1, 2594 AV Den Haag",
    "eu-pl": "ul. Przykladowa 1, 00-193 Warszawa",
    "eu-se": "Exempelgatan 1, 104 20 Stockholm",
    "uk-sct": "1 Example Street, Edinburgh EH1 3YZ",
    "ca-on": "1 Example Street, Toronto, Ontario M4W 1A8",
    "ca-qc": "1, rue Exemple, Montréal (Québec)  H3Z 2Y7",
    "ca-ab": "1 Example Street, Calgary AB T2P 2V7",
    "au": "1 Example Street, Sydney NSW 2000",
}


def all_laws() -> list[Law]:
    return list(
        {one.id: one for home in jurisdictions().values() for one in home.laws.values()}.values()
    )


def make_jurisdiction(folder: Path, old: str = "", new: str = "") -> Path:
    """A folder with one small place, its text changed from ``old`` to ``new``."""
    text = """
languages = ["en"]
paper = "a4"
window = "left"
dates = "day-first"
holidays = "IE"
office = "Ask at the desk."
post = "Registered post."
after_death = "The executor may ask."
name = "Example Land"

[[law]]
id = "xx.access"
citation = "Example Act 1"
applies_to = "hospitals"
checked_on = 2026-11-01
checked_by = "project"
source = "https://law.example/1"
confidence = "verified"
deadline = "xx.30"
plain = "You may have a copy."

[[deadline]]
id = "xx.30"
count = 30
unit = "days"
roll = "none"
law = "xx.access"
"""
    assert old in text
    (folder / "xx.toml").write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return folder


def test_all_places_that_are_promised_are_there() -> None:
    offered = {one.id for one in jurisdictions().values() if one.offered}
    assert offered >= OFFERED | {f"eu-{state}" for state in MEMBER_STATES}


@pytest.mark.parametrize("law", all_laws(), ids=lambda law: law.id)
def test_every_entry_says_who_checked_it_when_and_where(law: Law) -> None:
    assert date(2026, 11, 1) <= law.checked_on <= today()
    assert law.confidence in ("sure", "verified")
    assert law.checked_by  # "project" until a lawyer has signed with a name
    assert law.source.startswith("https://")
    assert law.applies_to
    for language in LANGUAGES:
        assert law.citation[language]
        assert law.plain[language].endswith(".")


@pytest.mark.parametrize("law", all_laws(), ids=lambda law: law.id)
def test_every_entry_is_put_plainly(law: Law) -> None:
    assert max(map(word_count, sentences([law.plain["en"]]))) <= 25


def test_the_entries_together_read_at_grade_eight_or_below() -> None:
    assert grade([law.plain["en"] for law in all_laws()]) <= 8


def test_spanish_citations_use_the_spanish_names() -> None:
    for law in all_laws():
        if law.id.startswith(("eu.gdpr", "uk.gdpr")):
            assert "RGPD" in law.citation["es"]
            assert "GDPR" not in law.citation["es"].replace("RGPD", "")
            assert re.search(r"art[íi]culo|considerando", law.citation["es"])


def test_entries_of_the_uk_and_the_eu_carry_the_same_articles() -> None:
    def articles(start: str) -> set[str]:
        return {law.id.removeprefix(start) for law in all_laws() if law.id.startswith(start)}

    only_eu = {"complaint", "court"}  # in the UK these stand in the Data Protection Act
    assert articles("eu.gdpr.") - only_eu == articles("uk.gdpr.")


@pytest.mark.parametrize(
    ("places", "secret"),
    [
        ("eu*", "71(4)"),
        ("ca-on", "10.1"),
        ("us-tx", "552.0"),
        ("us*", "900.12(c)(4)(ii)(15"),
        ("us*", "BIPA"),
    ],
)
def test_what_nobody_is_sure_of_is_not_cited(places: str, secret: str) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob(f"{places}.toml"))
    assert text
    assert secret not in text


def test_no_day_count_is_printed_for_the_transfer_of_mammograms() -> None:
    for law in all_laws():
        if law.id.startswith("us.mammograms"):
            assert not law.deadline
            assert "15" not in law.plain["en"] + law.plain["es"]


@pytest.mark.parametrize("name", RULES)
def test_deadline_rules_are_as_the_law_has_them(name: str) -> None:
    found, _ = rule(name)
    assert (found.count, found.unit, found.extended, found.rolls, found.yours) == RULES[name]


def test_the_patients_own_limits_warn_before_they_end() -> None:
    assert rule("us.ocr.180")[0].warn == (120, 165)
    assert max(rule("ca-on.ipc-year")[0].warn) < 365


@pytest.mark.parametrize(
    "home", [one for one in jurisdictions().values() if one.offered], ids=lambda home: home.id
)
def test_every_place_has_what_a_letter_needs(home: Jurisdiction) -> None:
    assert home.regulator is not None
    assert home.regulator.url.startswith("https://")
    assert home.languages
    for language in LANGUAGES:
        assert home.name[language]
        assert home.office[language]
        assert home.post[language]
    if home.id != "eu":  # any member state: weekends only
        holidays.country_holidays(home.holidays, subdiv=home.region or None, years=2026)


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_postal_address_of_the_place_fits_its_postcode(name: str) -> None:
    assert re.search(jurisdictions()[name].postcode, ADDRESSES[name])


def test_holidays_of_the_four_parts_of_the_uk_and_of_ontario_differ_by_region() -> None:
    assert [jurisdictions()[f"uk-{one}"].region for one in ("eng", "sct", "wls", "nir")] == [
        "ENG", "SCT", "WLS", "NIR"]  # fmt: skip
    assert (jurisdiction("ca-on").holidays, jurisdiction("ca-on").region) == ("CA", "ON")
    assert jurisdiction("uk").id == "uk-eng"


def test_no_province_stands_for_canada() -> None:
    assert not jurisdictions()["ca"].offered
    with pytest.raises(KeyError):
        jurisdiction("ca")


def test_what_stands_for_a_family_is_an_offered_part_of_it(tmp_path: Path) -> None:
    make_jurisdiction(tmp_path, 'holidays = "IE"', 'holidays = "IE"\nstands_for_it = "xx-yy"')
    with pytest.raises(ContentError, match="stands_for_it: there is no part xx-yy"):
        load(tmp_path)


def test_a_state_takes_over_the_federal_law() -> None:
    texas = jurisdictions()["us-tx"]
    assert "us.hipaa.access" in texas.laws
    assert "us-tx.access" in texas.laws
    assert "us-ca.access" not in texas.laws


def test_a_small_place_is_read(tmp_path: Path) -> None:
    found = load(make_jurisdiction(tmp_path))["xx"]
    assert found.laws["xx.access"].citation["es"] == "Example Act 1"
    assert found.nearest({"xx": "here"}) == "here"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("checked_on = 2026-11-01\n", "", "checked_on"),
        ('checked_by = "project"\n', "", "checked_by"),
        ('source = "https://law.example/1"\n', "", "source"),
        ("https://law.example/1", " ", "source"),
        ('confidence = "verified"\n', "", "confidence"),
        ('"verified"', '"medium"', "confidence"),
        ('deadline = "xx.30"', 'deadline = "xx.31"', "xx.access"),
        ('law = "xx.access"', 'law = "xx.other"', "xx.30"),
        ('id = "xx.access"', 'id = "yy.access"', "id"),
        ("count = 30", "count = 0", "count"),
        ('unit = "days"', 'unit = "moons"', "unit"),
        ('roll = "none"', 'roll = "none"\nextended = 20', "extended"),
        ('paper = "a4"', 'paper = "napkin"', "paper"),
        ('holidays = "IE"', 'holidays = "IE"\npostcode = "("', "postcode"),
        ('name = "Example Land"', 'name = "Example Land"\ncolour = "blue"', "colour"),
    ],
)
def test_a_faulty_place_is_refused_with_file_and_field(
    tmp_path: Path, old: str, new: str, field: str
) -> None:
    with pytest.raises(ContentError) as error:
        load(make_jurisdiction(tmp_path, old, new))
    assert "xx.toml" in str(error.value)
    assert field in error.value.field
