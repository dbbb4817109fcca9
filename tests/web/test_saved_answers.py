"""The file to carry on from: opens again, sealed if wished, and trusts nothing."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from companion.web import saved_answers

STATE = {"place": "us", "letter": "opt-out", "facts": {"name": ["Ana Díaz"]}, "checklists": {}}


def test_what_was_saved_opens_again() -> None:
    assert saved_answers.load(saved_answers.dump(STATE)) == STATE


def test_the_file_says_what_it_is() -> None:
    body = json.loads(saved_answers.dump(STATE))
    assert (body["format"], body["version"]) == ("companion-answers", 1)


def test_a_sealed_file_holds_nothing_readable_and_opens_with_its_passphrase() -> None:
    body = saved_answers.dump(STATE, "blue horse")
    for secret in (b"Ana", b"opt-out", b"name"):
        assert secret not in body
    assert saved_answers.load(body, "blue horse") == STATE


@pytest.mark.parametrize(
    ("body", "passphrase", "code"),
    [
        (saved_answers.dump(STATE, "blue horse"), "", "passphrase-needed"),
        (saved_answers.dump(STATE, "blue horse"), "red horse", "passphrase-wrong"),
        (b"", "", "not-ours"),
        (b"%PDF-1.7", "", "not-ours"),
        (b"[]", "", "not-ours"),
        (b'{"format": "companion-report", "version": 1}', "", "not-ours"),
        (b'{"format": "companion-answers", "version": 2}', "", "newer"),
        (b'{"format": "companion-answers", "version": "1"}', "", "not-ours"),
        (b'{"format": "companion-answers", "version": 1, "sealed": "%%"}', "x", "damaged"),
        (b'{"format": "companion-answers", "version": 1, "sealed": "QUJD"}', "x", "damaged"),
        (b"[" * 100_000, "", "not-ours"),
        (b" " * 600_000, "", "too-large"),
    ],
)
def test_other_files_are_refused_with_a_reason(body: bytes, passphrase: str, code: str) -> None:
    with pytest.raises(saved_answers.SavedAnswersError) as caught:
        saved_answers.load(body, passphrase)
    assert caught.value.code == code
    assert caught.value.words()


def test_locked_files_are_opened_two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = saved_answers.dump(STATE, "blue horse")
    now, most = 0, 0
    lock = threading.Lock()
    derive = Scrypt.derive

    class Counted:
        def __init__(self, **cost: Any) -> None:
            self.scrypt = Scrypt(**cost)

        def derive(self, passphrase: bytes) -> bytes:
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
            try:
                return derive(self.scrypt, passphrase)
            finally:
                with lock:
                    now -= 1

    monkeypatch.setattr(saved_answers, "Scrypt", Counted)
    monkeypatch.setitem(settings.COMPANION_LIMITS, "wait_seconds", 60)
    with ThreadPoolExecutor(max_workers=8) as workers:
        opened = list(workers.map(lambda _: saved_answers.load(sealed, "blue horse"), range(8)))
    assert opened == [STATE] * 8
    assert most == 2


def test_who_waits_too_long_for_a_locked_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = saved_answers.dump(STATE, "blue horse")
    monkeypatch.setattr(saved_answers, "_KEYS_AT_ONCE", threading.BoundedSemaphore(1))
    monkeypatch.setitem(settings.COMPANION_LIMITS, "wait_seconds", 0.05)
    with saved_answers._KEYS_AT_ONCE:
        for ask in (
            lambda: saved_answers.load(sealed, "blue horse"),
            lambda: saved_answers.dump(STATE, "x"),
        ):
            with pytest.raises(saved_answers.SavedAnswersError) as caught:
                ask()
            assert (caught.value.code, caught.value.status) == ("busy", 503)
            assert "Nothing was kept" in caught.value.words()
    assert saved_answers.load(sealed, "blue horse") == STATE


@pytest.mark.parametrize(
    "held", [None, "x", [], {"limit": 7}, {"limit": "9" * 99}, {"shoe": "9"}, {"reader": None}]
)
def test_a_made_up_wish_is_left_out(held: object) -> None:
    assert saved_answers.letter_options(held) == {}


def test_a_nest_of_lists_is_refused() -> None:
    deep: object = "x"
    for _ in range(50):
        deep = [deep]
    body = json.dumps({"format": "companion-answers", "version": 1, "facts": deep}).encode()
    with pytest.raises(saved_answers.SavedAnswersError):
        saved_answers.load(body)


@given(st.binary(max_size=400))
def test_any_bytes_are_opened_or_refused(body: bytes) -> None:
    with pytest.raises(saved_answers.SavedAnswersError):
        saved_answers.load(body)
