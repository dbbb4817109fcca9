"""What the tests of the scans' pages share: sending a report, and reading the page of it."""

from __future__ import annotations

import html
import re

from django.test import Client

from companion.scans.findings import Report
from companion.web.scans.report import keep
from tests.web.responses import Response


def carried(report: Report) -> dict[str, str]:
    return {"report": keep.pack(report)}


def reopened(client: Client, report: Report, prefix: str = "") -> Response:
    return client.post(f"{prefix}/scans/open/", carried(report))


def text_of(answer: Response) -> str:
    """What a person reads: no tags, no hidden field."""
    without_fields = re.sub(
        r"<(script|style|template)\b.*?</\1>|<[^>]*>", " ", answer.text, flags=re.DOTALL
    )
    return re.sub(r"\s+", " ", html.unescape(without_fields))
