from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import clear_url_caches, path
from pytest_django import Settings

from companion.urls import urlpatterns as real
from companion.web import security
from tests.web.responses import Response

# Closing an answer closes idle database connections, whether or not a page read any.
pytestmark = pytest.mark.django_db

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def crash(request: HttpRequest) -> HttpResponse:
    raise ValueError("the patient's DOE^JANE stands in this message")


urlpatterns = [path("crash/", crash), *real]
handler400 = "companion.web.site.errors.bad_request"
handler403 = "companion.web.site.errors.forbidden"
handler404 = "companion.web.site.errors.not_found"
handler500 = "companion.web.site.errors.server_error"


def answers(client: Client) -> dict[str, Response]:
    """One answer of every kind that the server gives."""
    client.raise_request_exception = False
    static = client.get("/static/css/base.css")
    static.close()
    return {
        "page": client.get("/"),
        "static": static,
        "400": client.get("/", headers={"host": "evil.example"}),
        "403": client.post("/", headers={"sec-fetch-site": "cross-site"}),
        "404": client.get("/nowhere/"),
        "405": client.post("/"),
        "500": client.get("/crash/"),
        "health": client.get("/healthz"),
    }


@override_settings(ROOT_URLCONF=__name__)
def test_every_answer_carries_the_headers(client: Client) -> None:
    for name, answer in answers(client).items():
        for header, value in EXPECTED.items():
            assert answer.headers[header] == value, (name, header)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "camera=()" in answer.headers["Permissions-Policy"]


@override_settings(ROOT_URLCONF=__name__)
def test_no_answer_sets_a_cookie(client: Client) -> None:
    for name, answer in answers(client).items():
        assert not answer.cookies, name


@override_settings(ROOT_URLCONF=__name__)
def test_pages_are_never_stored(client: Client) -> None:
    for name, answer in answers(client).items():
        if name != "static":
            assert "no-store" in answer.headers["Cache-Control"], name


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("status", [400, 403, 404, 405, 500])
def test_every_error_page_says_that_nothing_was_kept(client: Client, status: int) -> None:
    answer = answers(client)[str(status)]
    assert answer.status_code == status
    assert "Nothing was kept." in answer.text


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 503])
@pytest.mark.parametrize("language", ["en", "es"])
def test_error_pages_stand_in_both_languages(
    rf: RequestFactory, status: int, language: str
) -> None:
    from companion.web.site import errors

    answer = errors.page(rf.get("/es/" if language == "es" else "/"), status)
    assert answer.status_code == status
    assert f'lang="{language}"' in answer.text
    assert ("Nothing was kept." in answer.text) == (language == "en")
    assert ("No se guardó nada." in answer.text) == (language == "es")


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_was_sent_is_spoken_of_only_where_something_was(
    rf: RequestFactory, method: str
) -> None:
    from companion.web.site import errors

    answer = errors.page(getattr(rf, method)("/no-such-page/"), 404)
    assert "Nothing was kept." in answer.text
    assert ("What you sent" in answer.text) == (method == "post")


@pytest.fixture
def deployed_in(request: pytest.FixtureRequest, settings: Settings) -> Iterator[str]:
    """The language that this deployment begins in; addresses are worked out anew for it."""
    settings.LANGUAGE_CODE = request.param
    clear_url_caches()
    yield request.param
    clear_url_caches()


@pytest.mark.parametrize(
    ("deployed_in", "last_visit", "address", "language"),
    [
        ("en", "/es/", "/letters/", "en"),
        ("en", "/", "/es/letters/", "es"),
        ("es", "/en/", "/letters/", "es"),
        ("es", "/", "/en/letters/", "en"),
    ],
    indirect=["deployed_in"],
)
def test_who_is_refused_reads_it_in_their_own_language_not_the_last_visitors(
    settings: Settings, deployed_in: str, last_visit: str, address: str, language: str
) -> None:
    settings.COMPANION_LIMITS = settings.COMPANION_LIMITS | {"requests_per_minute": 2}
    fresh = Client()
    assert fresh.get(last_visit).status_code == 200

    forbidden = fresh.post(address, headers={"sec-fetch-site": "cross-site"})
    too_many = fresh.get(address)

    assert (forbidden.status_code, too_many.status_code) == (403, 429)
    for answer in (forbidden, too_many):
        assert f'<html lang="{language}"' in answer.text
        assert ("Nothing was kept." in answer.text) == (language == "en")
        assert ("No se guardó nada." in answer.text) == (language == "es")


@override_settings(ROOT_URLCONF=__name__)
def test_an_exceptions_text_never_reaches_page_or_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    from companion.web.logs import ValueFreeFormatter

    client.raise_request_exception = False
    answer = client.get("/crash/?name=DOE")
    assert "DOE^JANE" not in answer.text
    lines = [ValueFreeFormatter().format(record) for record in caplog.records]
    assert lines
    for line in lines:
        assert "DOE" not in line
    assert any("ValueError" in line and "test_security.py" in line for line in lines)


@pytest.mark.parametrize(
    ("subdomains", "preload", "header"),
    [
        (False, False, "max-age=63072000"),
        (True, False, "max-age=63072000; includeSubDomains"),
        (True, True, "max-age=63072000; includeSubDomains; preload"),
    ],
)
def test_production_asks_for_https_for_two_years_as_far_as_the_operator_speaks(
    subdomains: bool, preload: bool, header: str
) -> None:
    with override_settings(
        SECURE_HSTS_SECONDS=63_072_000,
        SECURE_HSTS_INCLUDE_SUBDOMAINS=subdomains,
        SECURE_HSTS_PRELOAD=preload,
    ):
        middleware = security.HeadersMiddleware(lambda request: HttpResponse())
    assert middleware.headers["Strict-Transport-Security"] == header


@override_settings(COMPANION_FRAME_ANCESTORS=["https://portal.example.org"])
def test_a_listed_portal_may_frame_us_and_nobody_else() -> None:
    middleware = security.HeadersMiddleware(lambda request: HttpResponse())
    policy = middleware.headers["Content-Security-Policy"]
    assert "frame-ancestors https://portal.example.org" in policy
    assert "X-Frame-Options" not in middleware.headers


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"origin": "http://testserver"}, True),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, False),
    ],
)
def test_only_our_own_pages_may_post(headers: dict[str, str], accepted: bool) -> None:
    request = RequestFactory(headers=headers | {"host": "testserver"}).post("/")
    assert security.same_origin(request) is accepted


def test_too_many_requests_are_told_when_to_come_back(settings: Settings) -> None:
    settings.COMPANION_LIMITS = settings.COMPANION_LIMITS | {"requests_per_minute": 3}
    fresh = Client()
    statuses = [fresh.get("/") for _ in range(5)]
    assert [answer.status_code for answer in statuses] == [200, 200, 200, 429, 429]
    assert 1 <= int(statuses[-1].headers["Retry-After"]) <= 61
    assert "Nothing was kept." in statuses[-1].text
    assert fresh.get("/healthz").status_code == 200


def test_the_rate_limit_keeps_no_address() -> None:
    limiter = security.RateLimitMiddleware(lambda request: HttpResponse())
    limiter.wait("192.0.2.77")
    limiter.wait("2001:db8:1:2::77")
    assert len(limiter.counts) == 2
    kept = repr(vars(limiter))
    assert "192.0.2" not in kept
    assert "2001:db8" not in kept


def test_one_household_is_one_network() -> None:
    assert security.network("2001:db8:0:1::1") == security.network("2001:db8:0:1:ffff::9")
    assert security.network("192.0.2.1") != security.network("192.0.2.2")
    assert security.network("nonsense") == "unknown"
