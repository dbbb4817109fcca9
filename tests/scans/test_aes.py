"""AES where pypdf has none: by the standard's own examples, and as a server's library does it."""

from __future__ import annotations

import random

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from pypdf import _encryption
from pypdf._crypt_providers import CryptAES, crypt_provider
from pypdf.errors import PdfStreamError

from companion.scans import aes

KEYS = (16, 24, 32)


def test_the_standards_examples_come_out() -> None:
    """FIPS 197, appendix C: one text under a key of each length."""
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")
    for size, expected in zip(
        KEYS,
        (
            "69c4e0d86a7b0430d8cdb78070b4c55a",
            "dda97ca4864cdfe06eaf70a0ec0d7191",
            "8ea2b7ca516745bfeafc49904b496089",
        ),
        strict=True,
    ):
        locked = bytes.fromhex(expected)
        assert aes.ecb_decrypt(bytes(range(size)), locked) == plain
        assert aes.cbc_encrypt(bytes(range(size)), bytes(16), plain) == locked


@pytest.mark.parametrize("size", KEYS)
def test_chains_are_those_of_the_servers_library(size: int) -> None:
    chance = random.Random(size)
    key, start, plain = chance.randbytes(size), chance.randbytes(16), chance.randbytes(16 * 37)
    encryptor = Cipher(AES(key), CBC(start)).encryptor()
    locked = encryptor.update(plain) + encryptor.finalize()

    assert aes.cbc_encrypt(key, start, plain) == locked
    assert aes.cbc_decrypt(key, start, locked) == plain


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 1_000])
def test_what_pypdf_locked_is_opened(length: int) -> None:
    plain = random.Random(length).randbytes(length)
    key = bytes(range(16))

    assert aes.CryptAES(key).decrypt(CryptAES(key).encrypt(plain)) == plain


@pytest.mark.parametrize("cut", [1, 15, 16])
def test_a_damaged_end_is_told_where_it_matters(cut: int) -> None:
    key = bytes(range(16))
    cut_short = CryptAES(key).encrypt(b"Reading of the knee, both sides")[:-cut]

    with pytest.raises(PdfStreamError):
        aes.CryptAES(key).decrypt(cut_short)
    theirs = CryptAES(key).decrypt(cut_short, strict=False)
    assert aes.CryptAES(key).decrypt(cut_short, strict=False) == theirs


def test_pypdf_keeps_what_it_has() -> None:
    aes.lend_where_missing()

    assert crypt_provider[0] == "cryptography"
    assert vars(_encryption)["CryptAES"] is CryptAES
