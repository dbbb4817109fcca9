"""The only tables of our own: what is published of hospitals, and how their staff sign in.

A ``Profile`` row is the draft that a privacy office works on. Publishing copies it,
with its answers, into ``published``; patients' pages read nothing else (through
``companion.providers.profiles``). A ``Breach`` row is an entry of the public list of
breaches, as the operator took it in; a ``SignIn``, a member of staff's account elsewhere.
No row ever says anything of a patient.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companion import clock
from companion.content import law

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise as _StrPromise

REVIEW_EVERY = timedelta(days=365)
"""A profile that nobody has looked at for longer than this is on the reminder list."""

MAX_ANSWER = 1_500
"""Characters of one answer: a phone shows it with its question."""
MAX_NOTE = 4_000


def no_odd_characters(value: str) -> None:
    """Refuse control and direction characters, which can hide or reorder a text."""
    for letter in value:
        if letter not in "\n\r\t" and unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs"}:
            raise ValidationError(
                _("This text holds a character that cannot be seen. Please type it again.")
            )


def not_in_the_future(day: date | None) -> None:
    """Refuse a day that has begun nowhere yet: it is already tomorrow in New Zealand."""
    if day and day > clock.now().date() + timedelta(days=1):
        raise ValidationError(_("This date is in the future."))


def known_jurisdiction(value: str) -> None:
    if value not in law.jurisdictions() or not law.jurisdictions()[value].offered:
        raise ValidationError(_("This is not one of the places whose laws we know."))


def language_list(value: str) -> None:
    code = r"[a-z]{2,3}(-[A-Za-z]{2,4})?"
    if value and not re.fullmatch(f"{code}(, ?{code})*", value):
        raise ValidationError(_("Write language codes with commas: en, es, zh-Hant"))


web_address = URLValidator(schemes=["https", "http"])
region = RegexValidator(r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$", _("Write a code such as US or DE-BY."))


def line(name: _StrPromise | str, **options: Any) -> models.CharField[str, str]:
    """One line of a hospital's own text; blank unless said otherwise."""
    given: dict[str, Any] = {
        "max_length": 200,
        "blank": True,
        "validators": [no_odd_characters],
    } | options
    return models.CharField(name, **given)


def link(name: _StrPromise | str, **options: Any) -> models.CharField[str, str]:
    """An http or https address."""
    return line(name, **({"max_length": 500, "validators": [web_address]} | options))


class Profile(models.Model):
    """One hospital's or practice's public profile: the draft, and what is published."""

    slug = models.SlugField(
        _("permanent address"),
        max_length=80,
        unique=True,
        help_text=_("Part of the links that patients follow. It never changes."),
    )
    name = line(_("name"), blank=False)
    other_names = models.TextField(
        _("other names"),
        blank=True,
        max_length=1_000,
        validators=[MaxLengthValidator(1_000), no_odd_characters],
        help_text=_("One on each line: old names, short names, names of sites."),
    )
    jurisdiction = models.CharField(
        _("law that applies"), max_length=12, validators=[known_jurisdiction]
    )
    holiday_region = models.CharField(_("holidays"), max_length=6, blank=True, validators=[region])
    street = line(_("street"))
    city = line(_("city"))
    state = line(_("state or region"), max_length=80)
    postcode = line(_("postcode"), max_length=20)
    country = models.CharField(_("country"), max_length=2, blank=True, validators=[region])

    office_name = line(_("name of the privacy office"))
    office_address = models.TextField(
        _("postal address of the privacy office"),
        blank=True,
        max_length=600,
        validators=[MaxLengthValidator(600), no_odd_characters],
        help_text=_(
            "Street and town. The names of the hospital and of its office are printed above it. "
            "Where it is empty, the hospital's own is used."
        ),
    )
    email = models.EmailField(_("email"), blank=True)
    phone = line(_("phone"), max_length=40)
    fax = line(_("fax"), max_length=40)
    portal_url = link(_("link to send a portal message"))
    form_url = link(_("“use our form” link"))
    notice_url = link(_("notice of privacy practices"))
    languages = line(
        _("languages"),
        validators=[language_list],
        help_text=_("Codes with commas, the main one first: en, es"),
    )

    secondary_use = models.CharField(
        _("other uses of scans"),
        max_length=8,
        blank=True,
        choices=[
            ("opt-in", _("Only when a patient has said yes")),
            ("opt-out", _("Unless a patient has said no")),
        ],
    )
    retention = models.TextField(
        _("how long scans are kept"),
        blank=True,
        max_length=600,
        validators=[MaxLengthValidator(600), no_odd_characters],
    )
    ai_register_url = link(_("list of AI tools in use"))
    image_exchange = line(_("how scans are sent to other doctors"), max_length=300)
    note = models.TextField(
        _("note to patients"),
        blank=True,
        max_length=MAX_NOTE,
        validators=[MaxLengthValidator(MAX_NOTE), no_odd_characters],
        help_text=_("Markdown. Scripts, styles and pictures are taken out."),
    )

    reviewed_by = line(_("last looked through by"))
    reviewed_on = models.DateField(_("last looked through on"), null=True, blank=True)

    source_id = models.CharField(max_length=40, blank=True, editable=False)
    """The public list and number that an import made the row from (``cms:010001``)."""
    published = models.JSONField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    edition = models.PositiveBigIntegerField(default=0, db_index=True, editable=False)
    """Number of the publication that last touched the row: see ``Edition``."""
    officers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("privacy officers"),
        blank=True,
        related_name="profiles",
    )

    class Meta:
        verbose_name = _("hospital")
        verbose_name_plural = _("hospitals")
        ordering = ("name", "slug")
        constraints = (
            models.UniqueConstraint(
                fields=["source_id"], condition=~Q(source_id=""), name="one_row_per_source"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Answer(models.Model):
    """The hospital's own words on one question of the checklists, in one language."""

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=4)
    language = models.CharField(max_length=8)
    text = models.TextField(
        max_length=MAX_ANSWER, validators=[MaxLengthValidator(MAX_ANSWER), no_odd_characters]
    )
    answered_on = models.DateField()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("profile", "question", "language")
        constraints = (
            models.UniqueConstraint(
                fields=["profile", "question", "language"], name="one_answer_per_language"
            ),
        )

    def __str__(self) -> str:
        return f"{self.question} ({self.language})"


class Revision(models.Model):
    """The history: what a profile said after each change, who made it, and when."""

    KINDS = (
        ("draft", _("Draft saved")),
        ("published", _("Published")),
        ("unpublished", _("Taken down")),
        ("imported", _("Imported")),
    )

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="revisions")
    kind = models.CharField(max_length=12, choices=KINDS)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=150, blank=True)
    """The staff member's user name, as it was; an import names its command."""
    content = models.JSONField()
    public = models.BooleanField(default=False)
    """Whether patients' page became this: published, imported to be seen, or taken down."""

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("history")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.made_at:%Y-%m-%d}"


class SignIn(models.Model):
    """An account elsewhere with which a member of staff signs in (OpenID Connect)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_in")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    """Who it is, in the issuer's own numbering: neither a name nor an address."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_each"),
        )

    def __str__(self) -> str:
        return str(self.user)


class Edition(models.Model):
    """One row that counts publications, so that every worker notices a new one.

    Its row lock puts publications in the order in which they are committed; a clock
    would not, and a search index could miss one.
    """

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Breach(models.Model):
    """One entry of the public list of breaches (45 CFR 164.408): 500 people or more.

    As the list has it; ``companion.providers.breach_list`` says what is tidied.
    """

    name = models.CharField(max_length=300)
    """Who told of it: a hospital, a plan, or a vendor that works for them."""
    state = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    """What the one who told of it is: ``Healthcare Provider``, ``Business Associate``."""
    people = models.PositiveIntegerField(null=True)
    """How many people were affected, as they told; None where the list is silent."""
    told_on = models.DateField()
    """The day on which they told of it: often months after it happened."""
    types = models.JSONField(default=list)
    """What happened: ``["Hacking/IT Incident", "Theft"]``."""
    locations = models.JSONField(default=list)
    """Where the data were: ``["Email", "Network Server"]``."""
    business_associate = models.BooleanField(null=True)
    """Whether a company that works for them was involved; None where the list is silent."""
    description = models.TextField(blank=True)
    key = models.CharField(max_length=340, db_index=True)
    """Name, state and day, folded: entries that a newer download may replace."""

    class Meta:
        ordering = ("-told_on", "name", "pk")

    def __str__(self) -> str:
        return f"{self.name} {self.told_on}"


class BreachList(models.Model):
    """One row about the list as a whole."""

    stamp = models.CharField(max_length=32, blank=True)
    """Another after each import, in whatever copy of the database it took place."""
    day = models.DateField(null=True)
    """The day of the newest download, or of its newest entry where no other was named."""
    made_up = models.BooleanField(default=False)
    """The entries are those of the demo."""

    def __str__(self) -> str:
        return str(self.day)
