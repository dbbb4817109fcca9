"""Headers on every answer, requests only from our own pages, and a rate limit that
knows no address. The values and their reasons are listed in docs/threat-model.md.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from companion.web.site import errors

GetResponse = Callable[[HttpRequest], HttpResponse]


def content_security_policy() -> str:
    """Everything is refused unless it is our own and needed."""
    ancestors = " ".join(settings.COMPANION_FRAME_ANCESTORS) or "'none'"
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {ancestors}",
        ]
    )


def on_device_policy() -> str:
    """The policy of the page that reads scans in the browser: it may also run WebAssembly, a
    worker made of what it has loaded, and a service worker of ours. The page forbids itself all
    loading before it takes a scan (static/js/device.js).
    """
    return (
        content_security_policy()
        .replace(
            "script-src 'self'",
            "script-src 'self' blob: 'wasm-unsafe-eval'; worker-src 'self' blob:",
        )
        .replace("img-src 'self' data:", "img-src 'self' data: blob:")
    )


OWN_SITE_ALONE = "(response-origin)"
"""The ``Connection-Allowlist`` (WICG) of that page: no connection to any other site, also none
that a Content-Security-Policy cannot stop: WebRTC, another page's address, a name looked up
ahead. Chromium 156 holds it; a browser that does not know it ignores it."""

LOADS_NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""The policy of the service worker that opens that page without a network."""

_DENIED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
    "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection",
    "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip


class HeadersMiddleware:
    """Adds the security headers; outermost, so that error pages and files have them too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": content_security_policy(),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": ", ".join(f"{name}=()" for name in _DENIED),
            "X-Permitted-Cross-Domain-Policies": "none",
            "X-DNS-Prefetch-Control": "off",
        }
        if not settings.COMPANION_FRAME_ANCESTORS:
            self.headers["X-Frame-Options"] = "DENY"
        if settings.SECURE_HSTS_SECONDS:
            self.headers["Strict-Transport-Security"] = "; ".join(
                [
                    f"max-age={settings.SECURE_HSTS_SECONDS}",
                    *(["includeSubDomains"] if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else []),
                    *(["preload"] if settings.SECURE_HSTS_PRELOAD else []),
                ]
            )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers[name] = value
        if getattr(response, "runs_on_device", False):
            response.headers["Content-Security-Policy"] = on_device_policy()
            response.headers["Connection-Allowlist"] = OWN_SITE_ALONE
        if getattr(response, "loads_nothing", False):
            response.headers["Content-Security-Policy"] = LOADS_NOTHING
            response.headers["Connection-Allowlist"] = "()"
        if settings.COMPANION_FRAME_ANCESTORS:
            # The policy names the portals that may frame it; this header cannot hold a list.
            response.headers.pop("X-Frame-Options", None)
        if for_staff(request):
            # Django's form protection checks where a form of the staff came from.
            response.headers["Referrer-Policy"] = "same-origin"
        # A page may hold what a patient typed or uploaded, so no cache may keep any page.
        if not request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class SameOriginMiddleware:
    """Refuses a POST from another site's page (403).

    Patients have no cookie, so a forged request has no rights to abuse; this still keeps
    other sites from using our server through their visitors. A client that sends neither
    header is not a browser on another site's page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD", "OPTIONS"} and not same_origin(request):
            return errors.forbidden(request)
        if not for_staff(request):
            # Visitors have no cookie that Django's own form protection could compare with,
            # so the check above replaces it. Staff have one, and get both.
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return self.get_response(request)


def for_staff(request: HttpRequest) -> bool:
    """Whether this is the staff's admin, the only place with accounts and cookies."""
    return bool(settings.COMPANION_ADMIN) and request.path.startswith(
        f"/{settings.COMPANION_ADMIN_PATH}"
    )


def same_origin(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    # "null" is what Referrer-Policy: no-referrer makes of a form's origin in older
    # browsers; it names nobody, and there is no cookie to protect.
    return origin == "null" or urlsplit(origin).netloc == request.headers.get("Host")


class RateLimitMiddleware:
    """Limits the requests per minute of one network; beyond that, 429 with Retry-After.

    The key is a hash of the network prefix (IPv4 /32, IPv6 /56) with a salt that
    changes every hour and is never written down; counts live in memory only. The
    limit is generous, because a whole hospital may share one address.
    """

    WINDOW = 60.0
    SALT_LIFE = 3600.0
    MOST_KEYS = 50_000

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.lock = threading.Lock()
        self.counts: dict[bytes, int] = {}
        self.window_ends = 0.0
        self.salt = b""
        self.salt_ends = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in {"/healthz", "/readyz"} or request.path.startswith("/static/"):
            return self.get_response(request)
        wait = self.wait(address(request))
        if wait:
            response = errors.page(request, 429)
            response.headers["Retry-After"] = str(wait)
            return response
        return self.get_response(request)

    def wait(self, visitor: str) -> int:
        """Seconds that the visitor must wait; 0 if the request may proceed."""
        now = time.monotonic()
        with self.lock:
            if now >= self.salt_ends:
                self.salt = secrets.token_bytes(16)
                self.salt_ends = now + self.SALT_LIFE
                self.counts.clear()
            if now >= self.window_ends or len(self.counts) > self.MOST_KEYS:
                self.counts.clear()
                self.window_ends = now + self.WINDOW
            key = hashlib.blake2b(network(visitor).encode(), key=self.salt, digest_size=8).digest()
            count = self.counts[key] = self.counts.get(key, 0) + 1
            if count <= settings.COMPANION_LIMITS["requests_per_minute"]:
                return 0
            return max(1, int(self.window_ends - now) + 1)


def address(request: HttpRequest) -> str:
    """The visitor's address: used for the rate limit at once, and never kept."""
    if settings.COMPANION_BEHIND_PROXY:
        # The last entry is the one that our own proxy added.
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


def network(visitor: str) -> str:
    try:
        parsed = ipaddress.ip_address(visitor)
    except ValueError:
        return "unknown"
    prefix = 32 if parsed.version == 4 else 56
    return str(ipaddress.ip_network((parsed, prefix), strict=False))
