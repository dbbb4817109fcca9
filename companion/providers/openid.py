"""Staff sign in with their own house's account (OpenID Connect), and the code of their app.

Off unless ``COMPANION_OIDC_ISSUER`` is set. It takes the place of our password and of nothing
else: an account is still made by ``manage.py providers officer``, its owner connects it once
after signing in with password and code, and every sign-in still asks for the code.

The way out and back goes through another site, where the staff's ``SameSite=Strict`` session is
not sent. So what has to be remembered on the way is in a signed cookie of its own that lasts
ten minutes; a stranger who only looks leaves no row in the database.
"""

from __future__ import annotations

import json
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.core.signing import BadSignature
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_otp import devices_for_user
from django_otp import login as otp_login

from companion.providers.models import SignIn

COOKIE = "__Host-staff-sign-in" if settings.PRODUCTION else "staff-sign-in"
_SALT = "companion.providers.openid"
_SECONDS = 600


class CodeForm(forms.Form):
    """The code of the officer's app, after the other side has said who they are."""

    otp_token = forms.CharField(max_length=8)


def is_on() -> bool:
    return bool(settings.COMPANION_OIDC_ISSUER)


def begin(request: HttpRequest) -> HttpResponse:
    """Send the officer to the house's own sign-in page."""
    _only_if_on()
    from companion.providers import openid_client

    try:
        there, trip = openid_client.begin(_callback(request))
    except openid_client.NotSignedInError:
        return _refused(request)
    answer = HttpResponseRedirect(there)
    _keep(answer, {"trip": trip})
    return answer


def callback(request: HttpRequest) -> HttpResponse:
    """Back from there: check who it is, and ask for the code of their app."""
    _only_if_on()
    from companion.providers import openid_client

    try:
        subject = openid_client.finish(request.GET, _kept(request).get("trip", {}))
    except openid_client.NotSignedInError:
        answer = _refused(request)
        answer.delete_cookie(COOKIE)
        return answer
    answer = render(request, "admin/openid.html", _context(request, form=CodeForm()))
    _keep(answer, {"subject": subject})
    return answer


def finish(request: HttpRequest) -> HttpResponse:
    """Sign in by the code; or connect the account of whoever has signed in with both factors."""
    _only_if_on()
    subject = _kept(request).get("subject")
    if not isinstance(subject, str):
        return _refused(request)
    if admin.site.has_permission(request):
        answer = _connect(request, subject)
    else:
        answer = _sign_in(request, subject)
    if answer.status_code == 302:
        answer.delete_cookie(COOKIE)
    return answer


def _connect(request: HttpRequest, subject: str) -> HttpResponse:
    issuer = settings.COMPANION_OIDC_ISSUER
    user = User.objects.get(username=request.user.get_username())
    try:
        with transaction.atomic():
            SignIn.objects.update_or_create(
                user=user, defaults={"issuer": issuer, "subject": subject}
            )
    except IntegrityError:
        messages.error(request, _("That account is connected to someone else here."))
    else:
        messages.success(request, _("From now on you can sign in with that account."))
    return HttpResponseRedirect(reverse("admin:index"))


def _sign_in(request: HttpRequest, subject: str) -> HttpResponse:
    found = SignIn.objects.filter(issuer=settings.COMPANION_OIDC_ISSUER, subject=subject)
    user = User.objects.filter(sign_in__in=found, is_active=True, is_staff=True).first()
    if user is None:
        return _refused(request, unknown=True)
    name = {"username": user.get_username()}
    if not AxesProxyHandler.is_allowed(request, name):
        locked: HttpResponse = get_lockout_response(request, credentials=name)
        return locked
    form = CodeForm(request.POST)
    device = next(devices_for_user(user), None)
    if not form.is_valid() or device is None:
        return render(request, "admin/openid.html", _context(request, form=form))
    if not device.verify_token(form.cleaned_data["otp_token"].strip()):
        # Counts as a wrong password does (``axes``).
        user_login_failed.send(sender=__name__, credentials=name, request=request)
        form.add_error("otp_token", _("This code is not right, or was used before."))
        return render(request, "admin/openid.html", _context(request, form=form))
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    otp_login(request, device)
    return HttpResponseRedirect(reverse("admin:index"))


def _callback(request: HttpRequest) -> str:
    there = reverse("admin:openid-callback")
    if settings.COMPANION_PUBLIC_URL:
        return f"{settings.COMPANION_PUBLIC_URL}{there}"
    return request.build_absolute_uri(there)


def _keep(answer: HttpResponse, what: dict[str, Any]) -> None:
    answer.set_signed_cookie(
        COOKIE,
        json.dumps(what),
        salt=_SALT,
        max_age=_SECONDS,
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",  # or the way back would come without it
    )


def _kept(request: HttpRequest) -> dict[str, Any]:
    try:
        text = request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=_SECONDS)
    except BadSignature:
        return {}
    kept: dict[str, Any] = json.loads(text or "{}")  # our own: the signature says so
    return kept


def _refused(request: HttpRequest, *, unknown: bool = False) -> HttpResponse:
    return render(request, "admin/openid.html", _context(request, unknown=unknown), status=403)


def _context(request: HttpRequest, **more: Any) -> dict[str, Any]:
    connects = admin.site.has_permission(request)
    return {**admin.site.each_context(request), "title": "", "connects": connects, **more}


def _only_if_on() -> None:
    if not is_on():
        raise Http404


paths: list[URLPattern] = [
    path("openid/", never_cache(require_safe(begin)), name="openid"),
    path("openid/back/", never_cache(require_safe(callback)), name="openid-callback"),
    path("openid/finish/", never_cache(require_POST(finish)), name="openid-finish"),
]
