"""The talk with the OpenID Connect provider, by Authlib. Imported only where it is installed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.conf import settings
from django.http import QueryDict
from joserfc.errors import JoseError
from requests import RequestException

_ANSWERS_IN = 5
"""Seconds that the provider may take for each of its answers."""
_FAULTS = (
    AuthlibBaseError, JoseError, RequestException,
    # What Authlib makes of answers of other shapes.
    AttributeError, LookupError, RuntimeError, TypeError, ValueError,
)  # fmt: skip


class NotSignedInError(Exception):
    """The provider's answer is not one that lets anybody in. Says no more than that."""


@dataclass(slots=True)
class _Trip:
    """What Authlib wants of a request, with our own cookie in the place of the session."""

    method: str = "GET"
    GET: QueryDict = field(default_factory=QueryDict)
    session: dict[str, Any] = field(default_factory=dict)


def begin(back: str) -> tuple[str, dict[str, Any]]:
    """The provider's address to go to, and what ``finish`` wants to have kept until then.

    Raises ``NotSignedInError`` where the provider cannot be asked.
    """
    trip = _Trip()
    try:
        address: str = _client().authorize_redirect(trip, back)["Location"]
    except _FAULTS:
        raise NotSignedInError from None
    return address, trip.session


def finish(answer: QueryDict, kept: dict[str, Any]) -> str:
    """Who the provider says has signed in there, in its own numbering.

    Authlib checks state, nonce, signature and times; issuer and audience must be those of our
    settings (OpenID Connect Core 1.0, section 3.1.3.7). Raises ``NotSignedInError``.
    """
    wanted = {
        "iss": {"essential": True, "value": settings.COMPANION_OIDC_ISSUER},
        "aud": {"essential": True, "value": settings.COMPANION_OIDC_CLIENT},
        "sub": {"essential": True},
    }
    try:
        trip = _Trip(GET=answer, session=kept)
        token = _client().authorize_access_token(trip, claims_options=wanted)
        subject = token["userinfo"]["sub"]
    except _FAULTS:
        raise NotSignedInError from None
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise NotSignedInError
    return subject


def _client() -> DjangoOAuth2App:
    return _registered(
        settings.COMPANION_OIDC_ISSUER,
        settings.COMPANION_OIDC_CLIENT,
        settings.COMPANION_OIDC_SECRET,
    )


@lru_cache(maxsize=4)
def _registered(issuer: str, client: str, secret: str) -> DjangoOAuth2App:
    return OAuth().register(
        "staff",
        client_id=client,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid",  # who it is, and nothing about them
            "code_challenge_method": "S256",
            "default_timeout": _ANSWERS_IN,
        },
    )
