"""Signing in with an account elsewhere: a provider of the test's own, and every way to cheat."""

from __future__ import annotations

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from joserfc import jwt
from joserfc.jwk import RSAKey
from pytest_django import Settings

from companion.providers import accounts, openid, openid_client
from companion.providers.models import SignIn
from tests.builders import make_provider

pytestmark = pytest.mark.django_db
HERS = "subject-4711"


class Provider(ThreadingHTTPServer):
    """As small as a provider can be: it says of everybody that they are ``claims["sub"]``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.signs_with = self.key
        self.claims: dict[str, Any] = {}
        self.nonce = ""
        self.challenge = ""
        self.broken = False

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": "companion", "sub": HERS, "nonce": self.nonce,
            "iat": now, "exp": now + 60, **self.claims,
        }  # fmt: skip
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signs_with)


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        side = self.server
        if side.broken:
            self.send_error(500)
        elif self.path.startswith("/keys"):
            self.say({"keys": [side.key.as_dict(private=False)]})
        else:
            self.say(
                {
                    "issuer": side.issuer,
                    "authorization_endpoint": f"{side.issuer}/authorize",
                    "token_endpoint": f"{side.issuer}/token",
                    "jwks_uri": f"{side.issuer}/keys",
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        verifier = parse_qs(body.decode())["code_verifier"][0]
        digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if digest != self.server.challenge:
            self.send_error(400)
            return
        self.say({"access_token": "a", "token_type": "Bearer", "id_token": self.server.token()})

    def say(self, what: dict[str, Any]) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    with Provider() as side:
        threading.Thread(target=side.serve_forever, daemon=True).start()
        settings.COMPANION_OIDC_ISSUER = side.issuer
        settings.COMPANION_OIDC_CLIENT = "companion"
        settings.COMPANION_OIDC_SECRET = "between us"
        settings.COMPANION_OIDC_NAME = "Lakes account"
        yield side
        side.shutdown()
    openid_client._registered.cache_clear()


def make_code(name: str = "rosa") -> str:
    device = TOTPDevice.objects.get(user__username=name)
    # Each code is good once, and a test is done in less than its half minute.
    TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0)
    return f"{totp(device.bin_key):06d}"


def make_officer(name: str = "rosa") -> Client:
    """Somebody signed in with password and code."""
    made = accounts.enrol(name, [make_provider(f"of-{name}")])
    client = Client()
    form = {"username": name, "password": made.password, "otp_token": make_code(name)}
    assert client.post("/admin/login/", form).status_code == 302
    return client


def go_there(client: Client, side: Provider) -> str:
    """To the provider, which signs them in; the address by which they come back."""
    answer = client.get("/admin/openid/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{side.issuer}/authorize?")
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked["scope"] == ["openid"]
    assert asked["redirect_uri"] == ["http://testserver/admin/openid/back/"]
    side.nonce = asked["nonce"][0]
    side.challenge = asked["code_challenge"][0]
    return f"/admin/openid/back/?code=abc&state={asked['state'][0]}"


def connect(client: Client, side: Provider) -> None:
    assert client.get(go_there(client, side)).status_code == 200
    assert client.post("/admin/openid/finish/")["Location"] == "/admin/"


def is_in(client: Client) -> bool:
    return client.get("/admin/providers/profile/").status_code == 200


def test_it_is_off_unless_set() -> None:
    for path in ("", "back/"):
        assert Client().get(f"/admin/openid/{path}").status_code == 404
    assert Client().post("/admin/openid/finish/").status_code == 404
    assert b"openid" not in Client().get("/admin/login/").content


def test_an_officer_connects_an_account_and_signs_in_with_it_and_the_code(
    provider: Provider,
) -> None:
    connect(make_officer(), provider)
    assert SignIn.objects.get().subject == HERS

    client = Client()
    assert "Sign in with Lakes account" in client.get("/admin/login/").content.decode()
    page = client.get(go_there(client, provider))
    assert "Code from your app" in page.content.decode()
    assert not is_in(client)
    answer = client.post("/admin/openid/finish/", {"otp_token": make_code()})
    assert answer["Location"] == "/admin/"
    assert is_in(client)


@pytest.mark.parametrize("code", ["", "000000", "abc"])
def test_the_account_alone_lets_nobody_in(provider: Provider, code: str) -> None:
    connect(make_officer(), provider)
    client = Client()
    client.get(go_there(client, provider))
    assert client.post("/admin/openid/finish/", {"otp_token": code}).status_code == 200
    assert not is_in(client)


def test_five_wrong_codes_lock_the_account(provider: Provider) -> None:
    connect(make_officer(), provider)
    client = Client()
    client.get(go_there(client, provider))
    for _ in range(5):
        TOTPDevice.objects.update(throttling_failure_count=0)
        client.post("/admin/openid/finish/", {"otp_token": "000000"})
    answer = client.post("/admin/openid/finish/", {"otp_token": make_code()})
    assert answer.status_code == 429
    assert not is_in(client)


def test_an_account_that_nobody_connected_lets_nobody_in(provider: Provider) -> None:
    make_officer()
    client = Client()
    client.get(go_there(client, provider))
    answer = client.post("/admin/openid/finish/", {"otp_token": make_code()})
    assert answer.status_code == 403
    assert "is not connected" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"iss": "https://accounts.example.org"},
        {"nonce": "of another visit"},
        {"exp": 1_000_000_000},
        {"sub": ""},
        {"sub": 4711},
        {"sub": "x" * 300},
    ],
    ids=str,
)
def test_an_answer_with_a_wrong_claim_is_refused(
    provider: Provider, claims: dict[str, Any]
) -> None:
    client = Client()
    back = go_there(client, provider)
    provider.claims = claims
    assert client.get(back).status_code == 403
    assert client.post("/admin/openid/finish/").status_code == 403


def test_an_answer_that_somebody_else_signed_is_refused(provider: Provider) -> None:
    client = Client()
    back = go_there(client, provider)
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert client.get(back).status_code == 403


def test_a_way_back_that_nobody_began_or_another_browser_did_is_refused(
    provider: Provider,
) -> None:
    back = go_there(Client(), provider)
    for address in (back, "/admin/openid/back/", "/admin/openid/back/?error=no&state=x"):
        assert Client().get(address).status_code == 403


def test_a_cookie_of_somebody_s_own_making_is_worth_nothing(provider: Provider) -> None:
    connect(make_officer(), provider)
    client = Client()
    client.cookies[openid.COOKIE] = json.dumps({"subject": HERS})
    answer = client.post("/admin/openid/finish/", {"otp_token": make_code()})
    assert answer.status_code == 403
    assert not is_in(client)


def test_the_form_is_refused_from_another_site(provider: Provider) -> None:
    connect(make_officer(), provider)
    client = Client(enforce_csrf_checks=True)
    client.get(go_there(client, provider))
    form = {"otp_token": make_code()}
    assert client.post("/admin/openid/finish/", form).status_code == 403
    assert not is_in(client)


def test_one_account_elsewhere_belongs_to_one_officer(provider: Provider) -> None:
    connect(make_officer("rosa"), provider)
    other = make_officer("otto")
    other.get(go_there(other, provider))
    answer = other.post("/admin/openid/finish/", follow=True)
    assert "connected to someone else" in answer.content.decode()
    assert SignIn.objects.get().user.get_username() == "rosa"


def test_a_provider_that_does_not_answer_costs_a_page(provider: Provider) -> None:
    provider.broken = True
    answer = Client().get("/admin/openid/")
    assert answer.status_code == 403
    assert "That did not work" in answer.content.decode()
    assert "Sign in" in Client().get("/admin/login/").content.decode()


def test_switching_off_or_renewing_an_officer_ends_the_connection(provider: Provider) -> None:
    connect(make_officer(), provider)
    call_command("providers", "officer", "rosa", "--profile", "of-rosa")
    assert not SignIn.objects.exists()


def test_a_stranger_s_visit_leaves_no_row(provider: Provider) -> None:
    from django.contrib.sessions.models import Session

    client = Client()
    client.get(go_there(client, provider))
    assert not Session.objects.exists()
    assert client.cookies[openid.COOKIE]["samesite"] == "Lax"
    assert client.cookies[openid.COOKIE]["httponly"]
