"""How long a search of the list of breaches takes at 10,000 entries.

    python -m tests.bench.breach_search

uses the database that the settings name (``DATABASE_URL`` for PostgreSQL) inside a
transaction that is rolled back, and prints the times in milliseconds.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from datetime import date, timedelta

from tests.bench.search import QUERIES


def fill(entries: int = 10_000) -> None:
    """Made-up entries: the words of hospitals, plans and companies."""
    from companion.providers import breach_list
    from companion.providers.models import Breach

    dice = random.Random(12)
    first = [
        "Mercy", "River", "Valley", "Saint", "Mary", "Mount", "Sinai", "General", "Community",
        "Memorial", "Lakes", "North", "South", "Jefferson", "Lincoln", "University", "Regional",
        "Childrens", "Baptist", "Sacred", "Heart", "Grace", "Blue", "United", "Premier",
    ]  # fmt: skip
    last = (
        "Hospital", "Medical Center", "Clinic", "Health System, Inc.", "Imaging", "Radiology, P.C.",
        "Health Plan", "Dental Care", "Orthopaedics, LLC", "Data Services d/b/a FileKeeper",
    )  # fmt: skip
    syllables = ["bos", "ton", "spring", "field", "san", "ta", "ro", "chest", "er", "ak", "ron"]
    rows = []
    for number in range(entries):
        town = "".join(dice.choices(syllables, k=dice.randint(2, 4))).title()
        name = f"{' '.join(dice.sample(first, dice.randint(1, 3)))} {dice.choice(last)} {town}"
        day = date(2010, 1, 1) + timedelta(days=dice.randint(0, 5_800))
        rows.append(
            Breach(
                name=name,
                state=dice.choice(["AL", "CA", "FL", "MA", "NY", "OH", "TX", "WA"]),
                kind="Healthcare Provider",
                people=dice.randint(500, 900_000),
                told_on=day,
                types=["Theft"],
                locations=["Laptop"],
                description="A laptop was stolen from a car. " * 20,
                key=f"{name}|{number}",
            )
        )
    breach_list.save(rows, replace=True)


def measure(rounds: int = 5) -> dict[str, float]:
    """Milliseconds: the first search (reads the list), p50, p95, and the slowest query."""
    from companion.providers.breach_search import Index

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
