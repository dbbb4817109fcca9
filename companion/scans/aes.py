"""AES (FIPS 197) for PDFs that open without a password and are encrypted all the same.

A server's pypdf is lent AES by ``cryptography``, which exists for no browser. This one only opens
what anybody can open: it keeps no secret, and its time may tell what the key is.
"""

from __future__ import annotations

from functools import cache

from pypdf import _encryption
from pypdf._crypt_providers import crypt_provider
from pypdf.errors import PdfStreamError

BLOCK = 16
_NOBODY = "local_crypt_fallback"
"""What pypdf calls its own stand-in, which knows RC4 alone."""


def _times(one: int, other: int) -> int:
    """The product of two bytes in AES's field (FIPS 197, 4.2)."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one = one << 1 ^ (0x11B if one & 0x80 else 0)
        other >>= 1
    return product


def _substitutes() -> bytes:
    """The table of FIPS 197, 5.1.1: the inverse of each byte, its bits mixed."""
    powers = [1]  # of 3, which reach each byte but 0 once
    while len(powers) < 255:
        powers.append(_times(powers[-1], 3))
    table = bytearray([0x63]) * 256
    for power, value in enumerate(powers):
        inverse = powers[-power % 255]
        twice = inverse | inverse << 8  # side by side: a shift is a turn of the bits
        table[value] ^= (twice ^ twice >> 4 ^ twice >> 5 ^ twice >> 6 ^ twice >> 7) & 0xFF
    return bytes(table)


SUBSTITUTE = _substitutes()
RESTORE = bytes(SUBSTITUTE.index(value) for value in range(256))
_MULTIPLES = {
    by: bytes(_times(value, by) for value in range(256)) for by in (1, 2, 3, 9, 11, 13, 14)
}
_MIX, _UNMIX = (2, 3, 1, 1), (14, 11, 13, 9)
# One round of encryption in a table for each row: what a byte does to its whole column.
_ROUND = tuple(
    tuple(
        int.from_bytes(
            bytes(_MULTIPLES[_MIX[(row - at) % 4]][SUBSTITUTE[value]] for at in range(4)), "big"
        )
        for value in range(256)
    )
    for row in range(4)
)


@cache
def _keys(key: bytes) -> tuple[bytes, ...]:
    """The key of each round (FIPS 197, 5.2)."""
    size = len(key) // 4
    words = [key[at : at + 4] for at in range(0, len(key), 4)]
    constant = 1
    for number in range(size, 4 * (size + 7)):
        word = words[-1]
        if number % size == 0:
            word = (word[1:] + word[:1]).translate(SUBSTITUTE)
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = _times(constant, 2)
        elif size > 6 and number % size == 4:
            word = word.translate(SUBSTITUTE)
        words.append(_xor(words[number - size], word))
    return tuple(b"".join(words[at : at + 4]) for at in range(0, len(words), 4))


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(len(one), "big")


def ecb_decrypt(key: bytes, data: bytes) -> bytes:
    """Decrypt whole blocks, all at once: the first bytes of all, their second bytes, and so on."""
    if len(data) % BLOCK:
        raise ValueError("not whole blocks")
    first, *middle, last = _keys(key)
    count = len(data) // BLOCK

    def add(parts: list[bytes], round_key: bytes) -> list[bytes]:
        return [
            _xor(part, bytes([value]) * count) for part, value in zip(parts, round_key, strict=True)
        ]

    def restore(parts: list[bytes]) -> list[bytes]:
        return [parts[(at - 4 * (at % 4)) % BLOCK].translate(RESTORE) for at in range(BLOCK)]

    def unmix(parts: list[bytes]) -> list[bytes]:
        mixed = []
        for at in range(BLOCK):
            total = 0
            for row in range(4):
                part = parts[at - at % 4 + row].translate(_MULTIPLES[_UNMIX[(row - at) % 4]])
                total ^= int.from_bytes(part, "big")
            mixed.append(total.to_bytes(count, "big"))
        return mixed

    parts = add([data[at::BLOCK] for at in range(BLOCK)], last)
    for round_key in reversed(middle):
        parts = unmix(add(restore(parts), round_key))
    out = bytearray(len(data))
    for at, part in enumerate(add(restore(parts), first)):
        out[at::BLOCK] = part
    return bytes(out)


def cbc_decrypt(key: bytes, start: bytes, data: bytes) -> bytes:
    """Decrypt a chain of whole blocks (NIST SP 800-38A, 6.2)."""
    return _xor(ecb_decrypt(key, data), (start + data)[: len(data)])


def cbc_encrypt(key: bytes, start: bytes, data: bytes) -> bytes:
    """Encrypt a chain of whole blocks: what makes a key from a password (ISO 32000-2, 7.6.4.3.4)
    goes through many of them."""
    keys = [int.from_bytes(one, "big") for one in _keys(key)]
    first, *middle, last = keys
    one, two, three, four = _ROUND
    chained = int.from_bytes(start, "big")
    out = []
    for at in range(0, len(data), BLOCK):
        chained ^= int.from_bytes(data[at : at + BLOCK], "big") ^ first
        for round_key in middle:
            b = chained.to_bytes(BLOCK, "big")
            chained = round_key ^ (
                (one[b[0]] ^ two[b[5]] ^ three[b[10]] ^ four[b[15]]) << 96
                | (one[b[4]] ^ two[b[9]] ^ three[b[14]] ^ four[b[3]]) << 64
                | (one[b[8]] ^ two[b[13]] ^ three[b[2]] ^ four[b[7]]) << 32
                | (one[b[12]] ^ two[b[1]] ^ three[b[6]] ^ four[b[11]])
            )
        b = chained.to_bytes(BLOCK, "big").translate(SUBSTITUTE)
        chained = last ^ int.from_bytes(bytes(b[5 * i % BLOCK] for i in range(BLOCK)), "big")
        out.append(chained.to_bytes(BLOCK, "big"))
    return b"".join(out)


class CryptAES:
    """What pypdf asks of AES with a key: only that it opens."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def decrypt(self, data: bytes, *, strict: bool = True) -> bytes:
        """The text of a string or stream, whose first block starts the chain and whose end is
        filled up. Raises ``PdfStreamError`` where ``strict`` and something is wrong with that."""
        start, data = data[:BLOCK], data[BLOCK:]
        if not data:
            return data
        lacking = -len(data) % BLOCK
        if lacking and strict:
            raise PdfStreamError("not whole blocks")
        # Filled up as its end should have been (RFC 5652, 6.3).
        plain = cbc_decrypt(self._key, start, data + bytes([lacking]) * lacking)
        filler = plain[-1]
        whole = 0 < filler <= BLOCK and plain.endswith(bytes([filler]) * filler)
        if strict and not whole:
            raise PdfStreamError("a wrong end")
        return plain[:-filler]


def lend_where_missing() -> None:
    """Let pypdf open with this what it has nobody else to open with."""
    if crypt_provider[0] != _NOBODY:
        return
    given = {
        "CryptAES": CryptAES, "aes_ecb_decrypt": ecb_decrypt,
        "aes_cbc_decrypt": cbc_decrypt, "aes_cbc_encrypt": cbc_encrypt,
    }  # fmt: skip
    for name, value in given.items():
        setattr(_encryption, name, value)
