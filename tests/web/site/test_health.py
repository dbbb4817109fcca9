from __future__ import annotations

from typing import NoReturn

import pytest
from django.db import DatabaseError
from django.test import Client


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
    assert answer.text == "no database\n"
