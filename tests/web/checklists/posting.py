"""What the tests of a checklist's pages share: posting a form and reading the next one."""

from __future__ import annotations

import io
import re
from html import unescape

from django.test import Client

from companion.checklists import reading

CANARY = "Canary-7c1f"
SLUGS = tuple(reading.load().checklists)

ANSWERS = {
    "answer-B1": "no-answer",
    "answer-B3": "unclear",
    "answer-B4": "no-answer",
    "who-B1": "Maria, front desk",
    "answer-F7": "clear",
    "answer-B13": "refused",
}


def fields_of(html: str, form: str) -> list[tuple[str, str]]:
    """The hidden fields of the form with this id or action."""
    part = re.search(rf"<form[^>]*{re.escape(form)}[^>]*>.*?</form>", html, re.DOTALL)
    assert part, form
    return [
        (unescape(name), unescape(value))
        for name, value in re.findall(
            r'<input type="hidden" name="([^"]*)" value="([^"]*)"', part[0], re.DOTALL
        )
    ]


def body_of(client: Client, address: str, **form: object) -> str:
    response = client.post(address, form)
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def kept(client: Client, **form: object) -> bytes:
    response = client.post("/checklists/before/keep/", form)
    assert response.status_code == 200
    assert re.fullmatch(
        r'attachment; filename="answers-\d{4}-\d\d-\d\d\.json"',
        response.headers["Content-Disposition"],
    )
    assert response.headers["Cache-Control"] == "no-store"
    return response.content


def file(body: bytes) -> io.BytesIO:
    sent = io.BytesIO(body)
    sent.name = "answers.json"
    return sent
