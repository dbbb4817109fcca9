"""How a privacy office edits its own profile: draft, answer sheet, preview, publish.

An officer (staff, not superuser) reaches the profiles that name them and no other; an
operator (superuser) reaches all. Nobody deletes: a link that patients have stays true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companion.content.library import LANGUAGES, SOURCE
from companion.providers import history, page, profiles, publishing, transfer
from companion.providers.forms import ProfileForm, SheetForm
from companion.providers.models import Profile

if TYPE_CHECKING:
    ProfileAdminBase = admin.ModelAdmin[Profile]
else:
    ProfileAdminBase = admin.ModelAdmin


class ShownFilter(admin.SimpleListFilter):
    """By what patients see, and the reminder list."""

    title = gettext_lazy("shown to patients")
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("yes", _("Shown")),
            ("no", _("Not shown")),
            ("due", _("Not looked through for a year")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Profile]) -> QuerySet[Profile]:
        if self.value() == "due":
            return publishing.due(queryset)
        if self.value() in {"yes", "no"}:
            return queryset.filter(published__isnull=self.value() == "no")
        return queryset


@admin.register(Profile)
class ProfileAdmin(ProfileAdminBase):
    """The draft's form, and the pages around it."""

    form = ProfileForm
    change_form_template = "admin/profile_form.html"
    list_display = ("name", "city", "state", "shown", "reviewed_on")
    list_filter = (ShownFilter,)
    search_fields = ("name", "city", "slug")
    filter_horizontal = ("officers",)
    actions = None
    save_on_top = True
    fieldsets = (
        (None, {"fields": ("slug", "name", "other_names", "officers")}),
        (
            gettext_lazy("Where it is"),
            {
                "fields": (
                    "jurisdiction", "holiday_region", "street", "city", "state", "postcode",
                    "country",
                )
            },
        ),
        (
            gettext_lazy("Privacy office"),
            {
                "fields": (
                    "office_name", "office_address", "email", "phone", "fax", "portal_url",
                    "form_url", "languages",
                )
            },
        ),
        (
            gettext_lazy("What you say about scans"),
            {
                "fields": (
                    "notice_url", "secondary_use", "retention", "ai_register_url",
                    "image_exchange", "note",
                )
            },
        ),
        (gettext_lazy("Looked through"), {"fields": ("reviewed_by", "reviewed_on")}),
    )  # fmt: skip

    @admin.display(boolean=True, description=gettext_lazy("shown to patients"))
    def shown(self, profile: Profile) -> bool:
        return profile.published is not None

    # --- Who may do what ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Profile]:
        all_of_them = super().get_queryset(request)
        if operator(request):
            return all_of_them
        return all_of_them.filter(officers__pk=request.user.pk or 0)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True  # the site has let nobody in but staff

    def has_view_permission(self, request: HttpRequest, obj: Profile | None = None) -> bool:
        return (
            obj is None
            or operator(request)
            or obj.officers.filter(pk=request.user.pk or 0).exists()
        )

    def has_change_permission(self, request: HttpRequest, obj: Profile | None = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return operator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Profile | None = None) -> bool:
        return False

    def get_readonly_fields(
        self, request: HttpRequest, obj: Profile | None = None
    ) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Profile | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if operator(request):
            return fieldsets
        first = (None, {"fields": ("slug", "name", "other_names")})
        return (first, *fieldsets[1:])

    # --- Saving the draft ---

    def save_related(
        self, request: HttpRequest, form: ModelForm[Profile], formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        publishing.saved(form.instance, request.user.get_username())

    def response_change(self, request: HttpRequest, obj: Profile) -> HttpResponse:
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("admin:profile-preview", args=[obj.pk]))
        return super().response_change(request, obj)

    # --- The pages around it ---

    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view
        return [
            path("<int:pk>/sheet/<str:language>/", own(self.sheet), name="profile-sheet"),
            path("<int:pk>/preview/", own(self.preview), name="profile-preview"),
            path("<int:pk>/export/<str:kind>/", own(self.export), name="profile-export"),
            path("<int:pk>/publish/", own(self.publish), name="profile-publish"),
            path("<int:pk>/take-down/", own(self.take_down), name="profile-take-down"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "languages": LANGUAGES}
        )

    def sheet(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """The answer sheet in one language."""
        profile = self._own(request, pk)
        if language not in LANGUAGES:
            raise Http404
        form = SheetForm(profile, language, request.POST if request.method == "POST" else None)
        if form.is_valid():
            with transaction.atomic():
                form.save()
                publishing.saved(profile, request.user.get_username())
            messages.success(request, _("The answers are saved in the draft."))
            name = "profile-preview" if "_preview" in request.POST else "profile-sheet"
            args = [pk] if name == "profile-preview" else [pk, language]
            return HttpResponseRedirect(reverse(f"admin:{name}", args=args))
        return self._page(
            request, "admin/profile_sheet.html", profile, _("Answer sheet"),
            form=form, language=language, sheet_languages=LANGUAGES,
        )  # fmt: skip

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The draft as patients would see it, in either language."""
        profile = self._own(request, pk)
        language = request.GET.get("language", "")
        language = language if language in LANGUAGES else (translation.get_language() or SOURCE)
        draft = profiles.from_content(profile.slug, profiles.content_of(profile))
        profiles.arrive(request, draft)
        with translation.override(language):
            context = page.context(draft, language)
            context |= {"preview": True, "profile": profile, "preview_languages": LANGUAGES}
            return render(request, "providers/profile.html", context)

    def export(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """The draft as a file that ``providers import`` reads, here or in another copy."""
        profile = self._own(request, pk)
        if kind not in transfer.WRITERS:
            raise Http404
        file = transfer.WRITERS[kind](transfer.contents([profile], drafts=True))
        return HttpResponse(
            file,
            content_type=f"text/{'csv' if kind == 'csv' else 'plain'}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="hospital.{kind}"'},
        )

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then show the draft to patients."""
        profile = self._own(request, pk)
        if request.method == "POST":
            who = request.user.get_username()
            if request.POST.get("reviewed"):
                # It is this person who says so, whoever did the last time.
                full = request.user.get_full_name() if request.user.is_authenticated else ""
                publishing.mark_reviewed(profile, full or who)
            publishing.publish([profile], who)
            messages.success(request, _("Patients see this version now."))
            return HttpResponseRedirect(reverse("admin:providers_profile_change", args=[pk]))
        return self._page(
            request, "admin/profile_publish.html", profile, _("Publish"),
            changes=history.unpublished(profile),
        )  # fmt: skip

    def take_down(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then stop showing the profile; its link explains itself kindly."""
        profile = self._own(request, pk)
        if request.method == "POST":
            publishing.take_down(profile, request.user.get_username())
            messages.success(request, _("Patients no longer see this profile."))
            return HttpResponseRedirect(reverse("admin:providers_profile_change", args=[pk]))
        return self._page(request, "admin/profile_take_down.html", profile, _("Take down"))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every change, or those that patients saw: who made it, when, and what reads otherwise."""
        if not object_id.isdecimal():
            raise Http404
        profile = self._own(request, int(object_id))
        return self._page(
            request, "admin/profile_history.html", profile, _("History"),
            entries=history.of(profile, public="public" in request.GET),
            public="public" in request.GET,
        )  # fmt: skip

    def _own(self, request: HttpRequest, pk: int) -> Profile:
        profile = get_object_or_404(Profile, pk=pk)
        if not self.has_change_permission(request, profile):
            raise PermissionDenied
        return profile

    def _page(
        self, request: HttpRequest, template: str, profile: Profile, title: str, **context: Any
    ) -> HttpResponse:
        return render(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "profile": profile,
                "title": title,
                **context,
            },
        )


def operator(request: HttpRequest) -> bool:
    """Whoever runs the companion, as opposed to one hospital's officer."""
    return bool(getattr(request.user, "is_superuser", False))
