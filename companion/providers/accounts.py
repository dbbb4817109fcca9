"""Accounts of staff: made, renewed and switched off by whoever runs the companion."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from companion.providers.models import Profile, SignIn


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the operator hands to the officer, once; nobody can read it again."""

    name: str
    password: str = field(repr=False)
    secret_link: str = field(repr=False)
    """The ``otpauth://`` address that an authenticator app reads as a QR code."""


@transaction.atomic
def enrol(name: str, profiles: list[Profile], *, operator: bool = False) -> Credentials:
    """Make an account, or renew one: new password, new second factor, these profiles.

    An account elsewhere (``openid``) that was connected to it is so no longer.

    An operator edits all profiles, an officer only those given.
    """
    user, _made = User.objects.get_or_create(username=name)
    password = secrets.token_urlsafe(15)
    user.set_password(password)
    user.is_staff = user.is_active = True
    user.is_superuser = operator
    user.save()
    TOTPDevice.objects.filter(user=user).delete()
    SignIn.objects.filter(user=user).delete()
    device = TOTPDevice.objects.create(user=user, name="app", confirmed=True)
    user.profiles.set(profiles)
    return Credentials(name, password, device.config_url)


@transaction.atomic
def switch_off(name: str) -> bool:
    """Let nobody in by this name any longer; False when there is no such account."""
    user = User.objects.filter(username=name).first()
    if user is None:
        return False
    user.is_active = False
    user.set_unusable_password()
    user.save()
    TOTPDevice.objects.filter(user=user).delete()
    SignIn.objects.filter(user=user).delete()
    user.profiles.clear()
    return True
