"""The page ends of every letter in every place and language, with made-up answers.

    python -m tests.bench.page_ends [PLACE ...]

prints each letter whose page ends or begins with something left alone, and counts them.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import date

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from companion.content import law  # noqa: E402
from companion.letters import pdf, samples  # noqa: E402
from companion.letters.catalogue import catalogue  # noqa: E402
from companion.web.letters.printed import letter_html  # noqa: E402
from tests.letters.page_ends import bad_breaks, every_letter  # noqa: E402


def faults(one: tuple[str, str, str]) -> list[str]:
    """What is wrong with one letter: its slug, place and language."""
    slug, place, language = one
    spec, jurisdiction = catalogue().letters[slug], law.jurisdictions()[place]
    letter = samples.sample(catalogue(), spec, jurisdiction, language, date(2026, 11, 21))
    return bad_breaks(pdf.render(letter_html(letter), language=language), letter)


def main() -> None:
    places = sys.argv[1:]
    asked = [
        (spec.slug, jurisdiction.id, language)
        for spec, jurisdiction, language in every_letter()
        if not places or jurisdiction.id in places
    ]
    kinds: Counter[str] = Counter()
    with ProcessPoolExecutor(2) as workers:
        for one, found in zip(asked, workers.map(faults, asked, chunksize=4), strict=True):
            if found:
                print(*one, *found, sep="  ")
            kinds["bad" if found else "good"] += 1
    print(f"{len(asked)} letters, {kinds['bad']} with a bad page end")


if __name__ == "__main__":
    main()
