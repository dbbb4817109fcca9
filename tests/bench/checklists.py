"""How heavy and how quick the checklists' pages and their printed sheets are.

    python -m tests.bench.checklists

prints, for each page, the bytes of a first visit over the wire (page, styles and
scripts, gzipped as they are served) and the median server time; and for each sheet the
median time of a warm press. Limits of issue: 60 kB, 50 ms, 400 ms.
"""

from __future__ import annotations

import gzip
import os
import re
import statistics
import time
from typing import Any

ALL_ANSWERED = {"do": "all", "scan": "ct", "body": "head", "on": "2030-03-04", "place": "us"}
PAGES: dict[str, tuple[str, dict[str, Any] | None]] = {
    "first page": ("/checklists/", None),
    "before, whole list": ("/checklists/before/", None),
    "before, in Spanish": ("/es/checklists/before/", None),
    "before, show all": ("/checklists/before/", ALL_ANSWERED),
    "before, one at a time": ("/checklists/before/", {"do": "one"}),
    "after": ("/checklists/after/", None),
    "words to look for": ("/checklists/phrases/", None),
    "the plan": (
        "/checklists/before/plan/",
        {"answer-B1": "no-answer", "answer-B3": "unclear", "answer-B13": "refused"},
    ),
}


def weight(client: Any, page: bytes) -> int:
    """Bytes of a first visit: the page and every style, script and picture it names."""
    from django.contrib.staticfiles import finders

    total = len(gzip.compress(page))
    for name in set(re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode())):
        found = finders.find(name)
        assert found, name
        with open(found, "rb") as file:
            total += len(gzip.compress(file.read()))
    return total


def timed(work: Any, times: int) -> float:
    """Median milliseconds of ``work``, after one run to warm up."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def main() -> None:
    from django.test import Client

    from companion.web import pdf_pool
    from companion.web.checklists import printed

    client = Client(HTTP_HOST="localhost")
    print(f"{'page':24} {'wire kB':>8} {'ms':>7}")
    for name, (address, form) in PAGES.items():

        def visit(address: str = address, form: dict[str, Any] | None = form) -> bytes:
            response = client.get(address) if form is None else client.post(address, form)
            assert response.status_code == 200, (address, response.status_code)
            return bytes(response.content)

        print(f"{name:24} {weight(client, visit()) / 1000:8.1f} {timed(visit, 30):7.1f}")
    print(f"\n{'sheet':24} {'':>8} {'ms':>7}")
    sheets = {
        "list, English": printed.checklist_html("before", ["en"]),
        "list, both languages": printed.checklist_html("before", ["en", "es"]),
        "list, large print": printed.checklist_html("before", ["en"], large=True),
        "wallet card": printed.wallet_card_html(["en"]),
    }
    for name, page in sheets.items():
        taken = timed(lambda page=page: pdf_pool.print_pdf(page, language="en"), 7)
        print(f"{name:24} {'':>8} {taken:7.0f}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    main()
