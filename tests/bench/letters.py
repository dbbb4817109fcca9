"""How fast letters are: ``python -m tests.bench.letters``.

Prints the server's time for a preview, a PDF of two pages warm and against the
bare WeasyPrint call on the same HTML, and the health check while 20 people
preview at once. Ratios count; absolute times are this machine's.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from statistics import median, quantiles

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.test import Client  # noqa: E402

from companion.letters import pdf  # noqa: E402
from companion.web import pdf_pool  # noqa: E402
from companion.web.letters.printed import letter_html  # noqa: E402
from tests.letters.builders import make_answers, make_letter  # noqa: E402

ADDRESS = "/letters/get-my-images/"


def timed(call: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each call; the first one is warming up and left out."""
    found = []
    for _ in range(times + 1):
        began = time.perf_counter()
        call()
        found.append((time.perf_counter() - began) * 1000)
    return found[1:]


def preview() -> None:
    form = {
        name: "\n".join(value) if isinstance(value, list) else value
        for name, value in make_answers().items()
    }
    answer = Client().post(
        ADDRESS,
        {**form, "place": "us", "do": "preview"},
        headers={"HX-Request": "true", "Host": "localhost"},
    )
    assert answer.status_code == 200


def main() -> None:
    previews = timed(preview, 20)
    print(f"preview              {median(previews):7.1f} ms   (aim: under 100)")

    html = letter_html(make_letter())
    bare = timed(lambda: pdf.render(html, language="en"), 7)
    print(f"bare WeasyPrint      {median(bare):7.1f} ms")
    printed = timed(lambda: pdf_pool.print_pdf(html, language="en"), 7)
    ratio = median(printed) / median(bare)
    print(f"PDF of two pages     {median(printed):7.1f} ms   (aim: under 400), {ratio:.2f} x bare")

    stop = threading.Event()

    def person() -> None:
        while not stop.is_set():
            preview()
            stop.wait(0.5)  # a fast typist's pause, the page waits as long itself

    people = [threading.Thread(target=person) for _ in range(20)]
    for one in people:
        one.start()
    health = timed(lambda: Client().get("/healthz", headers={"Host": "localhost"}), 50)
    stop.set()
    for one in people:
        one.join()
    print(
        f"health check, 20 previewing: p95 {quantiles(health, n=20)[18]:7.1f} ms (aim: under 200)"
    )
    pdf_pool.close()


if __name__ == "__main__":
    main()
