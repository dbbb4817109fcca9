"""How long a search for a hospital takes at 10,000 profiles.

    python -m tests.bench.search

uses the database that the settings name (``DATABASE_URL`` for PostgreSQL) inside a
transaction that is rolled back, and prints the times in milliseconds.
"""

from __future__ import annotations

import os
import random
import statistics
import time

QUERIES = [
    "mercy", "mercy general", "st mary", "saint marys springfield", "massachusets general",
    "brigham", "hospitl boston", "02114", "0211", "clinica nino jesus", "h", "ma", "hosp",
    "univercity medical", "texas childrens", "san jose", "river valley memoral", "zzzzqqq",
    "mount sinai new york", "comunity hospital of the lakes north dakota",
]  # fmt: skip


def fill(profiles: int = 10_000) -> None:
    """Made-up hospitals, published, in one edition."""
    from companion.providers.models import Edition, Profile
    from companion.providers.profiles import TEXT_FIELDS

    dice = random.Random(11)
    first = [
        "Mercy", "River", "Valley", "Saint", "Mary", "Mount", "Sinai", "General", "Community",
        "Memorial", "Lakes", "North", "South", "Jefferson", "Lincoln", "University", "Regional",
        "Childrens", "Baptist", "Sacred", "Heart", "Grace",
    ]  # fmt: skip
    last = ("Hospital", "Medical Center", "Clinic", "Health System", "Imaging", "Radiology")
    syllables = [
        "bos", "ton", "spring", "field", "river", "san", "ta", "ro", "chest", "er", "ak", "ron",
        "mil", "wau", "kee", "ham", "den",
    ]  # fmt: skip
    cities = ["".join(dice.choices(syllables, k=dice.randint(2, 4))).title() for _ in range(2_500)]
    states = ["AL", "AZ", "CA", "FL", "IL", "MA", "MN", "ND", "NY", "OH", "PA", "TX", "WA"]
    rows = []
    for number in range(profiles):
        name = f"{' '.join(dice.sample(first, dice.randint(1, 3)))} {dice.choice(last)}"
        published = dict.fromkeys(TEXT_FIELDS, "") | {
            "name": name,
            "city": dice.choice(cities),
            "state": dice.choice(states),
            "postcode": f"{dice.randint(1000, 99950):05d}",
            "jurisdiction": "us",
            "reviewed_on": "",
            "answers": {},
        }
        rows.append(
            Profile(
                slug=f"made-up-{number}",
                name=name,
                jurisdiction="us",
                published=published,
                edition=1,
            )
        )
    Profile.objects.bulk_create(rows, batch_size=500)
    Edition.objects.update_or_create(pk=1, defaults={"number": 1})


def measure(rounds: int = 5) -> dict[str, float]:
    """Milliseconds: the first search (reads all profiles), p50, p95, and the slowest query.

    The slowest query counts by the best of its rounds: what it takes on a machine that
    others leave alone for a moment.
    """
    from companion.providers.search import Index

    index = Index()
    started = time.perf_counter()
    index.search("warm up")
    first = (time.perf_counter() - started) * 1000
    times = []
    best = dict.fromkeys(QUERIES, float("inf"))
    for _ in range(rounds):
        for query in QUERIES:
            started = time.perf_counter()
            index.search(query)
            times.append((time.perf_counter() - started) * 1000)
            best[query] = min(best[query], times[-1])
    return {
        "first": round(first, 1),
        "p50": round(statistics.median(times), 2),
        "p95": round(statistics.quantiles(times, n=20)[-1], 2),
        "slowest": round(max(best.values()), 2),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "companion.settings")
    import django

    django.setup()
    from django.db import connection, transaction

    with transaction.atomic():
        fill()
        print(connection.vendor, measure())
        transaction.set_rollback(True)
