"""An account that comes back is believed only as far as it is one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from companion.cleaning import (
    Account,
    Action,
    BlankFrames,
    Done,
    Pictures,
    Preset,
    Reason,
    Refusal,
    Stays,
    Withheld,
    saved_account,
)

WHOLE = Account(
    Preset.TO_SHOW_ONLINE,
    files_in=5,
    files_out=3,
    done=(Done(Action.REMOVED, "patient-name", "00100010", "PatientName", 3),),
    withheld=(Withheld("IM4", Reason.FACE), Withheld("IM5", Reason.STILL_IDENTIFIES, ("x",))),
    blank_frames=(BlankFrames("IM6", "scan-1/series-1/0002.dcm", (2, 5), 2, 20),),
    stays=(Stays.ANATOMY, Stays.FACE),
    pictures=Pictures.PARTLY,
    missing_references=2,
    refusal=Refusal.MIXED_PERSONS,
    people=(("1", 2), ("2", 3)),
)


def test_an_account_comes_back_as_it_went() -> None:
    assert saved_account.parse(json.dumps(WHOLE.to_json()).encode()) == WHOLE


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", "companion-report"),
        ("version", 2),
        ("preset", "for-nobody"),
        ("files_in", -1),
        ("files_out", True),
        ("files_out", "3"),
        ("done", {}),
        ("done", [{"action": "removed"}]),
        ("done", [{"action": "sold", "rule": "", "tag": "", "name": "", "files": 1}]),
        ("done", [{"action": "removed", "rule": "", "tag": "<b>", "name": "", "files": 1}]),
        ("withheld", [{"name": "x" * 6_000, "reason": "face", "rules": []}]),
        ("withheld", [{"name": "x", "reason": "no reason", "rules": []}]),
        ("stays", ["everything"]),
        ("stays", ["anatomy"] * 30_000),
        ("blank_frames", [{"name": "x", "copy": "y", "numbers": ["2"], "frames": 1, "of": 2}]),
        ("pictures", None),
        ("refusal", 7),
        ("people", [["1", 2]]),
    ],
)
def test_what_no_cleaning_says_is_refused(key: str, value: Any) -> None:
    table = {**WHOLE.to_json(), key: value}

    with pytest.raises(ValueError, match=r"\w"):
        saved_account.parse(json.dumps(table).encode())


def test_a_list_from_before_frames_were_told_of_still_opens() -> None:
    table = WHOLE.to_json()
    del table["blank_frames"]
    assert saved_account.read(table).blank_frames == ()


@pytest.mark.parametrize("text", [b"", b"null", b"7", b'"text"', b"\xff\xfe", b"[" * 200_000])
def test_what_is_no_account_at_all_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        saved_account.parse(text)
