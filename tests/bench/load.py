"""Many patients at once, through the front: ``python -m tests.bench.load --help``.

Each looks at pages, gives a scan of 20 MB and prints a letter, with five seconds of
thinking between; all come from one address, as behind a hospital's network, so the front's
limits on one address are lifted as its head says. Prints throughput, the 95th percentile of
each step, errors, and how the servers' memory grew; with several ``--instances``, once for
each number of them. The patients run on the same machine and take their share of it.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from tests.builders import make_multipart, make_study
from tests.front import HOST, Front, make_front
from tests.server import Answer, Server, make_server

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
Visit = list[tuple[str, Callable[[], Answer]]]


@dataclass
class Measured:
    """Milliseconds of each kind of step, what went wrong, and memory every few seconds."""

    seconds: float
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--patients", type=int, default=50)
    parser.add_argument("--instances", type=int, nargs="+", default=[1])
    chosen = parser.parse_args()
    scan = make_multipart((name, data) for name, data in make_study(40))
    print(f"{len(scan[0]) / MB:.1f} MB an upload, {chosen.minutes:g} min each")
    for instances in chosen.instances:
        print(f"{chosen.patients} patients, {instances} instances")
        with (
            tempfile.TemporaryDirectory(dir="/dev/shm") as folder,
            ExitStack() as stack,
        ):
            servers = [
                stack.enter_context(deployed(make_folder(folder, f"server{number}")))
                for number in range(instances)
            ]
            front = stack.enter_context(
                make_front(make_folder(folder, "front"), *servers, known=["127.0.0.1"])
            )
            tell(run(steps(front, scan), chosen.patients, chosen.minutes * 60, servers))


def deployed(folder: Path) -> AbstractContextManager[Server]:
    return make_server(
        folder,
        (),
        DJANGO_SETTINGS_MODULE="companion.settings",
        COMPANION_MODE="production",
        COMPANION_STATIC="source",
        COMPANION_HOSTS=HOST,
        COMPANION_BEHIND_PROXY="on",
    )


def make_folder(inside: str, name: str) -> Path:
    folder = Path(inside) / name
    folder.mkdir()
    return folder


def steps(front: Front, scan: tuple[bytes, str]) -> Visit:
    """What each patient does; done once, so that everything is loaded."""
    visit: Visit = [
        ("page", lambda: front.get("/")),
        ("page", lambda: front.get("/scans/")),
        ("upload of 20 MB", lambda: front.post("/scans/", *scan)),
        ("page", lambda: front.get("/checklists/before/")),
        ("page", lambda: front.get("/letters/opt-out/?place=us")),
        ("letter", lambda: front.post("/letters/opt-out/", LETTER, FORM)),
    ]
    for _, step in visit:
        step()
    return visit


def run(visit: Visit, patients: int, seconds: float, servers: list[Server]) -> Measured:
    measured = Measured(seconds)
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
                measured.wrong.append(f"{kind}: {type(error).__name__}")
            else:
                if status == 200:
                    measured.took[kind].append((time.perf_counter() - began) * 1000)
                else:
                    measured.wrong.append(f"{kind}: {status}")
            ended.wait(choice.uniform(0.5 * THINKING, 1.5 * THINKING))

    people = [threading.Thread(target=patient, args=(number,)) for number in range(patients)]
    for one in people:
        one.start()
    began = time.monotonic()
    until = began + seconds
    while time.monotonic() < until:
        time.sleep(min(10, seconds / 8))
        measured.memory.append(sum(server.worker.memory_info().rss for server in servers))
    ended.set()
    for one in people:
        one.join()
    # What was under way is waited for, and so belongs to the time that the answers took.
    measured.seconds = time.monotonic() - began
    return measured


def tell(measured: Measured) -> None:
    for kind, aim in AIMS.items():
        times = measured.took[kind]
        if len(times) < 2:
            print(f"{kind:16} {len(times):5} times")
            continue
        print(
            f"{kind:16} {len(times):5} times, {60 * len(times) / measured.seconds:6.0f} a minute: "
            f"median {median(times):6.0f} ms, p95 {quantiles(times, n=20)[18]:6.0f} ms "
            f"(aim: under {aim})"
        )
    kinds = {kind: measured.wrong.count(kind) for kind in sorted(set(measured.wrong))}
    print(f"errors: {len(measured.wrong)} {kinds}")
    memory = measured.memory
    quarter = len(memory) // 4 or 1
    first, last = median(memory[:quarter]), median(memory[-quarter:])
    print(
        f"memory of the workers: {first / MB:.0f} MB in the first quarter, "
        f"{last / MB:.0f} MB in the last ({(last / first - 1) * 100:+.1f} %)"
    )


if __name__ == "__main__":
    main()
