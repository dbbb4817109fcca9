"""The staff's admin site: password and one-time code, and nothing but hospitals' pages.

Accounts are made by ``manage.py providers officer``, never here, and no table of
anybody else's is shown: an officer cannot reach a letter, which is a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.auth.signals import user_login_failed
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django_otp import devices_for_user
from django_otp.admin import OTPAdminAuthenticationForm, OTPAdminSite


class SignInForm(OTPAdminAuthenticationForm):  # type: ignore[misc]  # no types there
    """User name, password and the code that the officer's app shows."""

    otp_token = forms.CharField(
        required=False,
        label=_("Code from your app"),
        help_text=_("Six digits. They change every 30 seconds."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "size": "8"}
        ),
    )

    def clean_otp(self, user: Any) -> None:
        """Check the code; a wrong one counts as a wrong password does (``axes``)."""
        try:
            super().clean_otp(user)
        except forms.ValidationError:
            # No code at all is a slip of the hand: nothing was tried.
            if self.cleaned_data.get("otp_token"):
                name = {"username": self.cleaned_data.get("username")}
                user_login_failed.send(sender=__name__, credentials=name, request=self.request)
            raise

    def _chosen_device(self, user: Any) -> Any:
        # Each account has one device (``accounts.enrol``), so there is none to choose.
        return next(devices_for_user(user, for_verify=True), None)


class StaffSite(OTPAdminSite):  # type: ignore[misc]
    """Django's admin, entered with a password and a one-time code."""

    site_header = _("Hospitals’ own pages")
    site_title = _("Hospitals’ own pages")
    index_title = _("Your hospital")
    site_url = "/"
    enable_nav_sidebar = False
    login_form = SignInForm
    login_template = "admin/sign_in.html"

    def __init__(self, name: str = "admin") -> None:
        # OTPAdminSite names itself "otpadmin"; templates and reverse() expect "admin".
        super().__init__(name)

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Take in our own tables only; other apps offer theirs unasked."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        ours = [model for model in models if model._meta.app_label == "providers"]
        if ours:
            super().register(ours, admin_class, **options)
