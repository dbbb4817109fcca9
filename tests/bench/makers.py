"""Series as makers write them: no slice's private data is that of the slice before it.

Names, sizes and VRs of the private blocks follow what pydicom's private dictionary and
public notes on the formats say; people, hospitals and values are made up. Each series is a
list of ``(name, bytes)``; the pixels are few, since nobody reads them here.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator
from zlib import compress

from tests.builders import make_element, make_study

_PIXELS = 64 * 64 * 2
_WORDS = [
    "Protocol", "Baseline", "Coil", "Select", "Slice", "Position", "Thickness", "Sequence", "Recon",
    "Filter", "Kernel", "Gain", "Phase", "Encoding", "Table", "Gradient", "Shim", "Echo", "Train",
    "Bandwidth", "Window", "Trigger", "Delay", "Volume", "Matrix", "Scale",
]  # fmt: skip


def make_unlike_study(slices: int) -> Iterator[tuple[str, bytes]]:
    """A CT study in which each slice has 12 kB of private data of its own: half of it text
    as protocols are written, half of it noise, in elements of 500 to 4,000 bytes."""
    chance = random.Random(12)
    for name, data in make_study(slices, pixels=_PIXELS):
        block = make_element(0x00E10010, "LO", b"ACME RAW 02 ")
        for number, size in enumerate((500, 1_500, 4_000) * 2):
            value = _protocol(chance, size) if number % 2 else chance.randbytes(size)
            block += make_element(0x00E11010 + number, "OB", value)
        yield name, _with_private(data, block)


def _siemens_mr(chance: random.Random, number: int) -> bytes:
    block = make_element(0x00190010, "LO", b"SIEMENS MR HEADER ")
    block += make_element(0x00191008, "CS", b"IMAGE NUM 4 ")
    block += make_element(0x00191015, "FD", _doubles(chance, 3))
    block += make_element(0x00191016, "DS", b"%d.%05d " % (number, chance.randrange(100_000)))
    block += make_element(0x00191028, "FD", _doubles(chance, 1))
    block += make_element(0x00191029, "FD", _doubles(chance, 40))
    block += make_element(0x00290010, "LO", b"SIEMENS CSA HEADER")
    block += make_element(0x00291008, "CS", b"IMAGE NUM 4 ")
    block += make_element(0x00291009, "LO", b"20240115")
    block += make_element(0x00291010, "OB", _csa(chance, 96))
    block += make_element(0x00291018, "CS", b"MR")
    block += make_element(0x00291020, "OB", _csa(chance, 70) + _protocol(random.Random(1), 30_000))
    block += make_element(0x00510010, "LO", b"SIEMENS MR HEADER ")
    block += make_element(0x0051100A, "LO", b"TA 00:%02d.%02d " % (number % 60, number % 97))
    block += make_element(0x0051100D, "SH", b"SP H%d.%d" % (number % 90 + 10, chance.randrange(10)))
    return block


def _siemens_ct(chance: random.Random, number: int) -> bytes:
    block = make_element(0x00190010, "LO", b"SIEMENS CT VA0  COAD")
    for offset in (0x90, 0x92, 0x93, 0x96):
        value = b"%d.%03d" % (number % 90 + 10, chance.randrange(1_000))
        block += make_element(0x00191000 + offset, "DS", value)
    block += make_element(0x00210010, "LO", b"SIEMENS MED ")
    block += make_element(0x00211011, "DS", b"%d.%d\\%d.5" % (number, number % 7, number % 9))
    block += make_element(0x00290010, "LO", b"SIEMENS CSA HEADER")
    block += make_element(0x00291010, "OB", _csa(chance, 40))
    block += make_element(0x00291040, "OB", chance.randbytes(3_000))
    return block


def _ge_mr(chance: random.Random, number: int) -> bytes:
    block = make_element(0x00090010, "LO", b"GEMS_IDEN_01")
    block += make_element(0x00091027, "SL", struct.pack("<i", 1_700_000_000 + 7 * number))
    block += make_element(0x00190010, "LO", b"GEMS_ACQU_01")
    block += _decimals(chance, 0x0019100F, 80)
    block += make_element(0x00210010, "LO", b"GEMS_RELA_01")
    block += make_element(0x00211003, "SS", struct.pack("<h", number % 30_000))
    block += make_element(0x00250010, "LO", b"GEMS_SERS_01")
    packed = compress(_protocol(random.Random(2), 9_000))
    block += make_element(0x0025101B, "OB", struct.pack("<I", len(packed)) + packed)
    block += make_element(0x00430010, "LO", b"GEMS_PARM_01")
    block += make_element(0x00431028, "OB", chance.randbytes(80))
    block += make_element(0x00431029, "OB", _histogram(chance, 2_068))
    block += make_element(0x0043102A, "OB", chance.randbytes(1_120))
    block += make_element(0x00431039, "IS", b"%d\\8\\0\\0" % (number % 900 + 100))
    return block


def _ge_ct(chance: random.Random, number: int) -> bytes:
    block = make_element(0x00090010, "LO", b"GEMS_IDEN_01")
    block += make_element(0x000910E9, "SL", struct.pack("<i", 1_700_000_000 + number))
    block += make_element(0x00190010, "LO", b"GEMS_ACQU_01")
    block += _decimals(chance, 0x00191002, 44)
    block += make_element(0x00430010, "LO", b"GEMS_PARM_01")
    block += make_element(0x00431028, "OB", chance.randbytes(80))
    block += make_element(0x00431029, "OB", _histogram(chance, 2_068))
    block += make_element(0x00450010, "LO", b"GEMS_HELIOS_01")
    block += make_element(0x00451030, "OB", chance.randbytes(4_000))
    return block


def _philips_mr(chance: random.Random, number: int) -> bytes:
    block = make_element(0x20010010, "LO", b"Philips Imaging DD 001")
    for offset in (0x03, 0x08, 0x0A, 0x2D):
        block += make_element(0x20011000 + offset, "FL", struct.pack("<f", chance.random()))
    block += make_element(0x20050010, "LO", b"Philips MR Imaging DD 001 ")
    block += _floats(chance, 0x20051000, 58)
    block += make_element(0x20050014, "LO", b"Philips MR Imaging DD 005 ")
    item = b"".join(
        make_element(0x00180000 + element, "DS", b"%d.%04d " % (number, chance.randrange(10_000)))
        for element in (0x0050, 0x0080, 0x0081, 0x0083, 0x0087, 0x0088)
    )
    item += make_element(0x00189087, "FD", _doubles(chance, 1))
    item += make_element(0x00209057, "UL", struct.pack("<I", number))
    inner = struct.pack("<HHI", 0xFFFE, 0xE000, len(item)) + item
    block += make_element(0x2005140F, "SQ", inner)
    block += make_element(0x20051443, "OB", chance.randbytes(900))
    return block


def _canon_ct(chance: random.Random, number: int) -> bytes:
    block = make_element(0x70050010, "LO", b"TOSHIBA_MEC_CT3 ")
    block += _decimals(chance, 0x70051007, 22)
    block += make_element(0x7005101D, "OB", chance.randbytes(2_400))
    block += make_element(0x70051024, "OB", _doubles(chance, 120))
    return block


def _canon_mr(chance: random.Random, number: int) -> bytes:
    block = make_element(0x00290010, "LO", b"TOSHIBA_MEC_MR3 ")
    block += make_element(0x00291001, "OB", chance.randbytes(512) + _protocol(chance, 700))
    block += make_element(0x00E10010, "LO", b"TOSHIBA_MEC_MR3 ")
    block += _floats(chance, 0x00E11020, 40)
    block += make_element(0x00E11050, "OB", _histogram(chance, 4_096))
    return block


MAKERS: dict[str, Callable[[random.Random, int], bytes]] = {
    "Siemens MR": _siemens_mr, "Siemens CT": _siemens_ct, "GE MR": _ge_mr, "GE CT": _ge_ct,
    "Philips MR": _philips_mr, "Canon MR": _canon_mr, "Canon CT": _canon_ct,
}  # fmt: skip
"""The private blocks of one slice of each maker's series."""


def make_series(maker: str, slices: int) -> Iterator[tuple[str, bytes]]:
    """A series of one of ``MAKERS``."""
    chance = random.Random(maker)
    for number, (name, data) in enumerate(make_study(slices, pixels=_PIXELS)):
        yield name, _with_private(data, MAKERS[maker](chance, number))


def _with_private(data: bytes, block: bytes) -> bytes:
    """A slice of ``make_study`` with other private data than its own, in order."""
    start = data.index(b"\x08\x00\x05\x00CS")
    public = [part for part in _elements(data, start) if not part[0] >> 16 & 1]
    private = _elements(block, 0)
    return data[:start] + b"".join(part for _, part in sorted([*public, *private], key=_tag))


def _tag(part: tuple[int, bytes]) -> int:
    return part[0]


def _elements(data: bytes, position: int) -> list[tuple[int, bytes]]:
    """Elements of explicit VR little endian and known lengths, with their tags."""
    parts = []
    while position < len(data):
        group, number, vr, short = struct.unpack_from("<HH2sH", data, position)
        long = vr in (b"OB", b"OW", b"SQ", b"UN", b"UT")
        length = struct.unpack_from("<I", data, position + 8)[0] if long else short
        end = position + (12 if long else 8) + length
        parts.append((group << 16 | number, data[position:end]))
        position = end
    return parts


def _decimals(chance: random.Random, first: int, count: int) -> bytes:
    """Texts of numbers, of which every fifth is the slice's own, the rest the series'."""
    out = b""
    for number in range(count):
        own = chance if number % 5 == 0 else random.Random(first + number)
        value = b"%d.%06d" % (own.randrange(300), own.randrange(1_000_000))
        out += make_element(first + number, "DS", value + b" " * (len(value) % 2))
    return out


def _floats(chance: random.Random, first: int, count: int) -> bytes:
    """Numbers, of which every fifth is the slice's own, the rest the series'."""
    out = b""
    for number in range(count):
        own = chance if number % 5 == 0 else random.Random(first + number)
        out += make_element(first + number, "FL", struct.pack("<f", own.gauss(0, 90)))
    return out


def _protocol(chance: random.Random, size: int) -> bytes:
    """Lines as protocols have them: a dotted name, an equals sign, a number."""
    lines = []
    length = 0
    while length < size:
        name = ".".join(f"s{chance.choice(_WORDS)}" for _ in range(chance.randrange(1, 4)))
        line = b"%s[%d] = %s\n" % (
            name.encode(), chance.randrange(40), b"%.6f" % chance.gauss(0, 500)
        )  # fmt: skip
        lines.append(line)
        length += len(line)
    return b"".join(lines)[: size & ~1]


def _csa(chance: random.Random, count: int) -> bytes:
    """A header of named fields of 64 bytes, each with texts of numbers in it; every fifth
    field has the slice's own."""
    out = b"SV10\4\3\2\1" + struct.pack("<II", count, 77)
    for number in range(count):
        own = chance if number % 5 == 0 else random.Random(number)
        named = random.Random(number)
        name = named.choice(_WORDS) + named.choice(_WORDS) + str(number)
        values = [b"%.8f" % own.gauss(0, 200) for _ in range(named.randrange(4))]
        out += name.encode()[:63].ljust(64, b"\0")
        out += struct.pack("<i4siii", 1, b"FD\0\0", 4, 6 if values else 0, 77)
        for value in values:
            length = len(value) + 1
            padded = value.ljust((length + 3) // 4 * 4, b"\0")
            out += struct.pack("<4i", length, length, 77, length) + padded
    return out + b"\0" * (len(out) % 2)


def _histogram(chance: random.Random, size: int) -> bytes:
    """Heights that go up and down: bytes that are now and then readable."""
    height, out = 40, bytearray()
    while len(out) < size:
        height = min(250, max(0, height + chance.randrange(-5, 6)))
        out.append(height)
    return bytes(out)


def _doubles(chance: random.Random, count: int) -> bytes:
    return struct.pack(f"<{count}d", *(chance.gauss(0, 900) for _ in range(count)))
