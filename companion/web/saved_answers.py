"""The small file that a person saves in order to continue later.

One JSON object, which letters and checklists both write and open::

    {"format": "companion-answers", "version": 1, "place": "us", "letter": "opt-out",
     "reference": "A7K-93M", "wish": {...}, "facts": {...}, "checklists": {...}}

With a passphrase the same object is encrypted (scrypt, AES-256-GCM) and the file says
nothing but that it is. We keep no part of it.
"""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings
from django.utils.translation import gettext

from companion.checklists import reading
from companion.checklists.answers import Notes
from companion.web import json_text

FORMAT = "companion-answers"
VERSION = 1

# The cost of one guess: 64 MB and about a tenth of a second. It is fixed, so that a
# forged file cannot demand more.
_COST, _BLOCK, _LANES = 2**16, 8, 1
_SALT, _NONCE = 16, 12
_DEEPEST = 8
_KEYS_AT_ONCE = threading.BoundedSemaphore(2)
"""However many encrypted files arrive at once, they take no more memory than two."""

LETTER_OPTIONS = ("language", "reader", "cover", "limit", "region")
"""What a person chooses about a letter besides its answers: the keys of ``wish``."""


class SavedAnswersError(Exception):
    """A file that cannot be opened or encrypted.

    ``code`` says why; ``words()`` says it to the visitor.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)

    def words(self) -> str:
        return {
            "missing": gettext("Please choose the file that you saved."),
            "not-ours": gettext("This is not a file that was saved here. Please choose another."),
            "newer": gettext("This file comes from a newer version of this site."),
            "too-large": gettext("This file is too large to be one that was saved here."),
            "damaged": gettext("This file is damaged. Please try another copy of it."),
            "passphrase-needed": gettext("This file is locked. Please type its passphrase."),
            "passphrase-wrong": gettext("The passphrase does not open this file."),
            "busy": gettext("We are busy at the moment. Nothing was kept. Please try again soon."),
        }[self.code]

    @property
    def field(self) -> str:
        """The form field to correct: ``file`` or ``passphrase``."""
        return "passphrase" if self.code.startswith("passphrase") else "file"

    @property
    def status(self) -> int:
        return 503 if self.code == "busy" else 422


def dump(state: dict[str, Any], passphrase: str = "") -> bytes:
    """The file for a state: a dict of texts, lists and dicts without ``format`` and ``version``.

    Raises ``SavedAnswersError`` ("busy") while too many files are being encrypted.
    """
    body = {"format": FORMAT, "version": VERSION, **state}
    if not passphrase:
        return json.dumps(body, ensure_ascii=False, indent=1).encode()
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, json.dumps(body).encode(), None)
    outer = {
        "format": FORMAT,
        "version": VERSION,
        "sealed": base64.b64encode(salt + nonce + sealed).decode(),
    }
    return json.dumps(outer, indent=1).encode()


def load(data: bytes, passphrase: str = "") -> dict[str, Any]:
    """The state that a file holds. Raises ``SavedAnswersError``.

    Nothing in it is trusted: its values are as untyped and unchecked as those of any form.
    """
    body = _object(data)
    if "sealed" in body:
        body = _object(_unsealed(body["sealed"], passphrase))
    return {name: value for name, value in body.items() if name not in ("format", "version")}


def letter_options(value: object) -> dict[str, str]:
    """A file's ``wish``: known names and short texts, as unchecked as those of a form."""
    if not isinstance(value, Mapping):
        return {}
    known = {name: value.get(name) for name in LETTER_OPTIONS}
    return {name: one for name, one in known.items() if isinstance(one, str) and len(one) <= 20}


def pack_checklists(value: object) -> str:
    """A file's ``checklists`` as text for a hidden field; ``""`` when it holds none.

    Only what the checklists know is kept, which bounds its size.
    """
    notes = Notes.from_saved(value, reading.load()).to_saved()
    if not any(notes.values()):
        return ""
    slug = value.get("slug") if isinstance(value, dict) else ""
    if slug in reading.load().checklists:
        notes["slug"] = slug
    return json.dumps(notes, ensure_ascii=False)


def checklist_of(state: Mapping[str, Any]) -> str:
    """The list of questions whose answers a file holds; ``""`` where it holds none."""
    packed = unpack_checklists(pack_checklists(state.get("checklists")))
    return str(packed.get("slug", ""))


def unpack_checklists(text: str) -> dict[str, Any]:
    """What ``pack_checklists`` packed, checked again: it comes from a form."""
    if not text or len(text) > settings.COMPANION_LIMITS["saved_answers_bytes"]:
        return {}
    try:
        value = json.loads(json_text.whole(text))
    except (ValueError, RecursionError):
        return {}
    checked = pack_checklists(value)
    return dict(json.loads(checked)) if checked else {}


def _object(data: bytes) -> dict[str, Any]:
    if len(data) > settings.COMPANION_LIMITS["saved_answers_bytes"]:
        raise SavedAnswersError("too-large")
    try:
        body = json.loads(json_text.whole(data))
    except (ValueError, RecursionError):
        raise SavedAnswersError("not-ours") from None
    if not isinstance(body, dict) or body.get("format") != FORMAT or not _shallow(body):
        raise SavedAnswersError("not-ours")
    if body.get("version") != VERSION:
        raise SavedAnswersError("newer" if isinstance(body.get("version"), int) else "not-ours")
    return body


def _unsealed(sealed: object, passphrase: str) -> bytes:
    if not passphrase:
        raise SavedAnswersError("passphrase-needed")
    try:
        raw = base64.b64decode(str(sealed), validate=True)
    except ValueError:
        raise SavedAnswersError("damaged") from None
    if len(raw) < _SALT + _NONCE + 16:
        raise SavedAnswersError("damaged")
    salt, nonce, body = raw[:_SALT], raw[_SALT : _SALT + _NONCE], raw[_SALT + _NONCE :]
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, body, None)
    except InvalidTag:
        raise SavedAnswersError("passphrase-wrong") from None


def _key(passphrase: str, salt: bytes) -> bytes:
    if not _KEYS_AT_ONCE.acquire(timeout=settings.COMPANION_LIMITS["wait_seconds"]):
        raise SavedAnswersError("busy")
    try:
        scrypt = Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=_LANES)
        return scrypt.derive(passphrase.encode())
    finally:
        _KEYS_AT_ONCE.release()


def _shallow(value: object, depth: int = 0) -> bool:
    if depth > _DEEPEST:
        return False
    if isinstance(value, dict):
        return all(_shallow(one, depth + 1) for one in value.values())
    if isinstance(value, list):
        return all(_shallow(one, depth + 1) for one in value)
    return True
