from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest
from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from pytest_django import Settings

from companion.web.site import deployment


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
    assert answer.text == "database: the directory of hospitals cannot be read: see the log\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("forgotten", "cure"),
    [
        ({"PRODUCTION": True, "ALLOWED_HOSTS": ["localhost"]}, "hosts: set COMPANION_HOSTS"),
        ({"SECURE_SSL_REDIRECT": True}, "proxy: set COMPANION_BEHIND_PROXY=on"),
        ({"COLLECTED": True, "STATIC_ROOT": "/nowhere"}, "static files: run manage.py collect"),
    ],
)
def test_not_ready_while_something_is_forgotten_that_every_visitor_would_meet(
    client: Client, settings: Settings, forgotten: dict[str, object], cure: str
) -> None:
    for name, value in forgotten.items():
        setattr(settings, name, value)
    answer = client.get("/readyz", headers={"host": "localhost"})
    assert answer.status_code == 503
    assert answer.text.startswith(cure)
    assert answer.text.count("\n") == 1


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
    monkeypatch.setattr(deployment, "_known_tables", [])
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: [("0001", False)])
    monkeypatch.setattr(deployment, "_network_can_be_taken_away", lambda: False)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [line.split(":")[0] for line in answer.text.splitlines()] == ["seccomp", "tables"]


@pytest.mark.django_db
def test_not_ready_where_pictures_cannot_be_looked_at_unless_that_is_meant(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(deployment, "_pictures_can_be_looked_at", lambda: False)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text.startswith("pictures: install pictures.lock, or set COMPANION_PICTURES=off")

    settings.COMPANION_LIMITS = {**settings.COMPANION_LIMITS, "pictures": False}
    assert client.get("/readyz").status_code == 200
