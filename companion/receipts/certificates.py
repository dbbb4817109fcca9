"""The certificates of signatures: what stands in one, who vouches for it, and its key.

Nothing here decides whom to trust. A certificate is a text that anybody may have made: each part
of it may be broken by itself, and a part that is counts as not there.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

_MOST_BYTES = 65_536
_MOST_NAME = 200
_Part = TypeVar("_Part")
_RIPEMD_INFO = bytes.fromhex("3021300906052b2403020105000414")
"""What stands before a digest by RIPEMD-160 in a signature by RSA (RFC 8017, 9.2)."""


class Trust(StrEnum):
    """Who vouches for a certificate; never whether that is to be believed."""

    SELF_SIGNED = "self-signed"  # only the signer himself
    ISSUED = "issued"  # somebody else, who is not checked here
    ALTERED = "altered"  # by itself, and it does not fit itself: names in it may be changed
    UNKNOWN = "unknown"  # there is no certificate that can be read


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says; parts that cannot be read are not there."""

    key: Any = field(default=None, repr=False)
    """The signer's public key, for ``fits``; None for a kind that is not known here."""
    trust: Trust = Trust.UNKNOWN
    signer: str = field(default="", repr=False)
    """The subject."""
    issuer: str = field(default="", repr=False)
    valid_from: date | None = None
    valid_until: date | None = None


def read_certificate(raw: bytes) -> Certificate | None:
    """A certificate from its DER, with or without padding; None where it is none.

    Raises ``ImportError`` where what reads certificates is not installed.
    """
    from cryptography import x509  # a light installation and a browser go without

    if not raw or len(raw) > _MOST_BYTES:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of certificates that a later version will refuse
        try:
            certificate = x509.load_der_x509_certificate(without_padding(raw))
        except (ValueError, TypeError, x509.InvalidVersion):
            return None
        return Certificate(
            _part(certificate.public_key),
            _part(lambda: _trust(certificate)) or Trust.UNKNOWN,
            _part(lambda: _name(certificate.subject)) or "",
            _part(lambda: _name(certificate.issuer)) or "",
            _part(lambda: certificate.not_valid_before_utc.date()),
            _part(lambda: certificate.not_valid_after_utc.date()),
        )


def _part(read: Callable[[], _Part]) -> _Part | None:
    """A part of a certificate, which is taken apart only when it is asked for."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return read()
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm):
        return None


def _trust(certificate: x509.Certificate) -> Trust:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    if certificate.subject != certificate.issuer:
        return Trust.ISSUED
    try:
        certificate.verify_directly_issued_by(certificate)
    except InvalidSignature:
        return Trust.ALTERED
    except (ValueError, TypeError, UnsupportedAlgorithm):
        pass  # by an old sum: nobody can tell any more, and nothing says that it was changed
    return Trust.SELF_SIGNED


def _name(name: x509.Name) -> str:
    return name.rfc4514_string()[:_MOST_NAME]


def fits(key: Any, raw: bytes, digest: bytes, name: str) -> bool | None:
    """Whether a signature is one of this digest by a certificate's key; None for a kind of key or
    sum that is not known here. ``name``: of the sum, as ``hashlib`` has it."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

    known: dict[str, Callable[[], hashes.HashAlgorithm]] = {
        "md5": hashes.MD5, "sha1": hashes.SHA1, "sha256": hashes.SHA256,
        "sha384": hashes.SHA384, "sha512": hashes.SHA512,
    }  # fmt: skip
    try:
        if isinstance(key, rsa.RSAPublicKey):
            raw = raw[: (key.key_size + 7) // 8]
            if name not in known:
                found = key.recover_data_from_signature(raw, padding.PKCS1v15(), None)
                return found == _RIPEMD_INFO + digest
            key.verify(raw, digest, padding.PKCS1v15(), Prehashed(known[name]()))
        elif name not in known:
            return None
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(without_padding(raw), digest, ec.ECDSA(Prehashed(known[name]())))
        elif isinstance(key, dsa.DSAPublicKey):
            key.verify(without_padding(raw), digest, Prehashed(known[name]()))
        else:
            return None
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, ValueError):
        return None
    return True


def without_padding(raw: bytes) -> bytes:
    """A value in DER without what made its length even."""
    if len(raw) < 4 or raw[0] != 0x30:
        return raw
    if raw[1] < 0x80:
        return raw[: 2 + raw[1]]
    many = raw[1] & 0x7F
    return raw[: 2 + many + int.from_bytes(raw[2 : 2 + many], "big")]
