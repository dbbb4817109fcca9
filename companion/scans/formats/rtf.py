"""RTF: the text of a letter, with the letters that its codes stand for (RTF 1.9.1).

One pass over the bytes with a stack of groups. A byte is a letter of the current font's
code page; ``\\u`` gives a letter by its number, and the next ``\\uc`` letters stand in for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from companion import signatures
from companion.scans.findings import Kind, Note
from companion.scans.formats.embedded import FEW_LETTERS, letters_in, read_picture
from companion.scans.formats.registry import NOTE, Inside, Passages, document_format
from companion.scans.work import Work, did

_TOKEN = re.compile(
    rb"\\'([0-9A-Fa-f]{2})|\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\([^A-Za-z'])|([{}])"
    rb"|([^\\{}\r\n]+)|[\r\n]+|\\"
)
_CODE_PAGES = {
    0: "cp1252", 77: "mac_roman", 78: "shift_jis", 80: "gb2312", 81: "big5", 83: "mac_greek",
    85: "mac_turkish", 88: "mac_latin2", 89: "mac_cyrillic", 128: "cp932", 129: "cp949",
    130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp437",
}  # fmt: skip
"""Code page of a font by its ``\\fcharset``; 1 is the document's own."""
_CHARACTERS = {
    "par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "cell": "\t", "tab": "\t",
    "emdash": "-", "endash": "-", "bullet": "*", "lquote": "'", "rquote": "'", "ldblquote": '"',
    "rdblquote": '"', "emspace": " ", "enspace": " ",
}  # fmt: skip
_SKIPPED = frozenset(
    ["colortbl", "stylesheet", "listtable", "listoverridetable", "rsidtbl", "generator",
     "themedata", "colorschememapping", "latentstyles", "datastore", "xmlnstbl", "mmathPr",
     "pgdsctbl", "panose", "falt", "blipuid", "fldtype", "wgrffmtfilter", "filetbl"]
)  # fmt: skip
_DETAILS = frozenset(
    ["title", "subject", "author", "manager", "company", "operator", "category", "keywords",
     "doccomm", "hlinkbase", "userprops", "propname", "staticval"]
)  # fmt: skip
_DEEPEST = 2_000
"""Groups inside each other."""
_LARGE = 6_000
"""Twentieths of a point (some four inches) from which a picture may be a scanned page."""
_EACH = 4_096
"""Tokens between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class _Group:
    page: str
    skip: int = 1
    """How many letters stand in for one that is given by its number."""
    goes: str = "text"
    """Where its text goes: ``text``, ``details``, ``picture``, ``fonts`` or nowhere."""


@dataclass(slots=True)
class _Picture:
    data: bytearray
    """What is written in hexadecimal."""
    raw: bytearray = field(default_factory=bytearray)
    """What stands there as it is (``\\bin``)."""
    width: int = 0
    height: int = 0


class _Letter:
    """Reads one RTF; ``texts`` and ``pictures`` hold what it said."""

    def __init__(self, data: bytes, inside: Inside) -> None:
        self._data = data
        self._inside = inside
        self._page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._group = _Group("")
        self._groups: list[_Group] = []
        self._stand_ins = 0
        self._bytes = bytearray()
        self.texts: dict[str, list[str]] = {"text": [], "details": []}
        self.pictures: list[_Picture] = []
        self.notes: set[Note] = set()

    def read(self) -> None:
        at, tokens = 0, 0
        while found := _TOKEN.match(self._data, at):
            at = found.end()
            tokens += 1
            if tokens % _EACH == 0:
                did(Work.STEP, _EACH)
                if self._inside.is_late:
                    self.notes.add(Note.DOCUMENT_CUT)
                    break
            coded, word, number, sign, brace, plain = found.groups()
            if coded:
                self._raw(bytes([int(coded, 16)]))
            elif plain:
                self._raw(plain)
            elif word:
                skipped = self._word(word.decode(), None if number is None else int(number))
                if skipped and self._group.goes == "picture" and self.pictures:
                    self.pictures[-1].raw += self._data[at : at + skipped]
                at += skipped
            elif brace:
                self._brace(brace)
            elif sign:
                self._sign(sign)
        self._flush()

    def _raw(self, raw: bytes) -> None:
        if self._stand_ins and self._group.goes in self.texts:
            left = max(0, self._stand_ins - len(raw))
            raw = raw[self._stand_ins :]
            self._stand_ins = left
        if self._group.goes in self.texts:
            self._bytes += raw
        elif self._group.goes == "picture" and self.pictures:
            self.pictures[-1].data += raw

    def _flush(self) -> None:
        """Decode the bytes that were gathered, before the code page can change."""
        if self._bytes:
            page = self._group.page or self._page
            try:
                text = self._bytes.decode(page, "replace")
            except LookupError:
                text = self._bytes.decode("cp1252", "replace")
            self.texts[self._group.goes].append(text)
            self._bytes = bytearray()

    def _say(self, text: str) -> None:
        self._flush()
        if self._group.goes in self.texts:
            self.texts[self._group.goes].append(text)

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._stand_ins = 0
        if brace == b"}":
            if self._group.goes == "details":
                self._say("\n")
            self._group = self._groups.pop() if self._groups else self._group
        elif len(self._groups) < _DEEPEST:
            self._groups.append(self._group)
        else:
            self.notes.add(Note.DOCUMENT_CUT)

    def _sign(self, sign: bytes) -> None:
        if sign in b"\\{}":
            self._raw(sign)
        elif sign == b"~":
            self._say(" ")
        elif sign in b"\r\n":
            self._say("\n")

    def _goes(self, where: str) -> None:
        self._flush()
        self._group = replace(self._group, goes=where)

    def _word(self, word: str, number: int | None) -> int:
        """Obey a control word; returns how many bytes of the file it takes with it."""
        if word == "u" and number is not None:
            self._say(_letter(number))
            self._stand_ins = self._group.skip
        elif word in _CHARACTERS:
            self._say(_CHARACTERS[word])
        elif word == "uc":
            self._group = replace(self._group, skip=max(0, min(number or 0, 20)))
        elif word == "bin":
            return max(0, number or 0)
        elif word in ("f", "af", "deff") and number is not None:
            self._flush()
            self._font = number
            if self._group.goes != "fonts" and word == "f":
                self._group = replace(self._group, page=self._fonts.get(number, ""))
        elif word == "fcharset" and self._group.goes == "fonts":
            self._fonts[self._font] = _CODE_PAGES.get(number or 0, "")
        elif word in ("ansicpg", "mac", "pc", "pca"):
            self._page = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}.get(
                word, f"cp{number}" if number else "cp1252"
            )
        else:
            self._destination(word, number)
        return 0

    def _destination(self, word: str, number: int | None) -> None:
        if word == "fonttbl":
            self._goes("fonts")
        elif word in _SKIPPED or word == "objdata":
            self._goes("nowhere")
            if word == "objdata":
                self.notes.add(Note.PART_NOT_CHECKED)
        elif word in _DETAILS:
            self._goes("details")
        elif word == "pict":
            self._goes("picture")
            self.pictures.append(_Picture(bytearray()))
        elif word in ("picwgoal", "pichgoal") and self.pictures and number:
            if word == "picwgoal":
                self.pictures[-1].width = number
            else:
                self.pictures[-1].height = number
        elif word == "plain":
            self._flush()
            self._group = replace(self._group, page="")


def _letter(number: int) -> str:
    number = number + 65_536 if number < 0 else number
    return chr(number) if 0 < number <= 0x10FFFF else ""


@document_format("RTF", Kind.DOCUMENT, fits=signatures.RTF.fits)
def read(data: bytes, inside: Inside) -> Passages:
    """The text and the details of an RTF; a note for a picture that may be a page."""
    letter = _Letter(data, inside)
    letter.read()
    text = _joined(letter.texts["text"])
    yield "text", text
    yield "document details", _joined(letter.texts["details"])
    letters = letters_in(text)
    for picture in letter.pictures:
        packed = re.sub(rb"\s+", b"", bytes(picture.data))
        raw = (
            bytes.fromhex(packed[: len(packed) // 2 * 2].decode())
            if _HEX.fullmatch(packed)
            else b""
        )
        raw = raw or bytes(picture.raw)
        if raw:
            yield from read_picture("picture", raw, letters, inside)
        if letters < FEW_LETTERS or min(picture.width, picture.height) >= _LARGE:
            yield NOTE, Note.PICTURE_PAGE
    for note in letter.notes:
        yield NOTE, note


_HEX = re.compile(rb"[0-9A-Fa-f]+")


def _joined(parts: list[str]) -> str:
    """Parts of a text, with the two halves of a letter that ``\\u`` gives as two put together."""
    return "".join(parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
