"""Finding entries of the list of breaches by a name as people type it.

``tests/providers/test_postgresql.py`` runs this file again against PostgreSQL.
"""

from __future__ import annotations

import pytest

from companion.providers import breach_list, breach_search
from companion.providers.models import Breach
from tests.bench.breach_search import fill, measure
from tests.builders import make_breach_file, make_breach_row

pytestmark = pytest.mark.django_db

MOST_MILLISECONDS = 500  # what a search costs is in the bench; this tells a lost index

NAMES = {
    "Mercy Healthcare, Inc.": "OH",
    "St. Agatha's Children's Hospital": "MA",
    "Université Clinic of Québec Town": "ME",
    "McLarin Health Care Corporation": "MI",
    "Lakeside Radiology Associates, P.C.": "NY",
    "University of Central Lowlands Animation Health": "CA",
    "The Board of Trustees of the North Ridge Academy, on behalf of Ridgeway Medical": "IL",
    "Blue Umbrella Health Plan [case 1772]": "TX",
    "Pinewood Data Services d/b/a StoreMyScan": "TX",
    "Shieldson Health Solutions": "MA",
}


@pytest.fixture
def index() -> breach_search.Index:
    rows = [make_breach_row(name=name, state=state) for name, state in NAMES.items()]
    rows.append(make_breach_row(name="Mercy Healthcare, Inc.", day="05/06/2026"))
    breach_list.save(breach_list.read(make_breach_file(*rows)))
    return breach_search.Index()


@pytest.mark.parametrize(
    ("query", "name", "alike"),
    [
        ("mercy", "Mercy Healthcare, Inc.", False),
        ("MERCY HEALTH CARE", "Mercy Healthcare, Inc.", False),
        ("mercy care", "Mercy Healthcare, Inc.", False),
        ("mercy healthcare ohio", "Mercy Healthcare, Inc.", False),
        ("mercy hospital", "Mercy Healthcare, Inc.", True),
        ("mercy texas", "Mercy Healthcare, Inc.", True),
        ("mrecy", "Mercy Healthcare, Inc.", True),
        ("saint agathas", "St. Agatha's Children's Hospital", False),
        ("st agatha childrens", "St. Agatha's Children's Hospital", False),
        ("quebec universite", "Université Clinic of Québec Town", False),
        ("mc larin", "McLarin Health Care Corporation", False),
        ("mclarin healthcare", "McLarin Health Care Corporation", True),
        ("lakeside mri", "Lakeside Radiology Associates, P.C.", True),
        ("ucla", "University of Central Lowlands Animation Health", True),
        ("ucla california", "University of Central Lowlands Animation Health", True),
        ("ridgeway", "The Board of Trustees of the North Ridge Academy, on behalf of "
         "Ridgeway Medical", False),
        ("blue umbrella", "Blue Umbrella Health Plan [case 1772]", False),
        ("storemyscan", "Pinewood Data Services d/b/a StoreMyScan", False),
        ("store my", "Pinewood Data Services d/b/a StoreMyScan", False),
        ("shieldson helth", "Shieldson Health Solutions", True),
    ],
)  # fmt: skip
def test_an_entry_is_found_as_people_type_it(
    index: breach_search.Index, query: str, name: str, alike: bool
) -> None:
    found = index.search(query)
    assert found.breaches[0].name == name
    assert found.alike is alike


def test_the_name_itself_comes_before_the_words_that_many_share() -> None:
    """A brand and what it is a part of: the entry may have only the brand."""
    many = [make_breach_row(name=f"{place} Blue Cross") for place in ("Elm", "Oak", "Ash", "Fir")]
    breach_list.save(breach_list.read(make_breach_file(make_breach_row(name="Hymnal ACE"), *many)))
    found = breach_search.Index().search("hymnal blue cross")
    assert found.breaches[0].name == "Hymnal ACE"
    assert found.alike


def test_words_that_no_entry_has_together_bring_none_that_has_one_of_them() -> None:
    rows = [make_breach_row(name=name) for name in ("Ferry Hospital", "Johnsonville Clinic")]
    breach_list.save(breach_list.read(make_breach_file(*rows)))
    assert not breach_search.Index().search("ferry quartz transcription").breaches


@pytest.mark.parametrize("query", ["", "  ", "zzzzqqq", "🙂", "%_'\"\\", "zzz of"])
def test_what_is_not_there_is_not_found(index: breach_search.Index, query: str) -> None:
    found = index.search(query)
    assert not found.breaches
    assert not found.unreachable


def test_several_entries_of_one_name_stand_together_the_newest_first(
    index: breach_search.Index,
) -> None:
    days = [one.told_on.year for one in index.search("mercy").breaches]
    assert days == [2026, 2025]


def test_a_state_narrows_the_search_and_others_are_shown_as_such(
    index: breach_search.Index,
) -> None:
    assert index.search("shieldson", "MA").breaches
    found = index.search("shieldson", "TX")
    assert not found.breaches
    assert [one.name for one in found.elsewhere] == ["Shieldson Health Solutions"]


def test_more_than_are_shown_is_said() -> None:
    rows = [make_breach_row(name=f"Mercy {number}") for number in range(9)]
    breach_list.save(breach_list.read(make_breach_file(*rows)))
    index = breach_search.Index()
    assert index.search("mercy", limit=8).more
    assert not index.search("mercy", limit=9).more


def test_a_new_import_is_found_at_once_and_what_it_dropped_no_longer(
    index: breach_search.Index,
) -> None:
    assert index.search("mercy").breaches
    rows = breach_list.read(make_breach_file(make_breach_row(name="Evergreen Clinic")))
    breach_list.save(rows, replace=True)
    assert not index.search("mercy").breaches
    assert index.search("evergreen").breaches
    state = index.list_state()
    assert state is not None
    assert (state.entries, state.states) == (1, ("OH",))


def test_a_list_that_cannot_be_read_is_never_an_empty_one(
    index: breach_search.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import Error

    def gone(*_: object, **__: object) -> None:
        raise Error("gone")

    monkeypatch.setattr("companion.providers.models.BreachList.objects.filter", gone)
    assert index.list_state() is None
    assert index.search("mercy").unreachable


@pytest.mark.timed
def test_ten_thousand_entries_are_searched_in_time() -> None:
    fill(10_000)
    assert Breach.objects.count() == 10_000
    times = measure(rounds=3)
    assert times["slowest"] < MOST_MILLISECONDS, times
