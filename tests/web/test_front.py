"""The nginx of deploy/, run for real before a production server: what it holds and hides."""

from __future__ import annotations

import hashlib
import http.client
import re
import secrets
import signal
import socket
import ssl
import struct
import subprocess
import threading
import time
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

from tests.builders import make_multipart, make_scan
from tests.front import HOST, Front, connect, has_ipv6, make_certificate, make_front, make_site
from tests.server import ROOT, Answer, Server, free_port

FORM = "application/x-www-form-urlencoded"

MB = 1024 * 1024


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with make_site(tmp_path_factory.mktemp("site")) as made:
        yield made


def test_a_scan_passes_through_memory_only(front: Front) -> None:
    canary = f"CANARY{secrets.token_hex(6).upper()}"
    scan = make_scan(PatientName=canary)
    files = [(f"{canary}/IM{number}", scan + bytes(MB)) for number in range(30)]

    answer = post_and_watch(front, "/scans/", *make_multipart(files))

    assert answer.status == 200
    assert canary in answer.text
    for file in (front.folder / "printed", front.server.output):
        assert canary not in file.read_text(errors="replace")


def test_a_form_is_waited_for_in_memory_only(front: Front) -> None:
    facts = {"place": "us", "name": "Ann Roe", "message": "x" * int(3.9 * MB)}
    report, kind = make_multipart([("report.json", bytes(7 * MB))])

    assert post_and_watch(front, "/letters/opt-out/", urlencode(facts).encode(), FORM).status < 500
    report = report.replace(b'name="files"', b'name="saved"')
    answer = post_and_watch(front, "/scans/open/", report, kind)

    # The companion's own words on a file that is no report.
    assert answer.status == 422
    assert 'id="scan-form"' in answer.text


def post_and_watch(front: Front, path: str, body: bytes, kind: str) -> Answer:
    """Post, and see that nothing of it lay in a file at any moment."""
    written = front.bytes_written
    seen: list[Path] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.01):
            seen.extend(front.spooled)

    watcher = threading.Thread(target=watch)
    watcher.start()
    answer = front.post(path, body, kind)
    ended.set()
    watcher.join()
    assert seen == []
    assert front.bytes_written - written < 64 * 1024
    return answer


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/letters/", 5 * MB, 413),
        ("/es/scans/save/", 18 * MB, 413),
        ("/letters/", None, 411),
        ("/scans/open/", None, 411),
        ("/scans/", None, 411),
    ],
)
def test_what_could_not_be_held_in_memory_is_refused_at_once(
    front: Front, path: str, size: int | None, status: int
) -> None:
    length = "Transfer-Encoding: chunked" if size is None else f"Content-Length: {size}"
    with connect(front) as line:
        line.sendall(f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\n{length}\r\n\r\n".encode())
        answer = http.client.HTTPResponse(line)
        answer.begin()

        assert answer.status == status
        assert b"Nothing was kept" in answer.read()


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


def test_a_worker_that_dies_in_the_middle_of_a_scan_leaves_the_plain_page(front: Front) -> None:
    body, kind = make_multipart([("scan.dcm", make_scan() + bytes(40 * MB))])
    head = (
        f"POST /scans/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {kind}\r\n"
        f"Sec-Fetch-Site: same-origin\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with connect(front) as line:
        line.sendall(head.encode() + body[: 20 * MB])
        front.server.worker.kill()
        with suppress(OSError):  # the front may close before it has taken the rest
            line.sendall(body[20 * MB :])
        answer = http.client.HTTPResponse(line)
        answer.begin()

        assert answer.status == 502
        assert b"Nothing was kept" in answer.read()


def test_a_reader_that_dies_is_told_long_before_a_slow_line_has_sent_the_rest(
    front: Front,
) -> None:
    body, kind = make_multipart([("scan.dcm", make_scan() + bytes(4 * MB))])
    head = (
        f"POST /scans/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {kind}\r\n"
        f"Sec-Fetch-Site: same-origin\r\nContent-Length: {500 * MB}\r\n\r\n"
    )
    with connect(front) as line:
        line.sendall(head.encode() + body[: 2 * MB])
        until(lambda: len(readers(front)) == 1)
        readers(front)[0].kill()
        began = time.monotonic()
        line.settimeout(0.1)
        answer = b""
        while b"</html>" not in answer and time.monotonic() - began < 30:
            with suppress(OSError):
                line.sendall(bytes(8 * 1024))  # the browser goes on sending
            with suppress(TimeoutError):
                answer += line.recv(65536)

    assert answer.split()[1] in {b"500", b"502"}
    assert b"Nothing was kept" in answer
    assert time.monotonic() - began < 20


def readers(front: Front) -> list[psutil.Process]:
    """The children that read uploads just now."""
    return [
        child
        for one in front.server.worker.children()
        if "isolation.forkserver " in " ".join(one.cmdline())
        for child in one.children()
    ]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


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


def test_slow_bodies_from_one_address_hold_nobody_else_up(front: Front) -> None:
    letter = urlencode({"place": "us", "name": "Ann Roe", "do": "preview"}).encode()
    as_the_front_asks = urllib.request.Request(
        f"{front.server.address}/letters/", headers={"Host": HOST, "X-Forwarded-Proto": "https"}
    )
    scan = make_multipart([("scan.dcm", make_scan())])
    with ExitStack() as stack:
        for path in ["/letters/opt-out/", "/scans/", "/es/scans/", "/scans/open/"] * 60:
            line = stack.enter_context(connect(front, "127.0.0.7"))
            line.sendall(
                f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 900000\r\n"
                "Content-Type: multipart/form-data; boundary=slow\r\n"
                "Sec-Fetch-Site: same-origin\r\n\r\n--slow\r\n".encode()
            )
        time.sleep(0.5)  # they have arrived wherever they go

        began = time.monotonic()
        assert front.server.get("/healthz").status == 200
        assert front.server.ask(as_the_front_asks).status == 200
        assert front.get("/letters/opt-out/").status == 200
        assert front.post("/letters/opt-out/", letter, FORM).status == 200
        assert front.post("/scans/", *scan).status == 200
        # Whoever shares the address can still read.
        for path in ("/healthz", "/scans/", "/letters/"):
            assert status_for("127.0.0.7", front, path) == 200
        assert time.monotonic() - began < 20


def test_many_addresses_together_leave_threads_to_everybody_else(front: Front) -> None:
    with ExitStack() as stack:
        for number in range(60):
            line = stack.enter_context(connect(front, f"127.0.1.{number}"))
            line.sendall(
                f"POST /scans/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 900000\r\n"
                "Content-Type: multipart/form-data; boundary=slow\r\n"
                "Sec-Fetch-Site: same-origin\r\n\r\n--slow\r\n".encode()
            )
        time.sleep(0.5)

        began = time.monotonic()
        assert front.server.get("/healthz").status == 200
        assert front.get("/letters/").status == 200
        assert time.monotonic() - began < 20


def status_for(source: str, front: Front, path: str) -> int:
    with connect(front, source) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_visitors_come_by_either_protocol(front: Front) -> None:
    for address in ("127.0.0.1", "[::1]"):
        request = urllib.request.Request(f"https://{address}:{front.port}/healthz")
        assert front.ask(request).status == 200


def test_a_broken_handshake_leaves_no_address_in_the_log(front: Front) -> None:
    for key in (bytes(32), b"x" * 31):  # nginx calls these critical
        with socket.create_connection(("127.0.0.1", front.port), timeout=10) as line:
            line.sendall(client_hello(key))
            assert line.recv(3) == b"\x15\x03\x03"  # an alert
    front.get("/healthz")

    assert "127.0.0.1" not in (front.folder / "printed").read_text(errors="replace")


def client_hello(key: bytes) -> bytes:
    """The first message of TLS 1.3 (RFC 8446, 4.1.2), with an X25519 key that may be none."""
    share = struct.pack(">HHH", len(key) + 4, 0x1D, len(key)) + key
    parts = {0x2B: b"\x02\x03\x04", 0x0A: b"\0\x02\0\x1d", 0x0D: b"\0\x02\x08\x04", 0x33: share}
    more = b"".join(struct.pack(">HH", kind, len(part)) + part for kind, part in parts.items())
    body = b"\x03\x03" + bytes(32) + b"\0" + b"\0\x02\x13\x01" + b"\x01\0"
    body += struct.pack(">H", len(more)) + more
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + struct.pack(">H", len(message)) + message


def test_the_front_starts_where_its_errors_go_to_a_socket(front: Front, tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, make_front(tmp_path, front.server, errors=theirs) as logged_elsewhere:
        assert logged_elsewhere.get("/healthz").status == 200


def test_a_server_that_is_away_is_said_in_plain_words(front: Front, tmp_path: Path) -> None:
    gone = Server(front.server.process, free_port(), front.server.output)
    with make_front(tmp_path, gone) as alone:
        answer = alone.get("/scans/")

    assert answer.status == 502
    assert "Nothing was kept" in answer.text


@pytest.mark.parametrize(("days", "told"), [(-1, True), (13, True), (30, False)])
def test_a_certificate_that_runs_out_is_told_beforehand_by_the_operators_own_command(
    tmp_path: Path, days: float, told: bool
) -> None:
    make_certificate(tmp_path, days)
    notes = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^openssl x509 -checkend .*$", notes, re.MULTILINE)
    command = command.replace("/etc/ssl/companion", str(tmp_path))
    assert (subprocess.run(command.split(), capture_output=True).returncode != 0) is told


def test_a_front_whose_certificate_has_run_out_goes_on_and_says_so(
    front: Front, tmp_path: Path
) -> None:
    with make_front(tmp_path, front.server, certified_days=-1) as late:
        trusting_it = ssl.create_default_context(cafile=str(tmp_path / "fullchain.pem"))
        with (
            socket.create_connection(("127.0.0.1", late.port), timeout=10) as plain,
            pytest.raises(ssl.SSLCertVerificationError, match="expired"),
        ):
            trusting_it.wrap_socket(plain, server_hostname=HOST)
        # Renewing it needs no other step than a reload: all else still runs.
        make_certificate(tmp_path, 1)
        late.process.send_signal(signal.SIGHUP)
        until(lambda: late.get("/healthz").status == 200)
