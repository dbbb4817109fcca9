"""Several instances behind one front: whatever a visitor does may go to any of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.front import HOST, Front, make_front
from tests.server import ROOT, Server, make_server

FORM = "application/x-www-form-urlencoded"
PRODUCTION = {
    "COMPANION_MODE": "production",
    "COMPANION_STATIC": "source",
    "COMPANION_HOSTS": HOST,
    "COMPANION_BEHIND_PROXY": "on",
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all instances share."""
    file = str(tmp_path_factory.mktemp("database") / "companion.sqlite3")
    manage(file, "migrate", "--verbosity", "0")
    return file


@pytest.fixture(scope="module")
def instances(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[list[Server]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                make_server(
                    tmp_path_factory.mktemp("instance"), (),
                    **PRODUCTION, COMPANION_ADMIN="off", COMPANION_DATABASE=database,
                )
            )
            for _ in range(2)
        ]  # fmt: skip


@pytest.fixture
def front(tmp_path: Path, instances: list[Server]) -> Iterator[Front]:
    with make_front(tmp_path, *instances) as made:
        yield made


def manage(database: str, *command: str) -> None:
    variables = {
        "COMPANION_DATABASE": database,
        "COMPANION_MODE": "local",
        "COMPANION_ADMIN": "off",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | variables | {"DJANGO_SETTINGS_MODULE": "companion.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def finds(front: Front, words: str) -> bool:
    answer = front.post("/at/", urlencode({"q": words}).encode(), FORM)
    assert answer.status == 200
    return "Halden Valley" in answer.text


def test_a_hospital_is_found_on_every_instance_a_second_after_it_was_published(
    front: Front, database: str, tmp_path: Path
) -> None:
    assert not any(finds(front, "halden") for _ in range(4))  # each has made its index
    file = tmp_path / "hospitals.csv"
    file.write_text("slug,name,jurisdiction\nhalden-valley,Halden Valley,us\n")
    manage(database, "providers", "import", str(file), "--publish")
    time.sleep(1)

    assert all(finds(front, "halden") for _ in range(8))


def test_a_report_of_one_instance_is_opened_and_saved_by_another(front: Front) -> None:
    page = front.post("/scans/sample/", b"", FORM)
    report = re.search(r'name="report" value="([^"]+)"', page.text)
    assert report
    for _ in range(4):
        fields = urlencode({"report": report[1], "as": "json"}).encode()
        answer = front.post("/scans/save/", fields, FORM)
        assert answer.status == 200
        assert json.loads(answer.body)["format"] == "companion-report"


def test_an_instance_that_is_away_costs_no_visitor_a_page(
    front: Front, tmp_path: Path, instances: list[Server]
) -> None:
    gone = Server(instances[0].process, 9, instances[0].output)
    (tmp_path / "other").mkdir()
    with make_front(tmp_path / "other", gone, *instances) as partly:
        assert [partly.get("/letters/").status for _ in range(12)] == [200] * 12


def test_the_rate_limit_counts_for_all_instances_together(front: Front) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: front.get("/scans/open/"), range(900)))
    took = time.monotonic() - began
    statuses = Counter(answer.status for answer in answers)

    refused = [answer for answer in answers if answer.status == 429]
    # Ten a second, and three hundred more at once.
    assert len(answers) - len(refused) <= 300 + 10 * took + 10
    assert refused or took > 60, statuses
    assert all("Nothing was kept" in answer.text for answer in refused)


def test_during_an_update_each_page_finds_the_static_files_of_its_own_version(
    tmp_path: Path, database: str
) -> None:
    with ExitStack() as stack:
        versions = []
        for name, colour in (("old", b"red"), ("new", b"blue")):
            source, folder = tmp_path / name / "source", tmp_path / name / "printed"
            (source / "css").mkdir(parents=True)
            folder.mkdir()
            (source / "css/only-here.css").write_bytes(b"p { color: %s }" % colour)
            variables = PRODUCTION | {
                "COMPANION_ADMIN": "off",
                "COMPANION_STATIC": "collected",
                "COMPANION_DATABASE": database,
                "DJANGO_SETTINGS_MODULE": "tests.web.versions",
                "COMPANION_TEST_VERSION": str(tmp_path / name),
            }
            collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
            subprocess.run(collect, cwd=ROOT, env=os.environ | variables, check=True)
            versions.append(stack.enter_context(make_server(folder, (), **variables)))
        (tmp_path / "front").mkdir()
        front = stack.enter_context(make_front(tmp_path / "front", *versions))
        found = {name.name: name for name in tmp_path.glob("*/collected/css/only-here.*.css")}

        assert len(found) == 2
        for name, file in found.items():
            for _ in range(6):
                answer = front.get(f"/static/css/{name}")
                assert (answer.status, answer.body) == (200, file.read_bytes())
        assert front.get("/static/css/nowhere.css").status == 404
