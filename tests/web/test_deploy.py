"""Ready for production: Django's own checks, and the files that put it there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from companion.scans.isolation import forkserver
from companion.web import logos
from companion.web.site import checks

ROOT = Path(__file__).resolve().parents[2]
MB = 1024 * 1024


def check(**changed: str) -> subprocess.CompletedProcess[str]:
    return manage("check", "--deploy", "--fail-level", "WARNING", **changed)


def manage(*command: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """One management command of a deployment in production."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COMPANION_", "DJANGO_", "DATABASE_URL"))
    }
    environment |= {
        "DJANGO_SETTINGS_MODULE": "companion.settings",
        "COMPANION_HOSTS": "companion.example",
        "COMPANION_BEHIND_PROXY": "on",
        "COMPANION_OPERATOR": "Lakes Patients e.V.",
        "COMPANION_CONTACT": "privacy@companion.example",
        "COMPANION_ON_DEVICE": "off",  # whether it is packed is the machine's affair
        **changed,
    }
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The file of a database whose tables are there."""
    file = str(tmp_path_factory.mktemp("database") / "companion.sqlite3")
    secret = "k3Jq" * 16 + "-xYz0123456789"
    for admin in ("off", "on"):
        migrated = manage(
            "migrate", COMPANION_DATABASE=file, COMPANION_ADMIN=admin, COMPANION_SECRET_KEY=secret
        )
        assert migrated.returncode == 0, migrated.stderr
    return file


@pytest.mark.parametrize("admin", ["on", "off"])
def test_the_production_settings_have_no_warning(admin: str, database: str) -> None:
    run = check(
        COMPANION_ADMIN=admin,
        COMPANION_SECRET_KEY="k3Jq" * 16 + "-xYz0123456789",
        COMPANION_DATABASE=database,
        COMPANION_STATIC="source",
    )
    assert run.returncode == 0, run.stderr
    assert "2 silenced" in run.stdout  # how far HSTS reaches is the operator's to say


@pytest.mark.parametrize(
    ("forgotten", "cure"),
    [
        ({"COMPANION_HOSTS": ""}, "hosts: set COMPANION_HOSTS"),
        ({"COMPANION_BEHIND_PROXY": "off"}, "proxy: set COMPANION_BEHIND_PROXY=on"),
        (
            {"COMPANION_DATABASE": "/nowhere/at.sqlite3"},
            "database: start its server, or give the folder",
        ),
        ({"COMPANION_SECRET_KEY": "k" * 60, "COMPANION_ADMIN": "on"}, "secret: set COMPANION_SEC"),
    ],
)
def test_whatever_is_forgotten_is_told_with_what_mends_it(
    forgotten: dict[str, str], cure: str, database: str
) -> None:
    run = check(**{"COMPANION_DATABASE": database, "COMPANION_STATIC": "source", **forgotten})
    assert run.returncode != 0
    assert cure in run.stderr
    assert "identified 1 issue" in run.stderr


def test_a_brand_that_cannot_be_read_fails_the_check() -> None:
    run = check(COMPANION_ACCENT="#ffee00")
    assert run.returncode != 0
    assert "contrast" in run.stderr


def test_the_admin_needs_a_key_of_its_own() -> None:
    assert "COMPANION_SECRET_KEY is needed" in check(COMPANION_ADMIN="on").stderr


@pytest.mark.parametrize("name", ["COMPANION_OPERATOR", "COMPANION_CONTACT"])
def test_a_deployment_that_names_nobody_is_warned(name: str) -> None:
    run = check(**{name: ""})
    assert run.returncode != 0
    assert f"{name} is not set" in run.stderr


def test_an_address_on_paper_without_encryption_is_warned() -> None:
    run = check(COMPANION_PUBLIC_URL="http://companion.example")
    assert run.returncode != 0
    assert "use https" in run.stderr


@pytest.mark.parametrize(
    "path", ["letters", "/letters/", "es", "static", "at/staff", "healthz", "brand/logo.png"]
)
def test_the_admin_takes_no_page_s_place(path: str) -> None:
    run = check(
        COMPANION_ADMIN="on", COMPANION_ADMIN_PATH=path,
        COMPANION_SECRET_KEY="k3Jq" * 16 + "-xYz0123456789",
    )  # fmt: skip
    assert run.returncode != 0
    assert "a page of ours is there already" in run.stderr


@pytest.mark.parametrize("path", ["", "/", "a b", "<slug>", "a//b"])
def test_the_admin_has_a_path_that_is_one(path: str) -> None:
    assert "COMPANION_ADMIN_PATH=" in check(COMPANION_ADMIN_PATH=path).stderr


def test_words_that_are_not_compiled_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text("")
    monkeypatch.setattr(settings, "LOCALE_PATHS", [tmp_path])
    (fault,) = checks.compiled()
    assert fault.is_serious()
    assert "compilemessages" in fault.msg
    (folder / "django.mo").write_text("")
    assert checks.compiled() == []
    os.utime(folder / "django.mo", (1, 1))
    monkeypatch.setattr(settings, "PRODUCTION", True)
    (fault,) = checks.compiled()
    assert fault.is_serious()
    assert "compilemessages" in (ROOT / "docs/operating.md").read_text()


def test_the_front_keeps_no_visit_and_spools_nothing() -> None:
    front = (ROOT / "deploy/nginx.conf").read_text()
    # /dev/stderr cannot be opened where systemd makes it a socket.
    for line in ("access_log off;", "error_log  stderr emerg;", "listen [::]:"):
        assert front.count(line) == front.count("server {")
    assert "proxy_max_temp_file_size 0;" in front
    for place in places():
        held = size(place, "client_body_buffer_size") > size(place, "client_max_body_size")
        assert held or "proxy_request_buffering off;" in place
        assert 'if ($body = "unmeasured")' in place


def test_the_front_takes_what_the_companion_takes() -> None:
    form, report, scan = places()
    limits = settings.COMPANION_LIMITS
    for largest in (limits["saved_answers_bytes"], logos.MAX_BYTES, limits["letter_text_bytes"]):
        assert size(form, "client_max_body_size") > 4 * largest
    for largest in (limits["report_json_bytes"], settings.DATA_UPLOAD_MAX_MEMORY_SIZE):
        assert size(report, "client_max_body_size") > largest + MB
    # The fields beside the files: their names, for the most.
    assert size(scan, "client_max_body_size") >= limits["upload_bytes"] + 64 * MB


def test_the_front_lets_no_more_scans_through_than_leave_threads_and_places() -> None:
    *_, scan = places()
    one, together = re.findall(r"limit_conn (?:all_)?uploaders (\d+);", scan)
    threads = re.search(
        r"^threads = (\d+)$", (ROOT / "deploy/gunicorn.conf.py").read_text(), re.MULTILINE
    )
    assert threads
    assert int(together) < int(threads[1])
    assert int(one) < settings.COMPANION_LIMITS["inspections_at_once"]


def places() -> list[str]:
    """The front's locations that pass a body on: forms, reports, scans."""
    front = (ROOT / "deploy/nginx.conf").read_text()
    found = [place for place in front.split("    location ")[1:] if "$body" in place]
    assert len(found) == 3
    return found


def size(place: str, name: str) -> int:
    """A size in bytes; 0 where the place does not say."""
    said = re.search(rf"{name} +(\d+)m;", place)
    return int(said[1]) * MB if said else 0


def test_the_front_is_one_process_in_which_its_limits_count() -> None:
    for file in ("docs/operating.md", "deploy/compose.yaml"):
        assert "'s/^worker_processes .*/worker_processes 1;/'" in (ROOT / file).read_text()


def test_the_service_unit_lets_nothing_reach_a_disk() -> None:
    unit = (ROOT / "deploy/companion.service").read_text()
    for line in ("MemorySwapMax=0", "LimitCORE=0", "PrivateTmp=yes", "ProtectSystem=strict"):
        assert line in unit


def test_the_service_has_room_for_all_that_may_be_asked_for_at_once() -> None:
    unit = (ROOT / "deploy/companion.service").read_text()
    limits = settings.COMPANION_LIMITS
    children = limits["inspections_at_once"] * (
        limits["inspection_memory"] + forkserver._ISOLATED_MEMORY
    ) + (
        limits["letters_at_once"] * limits["letter_memory"]
        + limits["pictures_at_once"] * limits["pictures_memory"]
        + limits["cleanings_at_once"]
        * (limits["clean_bytes"] + limits["cleaning_memory"] + forkserver._ISOLATED_MEMORY)
    )
    allowed = re.search(r"^MemoryMax=(\d+)G$", unit, re.MULTILINE)
    assert allowed
    assert children + 1024 * MB <= int(allowed[1]) * 1024 * MB
    compose = (ROOT / "deploy/compose.yaml").read_text()
    # No swap beside it: both limits are the same, and a lower second one is refused.
    assert f"    mem_limit: {allowed[1]}g\n    memswap_limit: {allowed[1]}g\n" in compose
    # One child over its bounds must not end the service.
    assert "\nOOMPolicy=continue\n" in unit


@pytest.mark.parametrize("file", ["deploy/companion.env.example", "docs/operating.md"])
def test_every_setting_is_told_to_the_operator(file: str) -> None:
    source = (ROOT / "companion/settings.py").read_text()
    read = set(re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', source))
    told = set(re.findall(r"[A-Z_]+[A-Z]", (ROOT / file).read_text()))
    assert len(read) > 30
    assert read - told == set()


def test_the_container_is_confined_as_the_service_is() -> None:
    compose = (ROOT / "deploy/compose.yaml").read_text()
    services = compose.partition("\nservices:\n")[2].partition("\nnetworks:\n")[0]
    each = re.split(r"\n(?=  \w+:\n)", services)
    assert len(each) == 3
    for service in each:
        assert "read_only: true" in service
        assert "cap_drop: [ALL]" in service
        assert "cap_add" not in service
        assert "no-new-privileges:true" in service
        assert "restart: on-failure" in service
    recipe = (ROOT / "deploy/Containerfile").read_text()
    assert "\nUSER companion\n" in recipe
    assert "\nHEALTHCHECK " in recipe
    for name in re.findall(r"^COPY (?!--)(.+) \S+$", recipe, re.MULTILINE):
        for part in name.split():
            assert f"\n!{part}\n" in (ROOT / ".dockerignore").read_text()


def test_the_operating_notes_name_real_settings() -> None:
    notes = (ROOT / "docs/operating.md").read_text()
    source = (ROOT / "companion/settings.py").read_text()
    for name in set(re.findall(r"COMPANION_[A-Z_]+[A-Z]", notes)):
        assert f'"{name}"' in source, name
