"""The file to carry on from: opens again, sealed if wished, and trusts nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.web import carry

STATE = {"place": "us", "letter": "opt-out", "facts": {"name": ["Ana Díaz"]}, "checklists": {}}


def test_what_was_saved_opens_again() -> None:
    assert carry.load(carry.dump(STATE)) == STATE


def test_the_file_says_what_it_is() -> None:
    body = json.loads(carry.dump(STATE))
    assert (body["format"], body["version"]) == ("companion-answers", 1)


def test_a_sealed_file_holds_nothing_readable_and_opens_with_its_passphrase() -> None:
    body = carry.dump(STATE, "blue horse")
    for secret in (b"Ana", b"opt-out", b"name"):
        assert secret not in body
    assert carry.load(body, "blue horse") == STATE


@pytest.mark.parametrize(
    ("body", "passphrase", "code"),
    [
        (carry.dump(STATE, "blue horse"), "", "passphrase-needed"),
        (carry.dump(STATE, "blue horse"), "red horse", "passphrase-wrong"),
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
    with pytest.raises(carry.CarryError) as caught:
        carry.load(body, passphrase)
    assert caught.value.code == code
    assert caught.value.words()


def test_a_nest_of_lists_is_refused() -> None:
    deep: object = "x"
    for _ in range(50):
        deep = [deep]
    body = json.dumps({"format": "companion-answers", "version": 1, "facts": deep}).encode()
    with pytest.raises(carry.CarryError):
        carry.load(body)


@given(st.binary(max_size=400))
def test_any_bytes_are_opened_or_refused(body: bytes) -> None:
    with pytest.raises(carry.CarryError):
        carry.load(body)
