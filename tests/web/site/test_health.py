from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NoReturn

import pytest
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from companion.web.site import deployment, freshness


@pytest.mark.parametrize(("address", "language"), [("/", "en"), ("/es/", "es")])
def test_the_language_stands_in_the_address(client: Client, address: str, language: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="ltr">' in answer.text


def test_the_browsers_language_does_not_override_the_address(client: Client) -> None:
    answer = client.get("/", headers={"accept-language": "es"})
    assert '<html lang="en"' in answer.text


def test_a_page_names_itself_in_the_other_language(client: Client) -> None:
    assert 'href="/es/"' in client.get("/").text
    assert 'href="/"' in client.get("/es/").text


def test_health_needs_no_database(client: Client) -> None:
    assert client.get("/healthz").text == "ok\n"


@pytest.mark.django_db
def test_ready_when_the_directory_can_be_read(client: Client) -> None:
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_without_the_directory_and_without_a_traceback(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from companion.providers.models import Profile

    def gone(*_: object, **__: object) -> NoReturn:
        raise DatabaseError("gone")

    monkeypatch.setattr(Profile.objects, "order_by", gone)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text.startswith("database: start its server, or give the folder of")
    assert answer.text.count("\n") == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("forgotten", "cure"),
    [
        (
            {"PRODUCTION": True, "COMPANION_ON_DEVICE": False, "ALLOWED_HOSTS": ["localhost"]},
            "hosts: set COMPANION_HOSTS",
        ),
        (
            {"PRODUCTION": True, "COMPANION_ON_DEVICE": False, "SECRET_KEY": "short"},
            "secret: set COMPANION_SECRET_KEY to 50 random characters",
        ),
        (
            {"PRODUCTION": True, "COMPANION_ONDEVICE": "/nowhere"},
            "on device: run script/pyodide, manage.py ondevice and collectstatic, or set",
        ),
        ({"SECURE_SSL_REDIRECT": True}, "proxy: set COMPANION_BEHIND_PROXY=on"),
        ({"COLLECTED": True, "STATIC_ROOT": "/nowhere"}, "static files: run manage.py collect"),
    ],
)
def test_not_ready_while_something_is_forgotten_that_every_visitor_would_meet(
    client: Client, settings: Settings, forgotten: dict[str, object], cure: str
) -> None:
    settings.ALLOWED_HOSTS = ["companion.example", *settings.LOOPBACK]
    settings.SECRET_KEY = "k3Jq" * 16 + "-xYz"
    for name, value in forgotten.items():
        setattr(settings, name, value)
    answer = client.get("/readyz", headers={"host": "localhost"})
    assert answer.status_code == 503
    assert answer.text.startswith(cure)
    assert answer.text.count("\n") == 1


@pytest.mark.django_db
def test_not_ready_while_a_static_file_is_newer_than_what_was_collected(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    for folder in ("source", "collected"):
        (tmp_path / folder).mkdir()
    source, listed = tmp_path / "source/a.css", tmp_path / "collected/staticfiles.json"
    source.write_text("")
    listed.write_text("{}")
    settings.PRODUCTION = settings.COLLECTED = True
    settings.COMPANION_ON_DEVICE = settings.COMPANION_ADMIN = False
    settings.ALLOWED_HOSTS = ["companion.example", *settings.LOOPBACK]
    settings.STATIC_ROOT, settings.STATICFILES_DIRS = tmp_path / "collected", [tmp_path / "source"]
    assert [what for what, _ in deployment.lacks()] == []

    os.utime(listed, (1, 1))
    ((what, cure),) = deployment.lacks()
    assert what == "static files"
    assert cure.startswith("run manage.py collectstatic --noinput")


@pytest.mark.django_db
@pytest.mark.parametrize("changed", ["companion/scans/a.py", "templates/a.html", "locale/es/a.mo"])
def test_not_ready_while_the_program_is_newer_than_what_devices_load(
    settings: Settings, tmp_path: Path, changed: str
) -> None:
    packed, source = tmp_path / "packed/device/parts.json", tmp_path / changed
    for file in (source, packed):
        file.parent.mkdir(parents=True)
        file.write_text("")
    settings.PRODUCTION, settings.COMPANION_ADMIN = True, False
    settings.ALLOWED_HOSTS = ["companion.example", *settings.LOOPBACK]
    settings.BASE_DIR, settings.COMPANION_ONDEVICE = tmp_path, tmp_path / "packed"
    assert [what for what, _ in deployment.lacks()] == []

    os.utime(packed, (1, 1))
    ((what, cure),) = deployment.lacks()
    assert what == "on device"
    assert cure.startswith("run manage.py ondevice and collectstatic")


def test_a_file_from_the_future_is_not_taken_for_one_that_changed(tmp_path: Path) -> None:
    # A clock that was wrong for an hour must not leave a site "not ready" for that hour.
    made, source = tmp_path / "made", tmp_path / "source"
    made.write_text("")
    source.write_text("")
    now = time.time()
    os.utime(source, (now + 3600, now + 3600))
    assert not freshness.stale(made, source)
    os.utime(made, (now - 20, now - 20))
    os.utime(source, (now - 10, now - 10))
    assert freshness.stale(made, source)


@pytest.mark.django_db
def test_a_copy_restored_from_before_an_update_is_told_while_the_server_runs(
    client: Client,
) -> None:
    assert client.get("/readyz").status_code == 200
    MigrationRecorder.Migration.objects.filter(app="providers").order_by("-pk").first().delete()
    answer = client.get("/readyz")
    assert answer.text == "tables: run manage.py migrate\n"


@pytest.mark.django_db
def test_not_ready_with_words_that_are_not_compiled(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "es" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "es" / "LC_MESSAGES" / "django.po").write_text("")
    settings.LOCALE_PATHS = [tmp_path]
    assert client.get("/readyz").text.startswith("messages: run manage.py compilemessages")


@pytest.mark.django_db
def test_not_ready_before_the_tables_are_there_or_where_no_scan_can_be_read(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = deployment.needed_migrations() | {("providers", "9999_of_the_next_version")}
    monkeypatch.setattr(deployment, "needed_migrations", lambda: newer)
    monkeypatch.setattr(deployment, "_network_can_be_taken_away", lambda: False)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [line.split(":")[0] for line in answer.text.splitlines()] == ["seccomp", "tables"]


@pytest.mark.django_db
def test_not_ready_where_pictures_cannot_be_looked_at_unless_that_is_meant(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr("companion.scans.isolation.lookers.installed", lambda: False)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text.startswith("pictures: install pictures.lock, or set COMPANION_PICTURES=off")

    settings.COMPANION_LIMITS = {**settings.COMPANION_LIMITS, "pictures": False}
    assert client.get("/readyz").status_code == 200
