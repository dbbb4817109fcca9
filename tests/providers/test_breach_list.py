"""The public list of breaches out of a download: both layouts, all or nothing."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from companion import clock
from companion.providers import breach_list
from companion.providers.models import Breach, BreachList
from companion.providers.transfer import FileRefused
from tests.builders import make_breach_file, make_breach_row

pytestmark = pytest.mark.django_db

BROKEN_TITLES = {0: "javax.faces.component.UIPanel@165a5fe0", 7: "javax.faces.component.UIPanel@7b"}


def read(*rows: list[str], **layout: Any) -> list[Breach]:
    return breach_list.read(make_breach_file(*rows, **layout))


def faults(data: bytes) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        breach_list.read(data)
    return refused.value.faults


@pytest.mark.parametrize("titles", [{}, BROKEN_TITLES])
def test_both_layouts_of_the_download_are_read_by_position(titles: dict[int, str]) -> None:
    [entry] = read(make_breach_row(), titles=titles)
    assert (entry.name, entry.state, entry.kind) == ("Mercy Clinic", "OH", "Healthcare Provider")
    assert (entry.people, entry.told_on) == (1200, date(2025, 3, 4))
    assert (entry.types, entry.locations) == (["Theft"], ["Laptop"])
    assert entry.business_associate is False


@pytest.mark.parametrize(
    "titles", [{1: "Country"}, {0: "State", 1: "Name of Covered Entity"}, {8: "Notes"}]
)
def test_a_file_whose_columns_mean_something_else_is_refused(titles: dict[int, str]) -> None:
    assert all("is it the list" in one for one in faults(make_breach_file(titles=titles)))


def test_blanks_newlines_and_marks_that_cannot_be_seen_are_tidied() -> None:
    row = make_breach_row(
        name="  Mercy\u202e  Clinic\n of Ohio ",
        state="",
        kind="",
        people="",
        associate="",
        description="One.\r\n\r\n\r\n\r\nTwo\x00 \t three.\x85Four. ",
    )
    [entry] = read(row)
    assert entry.name == "Mercy Clinic of Ohio"
    assert (entry.state, entry.kind, entry.people, entry.business_associate) == ("", "", None, None)
    assert entry.description == "One.\n\nTwo three.\nFour."


def test_kinds_joined_by_commas_are_told_apart_each_once() -> None:
    types = ", ".join(["Hacking/IT Incident", "Theft", "", "Theft", "Unknown"])
    [entry] = read(make_breach_row(types=types, locations="Email,Laptop"))
    assert entry.types == ["Hacking/IT Incident", "Theft", "Unknown"]
    assert entry.locations == ["Email", "Laptop"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"name": "  "}, "Name of Covered Entity"),
        ({"name": "x" * 301}, "300 characters"),
        ({"state": "Ohio"}, "State"),
        ({"people": "many"}, "Individuals Affected"),
        ({"people": "-5"}, "Individuals Affected"),
        ({"people": "9999999999"}, "more than there are"),
        ({"day": "2025-03-04"}, "04/26/2024"),
        ({"day": "13/01/2024"}, "04/26/2024"),
        ({"day": "01/01/2999"}, "future"),
        ({"associate": "Perhaps"}, "Business Associate Present"),
        ({"types": ",".join(f"kind {n}" for n in range(61))}, "60 parts"),
        ({"description": "x" * 20_001}, "20000 characters"),
    ],
)
def test_a_faulty_cell_is_named_with_its_row_and_column(cells: dict[str, str], words: str) -> None:
    found = faults(make_breach_file(make_breach_row(), make_breach_row(**cells)))
    assert len(found) == 1
    assert found[0].startswith("row 3: ")
    assert words in found[0]


def test_every_faulty_row_is_named_up_to_fifty() -> None:
    rows = [make_breach_row(people="x") for _ in range(80)]
    found = faults(make_breach_file(*rows))
    assert found[49].startswith("row 51: ")
    assert found[50:] == ["file: and more"]


def test_a_quotation_mark_that_nothing_closes_does_not_swallow_the_rows_after_it() -> None:
    data = make_breach_file(make_breach_row(), make_breach_row())
    broken = data.replace(b'"Mercy Clinic"', b'"Mercy" Clinic"', 1)
    assert faults(broken)[0].startswith("row 2: cannot be read")
    cut = data.rstrip()[:-1]
    assert "cannot be read" in faults(cut)[0]


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"a,b\n1,2\n", b"\n\n", b'"', b"\x00" * 9])
def test_what_is_no_such_list_is_refused(data: bytes) -> None:
    assert faults(data)


def test_a_list_without_entries_is_refused() -> None:
    assert faults(make_breach_file()) == ["file: holds no entry"]


def test_entries_of_one_name_and_day_are_all_kept_and_taken_in_once() -> None:
    rows = [make_breach_row(), make_breach_row(people="900"), make_breach_row()]
    assert breach_list.save(read(*rows)) == breach_list.Counts(3, 0, 0)
    assert breach_list.save(read(*rows)) == breach_list.Counts(0, 0, 3)
    assert Breach.objects.count() == 3


def test_a_case_that_was_closed_since_takes_the_place_of_the_open_one() -> None:
    breach_list.save(read(make_breach_row(), make_breach_row(name="Other")))
    closed = read(make_breach_row(name=" MERCY  Clinic", description="It was a laptop."))
    assert breach_list.save(closed) == breach_list.Counts(0, 1, 0)
    assert set(Breach.objects.values_list("name", "description")) == {
        ("MERCY Clinic", "It was a laptop."),
        ("Other", ""),
    }


def test_replace_drops_what_the_new_files_lack() -> None:
    breach_list.save(read(make_breach_row(), make_breach_row(name="Gone")))
    breach_list.save(read(make_breach_row()), replace=True)
    assert list(Breach.objects.values_list("name", flat=True)) == ["Mercy Clinic"]


def test_the_day_of_the_list_is_that_of_its_newest_entry_or_of_the_download() -> None:
    breach_list.save(read(make_breach_row(day="03/04/2025")))
    assert BreachList.objects.get().day == date(2025, 3, 4)
    breach_list.save(read(make_breach_row(day="01/02/2020")), day=date(2025, 6, 1))
    assert BreachList.objects.get().day == date(2025, 6, 1)
    breach_list.save(read(make_breach_row(day="01/03/2020")))
    assert BreachList.objects.get().day == date(2025, 6, 1)


def test_a_fault_in_one_of_several_files_leaves_all_as_it_was(tmp_path: Path) -> None:
    good, bad = tmp_path / "open.csv", tmp_path / "closed.csv"
    good.write_bytes(make_breach_file(make_breach_row()))
    bad.write_bytes(make_breach_file(make_breach_row(people="x")))
    with pytest.raises(CommandError, match=r"closed\.csv: row 2: .*") as refused:
        call_command("breaches", "import", str(good), str(bad))
    assert refused.value.returncode == 2
    assert str(refused.value).endswith("Nothing was changed.")
    assert not Breach.objects.exists()


def test_the_command_says_what_it_did_and_dry_run_does_nothing(tmp_path: Path) -> None:
    file, told = tmp_path / "list.csv", io.StringIO()
    file.write_bytes(make_breach_file(make_breach_row()))
    call_command("breaches", "import", str(file), "--dry-run", stdout=told)
    assert not Breach.objects.exists()
    call_command("breaches", "import", str(file), stdout=told)
    assert told.getvalue().splitlines() == [
        "1 entries are in order. Nothing was changed.",
        "1 made, 0 changed, 0 as before.",
    ]


def test_a_day_that_the_entries_contradict_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(make_breach_file(make_breach_row(day="03/04/2025")))
    with pytest.raises(CommandError, match="newer than this day"):
        call_command("breaches", "import", str(file), "--day", "2025-03-03")
    tomorrow = clock.today() + timedelta(days=3)
    with pytest.raises(CommandError, match="a day that has been"):
        call_command("breaches", "import", str(file), "--day", tomorrow.isoformat())


def test_the_demo_is_marked_gives_way_to_a_real_list_and_never_replaces_one(
    tmp_path: Path,
) -> None:
    call_command("breaches", "demo", stdout=io.StringIO())
    call_command("breaches", "demo", stdout=io.StringIO())
    assert BreachList.objects.get().made_up
    file = tmp_path / "list.csv"
    file.write_bytes(make_breach_file(make_breach_row()))
    call_command("breaches", "import", str(file), stdout=io.StringIO())
    assert not BreachList.objects.get().made_up
    assert list(Breach.objects.values_list("name", flat=True)) == ["Mercy Clinic"]
    with pytest.raises(CommandError, match="real list"):
        call_command("breaches", "demo")


def test_the_made_up_list_has_every_term_that_the_page_explains() -> None:
    rows = list(csv.reader(io.StringIO(breach_list.MADE_UP.read_text(encoding="utf-8"))))
    assert {row[2] for row in rows[1:]} >= {"Healthcare Provider", "Business Associate"}
    assert len(breach_list.read(breach_list.MADE_UP.read_bytes())) == len(rows) - 1


def test_a_row_with_more_kinds_than_there_are_is_taken_in_and_an_endless_one_is_not() -> None:
    kinds = [f"Kind {number}" for number in range(31)]
    (entry,) = breach_list.read(make_breach_file(make_breach_row(types=", ".join(kinds))))
    assert entry.types == kinds
    endless = make_breach_file(make_breach_row(types=", ".join(map(str, range(200)))))
    with pytest.raises(FileRefused):
        breach_list.read(endless)
