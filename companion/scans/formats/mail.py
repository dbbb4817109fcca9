"""Mail: its headers, its parts by their encodings, and what is attached to it."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import Message
from itertools import islice

from companion.scans.findings import Kind, Note
from companion.scans.formats import uuencoded
from companion.scans.formats.escapes import undo_words
from companion.scans.formats.plain_text import decode
from companion.scans.formats.registry import NOTE, RAW, Inside, Passages, Rank, document_format

_MOST_PARTS = 200
_MOST_MESSAGES = 100
_HEADERS = (
    "from",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "sender",
    "subject",
    "date",
    "comments",
    "keywords",
    "thread-topic",
    "organization",
    "content-description",
)
_OF_THE_WAY = re.compile(
    r"received|return-path|message-id|mime-version|content-(?!desc)|dkim|arc-|authentication|list-|x-ms-"
    r"|x-(?:spam|mailer|google|gm-|virus|priority|forefront|microsoft|originating|received)|references|in-reply",
    re.IGNORECASE,
)
"""Headers that say how a message went."""
_USUAL_PREAMBLE = re.compile(r"multi-?part message|MIME.{0,20}format", re.IGNORECASE)
_FIRST = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:From [^\n]{1,200}\n)?[A-Za-z][A-Za-z0-9-]{1,40}: ?[^\n]*\n"
)
_SURE = re.compile(
    rb"^(?:received|return-path|delivered-to|message-id|mime-version|content-type"
    rb"|content-transfer-encoding|x-mailer|dkim-signature):",
    re.IGNORECASE | re.MULTILINE,
)
_LIKELY = re.compile(rb"^(?:from|to|subject|date|cc):", re.IGNORECASE | re.MULTILINE)
_NEXT = re.compile(rb"(?:\r?\n){2}From [^\n]{1,200}\d{4}\r?\n")


def looks_like_mail(data: bytes) -> bool:
    """Whether a file begins with the headers of a message."""
    if not _FIRST.match(data[:4_096]):
        return False
    head = re.split(rb"\r?\n\r?\n", data[:8_192], maxsplit=1)[0]
    return len({found.lower() for found in _SURE.findall(head)}) + min(
        2, len({found.lower() for found in _LIKELY.findall(head)})
    ) >= 2 and bool(_SURE.search(head))


@document_format(
    "mail", Kind.DOCUMENT, fits=looks_like_mail, endings="eml mht mhtml mbox", rank=Rank.SHAPE
)
def read(data: bytes, inside: Inside) -> Passages:
    """Every message of a file; its plain text where it cannot be taken apart."""
    messages = _NEXT.split(data, maxsplit=_MOST_MESSAGES)
    if len(messages) > _MOST_MESSAGES:
        yield NOTE, Note.DOCUMENT_CUT
    for raw in messages[:_MOST_MESSAGES]:
        try:
            message = email.message_from_bytes(
                raw.lstrip(b"\xef\xbb\xbf"), policy=email.policy.default
            )
            parts = list(_parts(message))
        except (RecursionError, ValueError, LookupError, AttributeError, IndexError):
            yield "text", decode(raw)
            yield NOTE, Note.PART_NOT_CHECKED
            continue
        if len(parts) > _MOST_PARTS:
            yield NOTE, Note.DOCUMENT_CUT
        for part in parts[:_MOST_PARTS]:
            yield from _headers(part)
            for around in (part.preamble, part.epilogue):
                if around and around.strip() and not _USUAL_PREAMBLE.search(around):
                    yield (
                        "text",
                        around.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
                    )
            yield from _body(part, inside)


def _parts(message: Message) -> list[Message]:
    """A message and its parts; those inside attached messages too, and one more than wanted."""
    found: list[Message] = []
    stack = [message]
    while stack and len(found) <= _MOST_PARTS:
        part = stack.pop()
        found.append(part)
        if part.is_multipart():
            inner = part.get_payload()
            stack += (
                [one for one in reversed(inner) if isinstance(one, Message)]
                if isinstance(inner, list)
                else []
            )
    return found


def _headers(part: Message) -> Passages:
    lines = [f"{name}: {value}" for name in _HEADERS for value in _values(part, name)]
    if lines:
        yield "mail headers", "\n".join(lines)
    own = islice(
        (
            f"{name.removeprefix('x-').removeprefix('X-')}: {undo_words(value)}"
            for name, value in part.raw_items()
            if name.lower() not in _HEADERS and not _OF_THE_WAY.match(name)
        ),
        _MOST_PARTS,
    )
    # Programs write most of them: they are searched, and not shown as somebody's words.
    yield RAW, "\n".join(own)


def _values(part: Message, name: str) -> list[str]:
    try:
        return [str(value) for value in part.get_all(name, [])]
    except (ValueError, LookupError, AttributeError, IndexError, TypeError):
        # What the parser of addresses stumbles over is shown as it stands.
        return [str(value) for key, value in part.raw_items() if key.lower() == name]


def _body(part: Message, inside: Inside) -> Passages:
    if part.is_multipart():
        return
    try:
        raw = part.get_payload(decode=True)
        name = part.get_filename() or ""
        kind = part.get_content_type()
        charset = part.get_content_charset() or ""
    except (ValueError, LookupError, AttributeError, IndexError, TypeError):
        yield NOTE, Note.PART_NOT_CHECKED
        return
    if not isinstance(raw, bytes) or not raw:
        return
    if name:
        yield "mail attachment name", name
    if kind == "text/plain" and not name:
        text, files = uuencoded.take_out(_decoded(raw, charset))
        yield "text", text
        for inner, file in files:
            yield from inside.read("mail attachment", inner, file)
    elif kind.startswith("text/") and charset:
        yield from inside.read("mail", name, _decoded(raw, charset).encode(), Kind.DOCUMENT)
    else:
        yield from inside.read("mail attachment", name, raw)


def _decoded(raw: bytes, charset: str) -> str:
    if charset and charset != "us-ascii":
        try:
            return raw.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(raw)
