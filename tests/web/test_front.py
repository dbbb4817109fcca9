"""The nginx of deploy/, run for real before a production server: what it holds and hides."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.builders import make_multipart, make_scan
from tests.front import HOST, Front, connect, make_front
from tests.server import ROOT, Server, free_port, make_server

MB = 1024 * 1024


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("front")
    with ExitStack() as stack:
        server = stack.enter_context(
            make_server(
                tmp_path_factory.mktemp("server"),
                COMPANION_MODE="production",
                COMPANION_ADMIN="",
                COMPANION_STATIC="source",
                COMPANION_HOSTS=HOST,
                COMPANION_BEHIND_PROXY="on",
            )
        )
        yield stack.enter_context(make_front(folder, server))


def test_a_scan_passes_through_memory_only(front: Front) -> None:
    canary = f"CANARY{secrets.token_hex(6).upper()}"
    scan = make_scan(PatientName=canary)
    files = [(f"{canary}/IM{number}", scan + bytes(MB)) for number in range(30)]
    written = front.bytes_written
    seen: list[Path] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.01):
            seen.extend(front.spooled)

    watcher = threading.Thread(target=watch)
    watcher.start()
    answer = front.post("/scans/", *make_multipart(files))
    ended.set()
    watcher.join()

    assert answer.status == 200
    assert canary in answer.text
    assert seen == []
    assert front.bytes_written - written < 64 * 1024
    for file in (front.folder / "printed", front.server.output):
        assert canary not in file.read_text(errors="replace")


def test_a_reader_who_takes_a_long_page_slowly_leaves_nothing_of_it(front: Front) -> None:
    canary = f"CANARY{secrets.token_hex(6).upper()}"
    files = [(f"{canary}/{number:05}/{'folder' * 20}", make_scan()) for number in range(2_000)]
    body, kind = make_multipart(files)
    head = (
        f"POST /scans/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {kind}\r\n"
        f"Sec-Fetch-Site: same-origin\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with connect(front) as line:
        line.sendall(head.encode() + body)
        assert line.recv(12) == b"HTTP/1.1 200"
        threading.Event().wait(0.5)  # the rest waits somewhere meanwhile

        assert front.spooled == []


def test_every_answer_of_the_front_says_the_same_about_safety(front: Front) -> None:
    passed = front.get("/")
    refused = front.post("/letters/opt-out/", b"", "text/plain" + " " * 9_000)

    assert (passed.status, refused.status) == (200, 400)
    for name in (
        "Strict-Transport-Security",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Referrer-Policy",
        "Cross-Origin-Opener-Policy",
        "Cross-Origin-Resource-Policy",
    ):
        assert refused.headers[name] == passed.headers[name], name
    assert refused.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Nothing was kept" in refused.text
    assert "No se guardó nada" in refused.text
    assert "nginx/" not in str(refused.headers) + refused.text


def test_the_style_of_the_page_in_plain_words_is_the_one_that_is_allowed(front: Front) -> None:
    page = (ROOT / "deploy/unavailable.html").read_text(encoding="utf-8")
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    mark = b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert f"'sha256-{mark}'" in (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")


def test_a_hundred_visitors_who_never_finish_their_first_line_hold_nobody_up(front: Front) -> None:
    with ExitStack() as stack:
        for _ in range(100):
            line = stack.enter_context(connect(front))
            line.sendall(f"GET / HTTP/1.1\r\nHost: {HOST}\r\n".encode())

        assert front.get("/letters/").status == 200
        assert front.server.get("/healthz").status == 200


def test_a_server_that_is_away_is_said_in_plain_words(front: Front, tmp_path: Path) -> None:
    gone = Server(front.server.process, free_port(), front.server.output)
    with make_front(tmp_path, gone) as alone:
        answer = alone.get("/scans/")

    assert answer.status == 502
    assert "Nothing was kept" in answer.text
