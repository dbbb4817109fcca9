"""Fifty patients at once, through the front: ``python -m tests.bench.load [MINUTES]``.

Each looks at pages, gives a scan of 20 MB and prints a letter, with five seconds of
thinking between; all come from one address, as behind a hospital's network. Prints the
95th percentile of each step, errors, and how the server's memory grew. The patients run
on the same machine and take their share of it.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from tests.builders import make_multipart, make_study
from tests.front import HOST, Front, make_front
from tests.server import Answer, Server, make_server

PATIENTS = 50
THINKING = 5.0
MB = 1024 * 1024
LETTER = urlencode(
    {
        "place": "us",
        "name": "Ann Roe",
        "contact": "1 Elm Street",
        "recipient_name": "Hill Hospital",
        "study_list": "CT chest, March 3, 2026",
        "uses": "ai",
        "do": "pdf",
    }
).encode()
FORM = "application/x-www-form-urlencoded"
AIMS = {"page": 300, "upload of 20 MB": 3_000, "letter": 2_000}


def main() -> None:
    seconds = float(sys.argv[1] if len(sys.argv) > 1 else 10) * 60
    scan = make_multipart((name, data) for name, data in make_study(40))
    with (
        tempfile.TemporaryDirectory(dir="/dev/shm") as folder,
        make_server(
            make_folder(folder, "server"),
            DJANGO_SETTINGS_MODULE="companion.settings",
            COMPANION_MODE="production",
            COMPANION_STATIC="source",
            COMPANION_HOSTS=HOST,
            COMPANION_BEHIND_PROXY="on",
        ) as server,
        make_front(make_folder(folder, "front"), server) as front,
    ):
        visit: list[tuple[str, Callable[[], Answer]]] = [
            ("page", lambda: front.get("/")),
            ("page", lambda: front.get("/scans/")),
            ("upload of 20 MB", lambda: front.post("/scans/", *scan)),
            ("page", lambda: front.get("/checklists/before/")),
            ("page", lambda: front.get("/letters/opt-out/?place=us")),
            ("letter", lambda: front.post("/letters/opt-out/", LETTER, FORM)),
        ]
        for _, step in visit:
            step()
        print(f"{len(scan[0]) / MB:.1f} MB an upload, {PATIENTS} patients, {seconds / 60:g} min")
        tell(*run(visit, seconds, server, front))


def make_folder(inside: str, name: str) -> Path:
    folder = Path(inside) / name
    folder.mkdir()
    return folder


def run(
    visit: list[tuple[str, Callable[[], Answer]]], seconds: float, server: Server, front: Front
) -> tuple[dict[str, list[float]], list[str], list[int]]:
    """Milliseconds of each kind of step, what went wrong, and memory every ten seconds."""
    took: dict[str, list[float]] = defaultdict(list)
    wrong: list[str] = []
    ended = threading.Event()

    def patient(number: int) -> None:
        choice = random.Random(number)
        place = number % len(visit)
        ended.wait(choice.uniform(0, THINKING))
        while not ended.is_set():
            kind, step = visit[place]
            place = (place + 1) % len(visit)
            began = time.perf_counter()
            try:
                status = step().status
            except OSError as error:
                wrong.append(f"{kind}: {type(error).__name__}")
            else:
                took[kind].append((time.perf_counter() - began) * 1000)
                if status != 200:
                    wrong.append(f"{kind}: {status}")
            ended.wait(choice.uniform(0.5 * THINKING, 1.5 * THINKING))

    people = [threading.Thread(target=patient, args=(number,)) for number in range(PATIENTS)]
    for one in people:
        one.start()
    memory = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(10)
        memory.append(server.worker.memory_info().rss)
    ended.set()
    for one in people:
        one.join()
    return took, wrong, memory


def tell(took: dict[str, list[float]], wrong: list[str], memory: list[int]) -> None:
    for kind, aim in AIMS.items():
        times = took[kind]
        print(
            f"{kind:16} {len(times):5} times: median {median(times):6.0f} ms, "
            f"p95 {quantiles(times, n=20)[18]:6.0f} ms (aim: under {aim})"
        )
    print(f"errors: {len(wrong)} {sorted(set(wrong))}")
    first, last = (
        median(memory[: len(memory) // 4 or 1]),
        median(memory[-(len(memory) // 4 or 1) :]),
    )
    print(
        f"memory of the worker: {first / MB:.0f} MB in the first quarter, "
        f"{last / MB:.0f} MB in the last ({(last / first - 1) * 100:+.1f} %)"
    )


if __name__ == "__main__":
    main()
