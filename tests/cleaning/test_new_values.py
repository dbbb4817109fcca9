"""UIDs, days and times that stand in a copy."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from companion.cleaning.new_values import NewDays, NewUids, new_person_code
from companion.scans.people.placeholders import stands_for_a_name

DATES = ["20240115", "20240120", "20230301"]


def test_the_same_uid_is_the_same_new_one_and_another_key_gives_another() -> None:
    uids, others = NewUids(b"a" * 32), NewUids(b"b" * 32)

    new = uids.of("1.2.3.4")

    assert new == uids.of("1.2.3.4") != uids.of("1.2.3.5")
    assert new != others.of("1.2.3.4")


def test_a_new_uid_is_a_random_uuid_in_decimal_digits() -> None:
    number = int(NewUids(b"k" * 32).of("1.2.3").removeprefix("2.25."))

    assert number.bit_length() <= 128
    assert number >> 76 & 0xF == 4
    assert number >> 62 & 0b11 == 0b10


def test_days_move_by_the_same_number_and_never_onto_a_day_of_the_set() -> None:
    days = NewDays(DATES, [], moves=True)

    moved = [datetime.strptime(days.of(text, "DA"), "%Y%m%d").date() for text in DATES]

    apart = {
        date(2024, 1, 15) - moved[0],
        date(2024, 1, 20) - moved[1],
        date(2023, 3, 1) - moved[2],
    }
    assert len(apart) == 1
    assert 400 <= apart.pop().days < 3_650
    assert not {f"{day:%Y%m%d}" for day in moved} & set(DATES)


def test_no_moved_time_passes_midnight_so_that_slices_keep_their_order() -> None:
    for _ in range(50):
        days = NewDays(DATES, ["000500", "235501.25"], moves=True)
        first, last = days.of("000500", "TM"), days.of("235501.25", "TM")
        assert first < last
        assert last.endswith(".25")


def test_a_moment_moves_with_its_day_and_its_time() -> None:
    days = NewDays(DATES, ["093000"], moves=True)

    moved = days.of("20240115093000.5+0100", "DT")

    assert moved == days.of("20240115", "DA") + days.of("093000", "TM") + ".5"


@pytest.mark.parametrize(("text", "length"), [("2024", 4), ("202401", 6), ("20240115", 8)])
def test_a_moment_keeps_its_precision(text: str, length: int) -> None:
    assert len(NewDays(DATES, [], moves=True).of(text, "DT")) == length


@pytest.mark.parametrize("text", ["yesterday", "20241399", "99999999", "0", "2024011\\x"])
def test_what_is_no_day_stands_in_no_copy(text: str) -> None:
    moved = NewDays(DATES, [], moves=True).of(text, "DA")

    assert not any(part in moved for part in text.split("\\"))


def test_where_days_are_not_kept_one_day_stands_for_all() -> None:
    days = NewDays(DATES, [], moves=False)

    assert {days.of(text, "DA") for text in DATES} == {"20000101"}
    assert days.of("20240115093000", "DT") == "20000101000000"


def test_the_code_of_a_person_stands_for_a_name() -> None:
    assert stands_for_a_name(new_person_code())
