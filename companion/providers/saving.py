"""What a file of profiles says, written into the database: all of it or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from companion import clock
from companion.providers import publishing
from companion.providers.models import Profile, Revision
from companion.providers.profiles import content_of
from companion.providers.transfer import MOST_FAULTS, Entry, FileRefused, apply


@dataclass(frozen=True, slots=True)
class Counts:
    made: int
    changed: int
    same: int


def save(entries: list[Entry], by: str, *, publish: bool) -> Counts:
    """Write all entries, or none.

    What the database already says is left as it is, with no entry in the history. A row
    of a public list stays the list's own unless the file says that it was taken over.
    Raises ``FileRefused`` where a number of a public list belongs to another profile.
    """
    slugs = [entry.fields["slug"] for entry in entries]
    with transaction.atomic():
        _refuse_sources(entries)
        known = _by_slug(slugs)
        before = {slug: content_of(profile) for slug, profile in known.items()}
        profiles = []
        for entry in entries:
            profile = known.get(entry.fields["slug"]) or Profile(slug=entry.fields["slug"])
            if apply(profile, entry) and profile.pk:
                profile.save()
            profiles.append(profile)
        Profile.objects.bulk_create(
            [profile for profile in profiles if not profile.pk], batch_size=500
        )
        for profile, entry in zip(profiles, entries, strict=True):
            _answer(profile, entry)
        after = _by_slug(slugs)
        changed = [slug for slug in slugs if content_of(after[slug]) != before.get(slug)]
        Revision.objects.bulk_create(
            [
                Revision(
                    profile=after[slug],
                    kind="imported",
                    made_by=by,
                    content=content_of(after[slug]),
                )
                for slug in changed
            ],
            batch_size=500,
        )
        if publish:
            _publish(entries, after, by)
    made = len(slugs) - len(before)
    return Counts(made, len(changed) - made, len(slugs) - len(changed))


def _by_slug(slugs: list[str]) -> dict[str, Profile]:
    rows = Profile.objects.filter(slug__in=slugs).prefetch_related("answers")
    return {profile.slug: profile for profile in rows}


def _publish(entries: list[Entry], profiles: dict[str, Profile], by: str) -> None:
    """Publish what differs from what patients see; a row of a list stays the list's own."""
    decisions: dict[str, list[Profile]] = {"imported": [], "published": []}
    for entry in entries:
        profile = profiles[entry.fields["slug"]]
        if profile.published != content_of(profile):
            lists_own = profile.source_id and not entry.fields.get("taken_over")
            decisions["imported" if lists_own else "published"].append(profile)
    for kind, decided in decisions.items():
        publishing.publish(decided, by, kind)


def _refuse_sources(entries: list[Entry]) -> None:
    """Two profiles cannot be the same row of a public list."""
    sources = {entry.fields.get("source_id"): entry for entry in entries}
    taken = Profile.objects.filter(source_id__in=[source for source in sources if source])
    faults = [
        f"row {sources[profile.source_id].row}: source_id: {profile.source_id} is {profile.slug}"
        for profile in taken
        if sources[profile.source_id].fields["slug"] != profile.slug
    ]
    if faults:
        raise FileRefused(faults[:MOST_FAULTS])


def _answer(profile: Profile, entry: Entry) -> None:
    for (question, language), (text, on) in entry.answers.items():
        if text:
            answered = date.fromisoformat(on) if on else clock.today()
            profile.answers.update_or_create(
                question=question,
                language=language,
                defaults={"text": text, "answered_on": answered},
            )
        else:
            profile.answers.filter(question=question, language=language).delete()
