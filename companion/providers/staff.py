"""The staff's admin site: password and one-time code, and nothing but hospitals' pages.

Accounts are made by ``manage.py providers officer``, never here, and no table of
anybody else's is shown: an officer cannot reach a letter, which is a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.contrib.auth.signals import user_login_failed
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django_otp import devices_for_user
from django_otp.admin import OTPAdminAuthenticationForm, OTPAdminSite

from companion.content.library import LANGUAGES
from companion.providers.models import Profile

LANGUAGE = "language"
"""Where a session keeps the language that its officer has chosen."""


class LanguageMiddleware:
    """Shows the staff's pages in their language: the one chosen, or else their browser's.

    Their address has no prefix that would name it, as visitors' pages have.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(f"/{settings.COMPANION_ADMIN_PATH}"):
            return self.get_response(request)
        chosen = str(request.session.get(LANGUAGE))
        if chosen not in LANGUAGES:
            chosen = translation.get_language_from_request(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = self.get_response(request)
            response.headers["Content-Language"] = chosen
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
            return response


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

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Straight to the one profile that an officer edits; else to the list of them."""
        own = list(self.own_profiles(request)[:2])
        if len(own) == 1 and not request.user.is_superuser:
            return HttpResponseRedirect(reverse("admin:providers_profile_change", args=[own[0].pk]))
        if own:
            return HttpResponseRedirect(reverse("admin:providers_profile_changelist"))
        answer: HttpResponse = super().index(request, extra_context)
        return answer

    def own_profiles(self, request: HttpRequest) -> QuerySet[Profile]:
        """What whoever has signed in edits."""
        found: QuerySet[Profile] = self.get_model_admin(Profile).get_queryset(request)
        return found.order_by("pk")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from companion.providers import openid

        return [
            path("language/", self.choose_language, name="language"),
            *openid.paths,
            *super().get_urls(),
        ]

    def choose_language(self, request: HttpRequest) -> HttpResponse:
        """Show the staff's pages in another language until they sign out."""
        language = request.POST.get("language", "")
        if request.method == "POST" and language in LANGUAGES and self.has_permission(request):
            request.session[LANGUAGE] = language
        return HttpResponseRedirect(reverse("admin:index"))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().each_context(request)
        elsewhere = settings.COMPANION_OIDC_NAME if settings.COMPANION_OIDC_ISSUER else ""
        return {**context, "staff_languages": LANGUAGES, "sign_in_elsewhere": elsewhere}

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
