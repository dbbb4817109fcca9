"""A worker that dies in the middle of an answer leaves the whole of it, or the plain page."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from gunicorn.config import Config
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

from companion.web.whole_answers import WholeAnswer, make_room
from tests.front import Front, make_site
from tests.server import Answer

FORM = "application/x-www-form-urlencoded"
LETTER = {
    "place": "us", "name": "Ann Roe", "contact": "1 Elm Street", "recipient_name": "Hill Hospital",
    "study_list": "CT chest, March 3, 2026", "uses": "ai", "do": "pdf",
}  # fmt: skip
MB = 1024 * 1024


@pytest.fixture(scope="module")
def dying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """A site whose worker is killed each time that it has written to the front once."""
    with make_site(
        tmp_path_factory.mktemp("site"),
        ["127.0.0.1"],
        DJANGO_SETTINGS_MODULE="tests.web.crashing.after_a_write",
    ) as made:
        yield made


def answered(front: Front, path: str, body: bytes | None = None) -> Answer:
    """The first answer that is not the plain page: each needs a worker of its own.

    Raises:
        http.client.HTTPException: the line was cut in the middle of it.
    """
    until = time.monotonic() + 120
    while True:
        try:
            answer = front.get(path) if body is None else front.post(path, body, FORM)
        except http.client.IncompleteRead as cut:
            raise AssertionError(f"cut after {len(cut.partial)} bytes") from None
        if answer.status != 502:
            return answer
        assert "Nothing was kept" in answer.text
        assert time.monotonic() < until
        time.sleep(0.2)


@pytest.mark.parametrize("path", ["/", "/de/letters/opt-out/?place=de", "/static/css/tokens.css"])
def test_a_page_is_there_to_its_end(dying: Front, path: str) -> None:
    worker = dying.server.worker
    answer = answered(dying, path)

    assert answer.status == 200
    assert len(answer.body) == int(answer.headers["Content-Length"])
    assert "static" in path or answer.text.rstrip().endswith("</html>")
    worker.wait(60)  # it did die


def test_a_long_report_is_there_to_its_end(dying: Front) -> None:
    answer = answered(dying, "/scans/sample/", b"")

    assert answer.status == 200
    assert answer.text.rstrip().endswith("</html>")


def test_a_letter_is_there_to_its_end(dying: Front) -> None:
    answer = answered(dying, "/letters/opt-out/", urlencode(LETTER).encode())

    assert answer.status == 200
    assert answer.body.rstrip().endswith(b"%%EOF")


def test_a_page_of_an_error_is_there_to_its_end(dying: Front) -> None:
    answer = answered(dying, "/nowhere")

    assert answer.status == 404
    assert answer.text.rstrip().endswith("</html>")


def written(parts: list[bytes], *headers: tuple[str, str], asked: str = "GET") -> list[bytes]:
    """What the answer writes, piece by piece."""
    pieces: list[bytes] = []

    class Line(socket.socket):
        def sendall(self, data: bytes, flags: int = 0) -> None:  # type: ignore[override]
            pieces.append(bytes(data))

    request = Request(
        Config(), IterUnreader([f"{asked} / HTTP/1.1\r\nHost: a\r\n\r\n".encode()]), ("", 0)
    )
    with Line() as line:
        answer = WholeAnswer(request, line, Config())
        answer.start_response("200 OK", list(headers))
        for part in parts:
            answer.write(part)
        answer.close()
    return pieces


def test_head_and_body_are_one_piece() -> None:
    assert len(written([b"page"], ("Content-Length", "4"))) == 1
    assert written([b"page"], ("Content-Length", "4"))[0].endswith(b"\r\n\r\npage")


def test_what_has_no_length_leaves_in_parts_and_says_where_it_ends() -> None:
    first, second, last = written([b"PK", b"", b"end"])
    assert first.endswith(b"Transfer-Encoding: chunked\r\n\r\n2\r\nPK\r\n")
    assert (second, last) == (b"3\r\nend\r\n", b"0\r\n\r\n")


@pytest.mark.parametrize(
    ("parts", "headers", "asked"),
    [
        ([], [("Content-Length", "0")], "GET"),
        ([b""], [("Content-Length", "0"), ("Location", "/es/")], "GET"),
        ([], [("Content-Length", "9")], "HEAD"),
    ],
)
def test_a_head_alone_is_sent_once(
    parts: list[bytes], headers: list[tuple[str, str]], asked: str
) -> None:
    pieces = written(parts, *headers, asked=asked)
    assert len(pieces) == 1
    assert pieces[0].endswith(b"\r\n\r\n")
    assert pieces[0].count(b"HTTP/1.1 200 OK") == 1


@pytest.fixture
def line() -> Iterator[socket.socket]:
    """The server's end of a line whose other end reads nothing."""
    with (
        socket.create_server(("127.0.0.1", 0)) as door,
        socket.create_connection(door.getsockname()),
        door.accept()[0] as accepted,
    ):
        yield accepted


def test_the_kernel_takes_a_long_page_at_once_on_a_line_that_had_less_room(
    line: socket.socket,
) -> None:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
    page = bytes(160 * 1024)  # every Linux lets a socket have room for this
    make_room(line, len(page))
    line.setblocking(False)
    assert line.send(page) == len(page)


def test_a_line_that_has_more_room_than_it_may_ask_for_keeps_it(line: socket.socket) -> None:
    before = line.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
    make_room(line, 400 * MB)
    assert line.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) >= before
