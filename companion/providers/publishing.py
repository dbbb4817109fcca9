"""Draft, publish, take down: each writes the history, and publishing moves the edition.

Whoever changes a profile (the admin, the imports) does it through these functions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from companion import clock
from companion.providers.models import REVIEW_EVERY, Edition, Profile, Revision
from companion.providers.profiles import content_of


def saved(profile: Profile, by: str) -> None:
    """Note in the history that the draft was saved as it stands now.

    Saving twice without a change leaves one entry.
    """
    content = content_of(profile)
    latest = profile.revisions.first()
    if latest is None or latest.content != content:
        Revision.objects.create(profile=profile, kind="draft", made_by=by, content=content)


@transaction.atomic
def publish(profiles: Iterable[Profile], by: str, kind: str = "published") -> None:
    """Show the drafts, as they stand now, to patients: one publication.

    ``kind`` is that of the entries in the history; "imported" is nobody's decision, so that
    the public list that a profile was made from may still change it (see ``taken_over``).
    """
    profiles = list(profiles)
    if not profiles:
        return
    number, now = next_edition(), timezone.now()
    for profile in profiles:
        profile.published = content_of(profile)
        profile.published_at = now
        profile.edition = number
    Profile.objects.bulk_update(profiles, ["published", "published_at", "edition"], batch_size=200)
    Revision.objects.bulk_create(
        [
            Revision(profile=profile, kind=kind, made_by=by, content=profile.published, public=True)
            for profile in profiles
        ],
        batch_size=500,
    )


@transaction.atomic
def take_down(profile: Profile, by: str) -> None:
    """Stop showing the profile; the draft and the history stay."""
    profile.edition = next_edition()
    profile.published = None
    profile.published_at = None
    profile.save(update_fields=["published", "published_at", "edition"])
    Revision.objects.create(
        profile=profile,
        kind="unpublished",
        made_by=by,
        content=content_of(profile),
        public=True,
    )


def taken_over() -> set[int]:
    """Keys of the profiles made from a public list that are no longer the list's own.

    Somebody edits them, has looked them through, or has published or taken them down here.
    """
    listed = Profile.objects.exclude(source_id="").order_by()
    theirs = Q(reviewed_on__isnull=False) | Q(published__isnull=True)
    # One question for each table: joined at once, a database that has not yet counted its rows
    # compares all of them with each other.
    decided = Revision.objects.filter(kind__in=("published", "unpublished")).order_by()
    edited = Profile.officers.through.objects.all()
    kept = {
        *decided.exclude(profile__source_id="").values_list("profile_id", flat=True),
        *edited.exclude(profile__source_id="").values_list("profile_id", flat=True),
    }
    return kept | set(listed.filter(theirs).values_list("pk", flat=True))


def mark_reviewed(profile: Profile, by: str, on: date | None = None) -> None:
    """Note that somebody of the hospital has looked the profile through."""
    profile.reviewed_by = by
    profile.reviewed_on = on or clock.today()
    profile.save(update_fields=["reviewed_by", "reviewed_on"])


def next_edition() -> int:
    """The next publication number; its row stays locked until the transaction ends."""
    if not Edition.objects.filter(pk=1).update(number=F("number") + 1):
        Edition.objects.get_or_create(pk=1)
        Edition.objects.filter(pk=1).update(number=F("number") + 1)
    return Edition.objects.values_list("number", flat=True).get(pk=1)


def due(profiles: QuerySet[Profile]) -> QuerySet[Profile]:
    """Those that patients see and that their hospital has not looked through for a year.

    Entries of a public list that no hospital has taken over yet are left out.
    """
    limit = clock.today() - REVIEW_EVERY
    return (
        profiles.filter(published__isnull=False)
        .filter(Q(reviewed_on__isnull=True) | Q(reviewed_on__lte=limit))
        .exclude(reviewed_on__isnull=True, officers__isnull=True, source_id__gt="")
        .order_by("reviewed_on", "name")
        .distinct()
    )
