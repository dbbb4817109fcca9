"""The nginx of deploy/ as it really runs, before a server, on loopback and with TLS."""

from __future__ import annotations

import datetime
import shutil
import socket
import ssl
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.server import ROOT, Answer, Server, free_port, make_server

HOST = "companion.example"
_LISTED = '# 192.0.2.10 "";'


@dataclass
class Front:
    """nginx before a server: its port, its process, and the folders it could spool to."""

    port: int
    process: psutil.Process
    folder: Path
    server: Server

    def get(self, path: str) -> Answer:
        return self.ask(urllib.request.Request(f"https://127.0.0.1:{self.port}{path}"))

    def post(self, path: str, body: bytes, kind: str) -> Answer:
        headers = {"Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
        url = f"https://127.0.0.1:{self.port}{path}"
        return self.ask(urllib.request.Request(url, body, headers))

    def ask(self, request: urllib.request.Request) -> Answer:
        request.add_header("Host", HOST)
        trusting = ssl._create_unverified_context()
        try:
            with urllib.request.urlopen(request, timeout=60, context=trusting) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read())

    @property
    def bytes_written(self) -> int:
        total = 0
        for process in (self.process, *self.process.children()):
            total += process.io_counters().write_bytes
        return total

    @property
    def spooled(self) -> list[Path]:
        return [path for path in (self.folder / "spool").rglob("*") if path.is_file()]


@contextmanager
def make_site(folder: Path, known: Sequence[str] = (), **environment: str) -> Iterator[Front]:
    """A deployment in production with its front; what both print goes below ``folder``.

    The front lifts its limits for the addresses ``known``.
    """
    (folder / "server").mkdir()
    (folder / "front").mkdir()
    with ExitStack() as stack:
        variables = {
            "COMPANION_MODE": "production",
            "COMPANION_ADMIN": "",
            "COMPANION_STATIC": "source",
            "COMPANION_HOSTS": HOST,
            "COMPANION_BEHIND_PROXY": "on",
        }
        server = stack.enter_context(make_server(folder / "server", (), **variables | environment))
        yield stack.enter_context(make_front(folder / "front", server, known=known))


@contextmanager
def make_front(
    folder: Path,
    server: Server,
    *others: Server,
    errors: socket.socket | None = None,
    certified_days: float = 1,
    known: Sequence[str] = (),
) -> Iterator[Front]:
    """deploy/nginx.conf with this machine's ports and folders in it, and nothing else changed,
    before one server or several. Its certificate ends in ``certified_days``, or has
    ended; the addresses ``known`` are listed at its head.

    What it prints goes to ``folder / "printed"``, or to ``errors``, as systemd has it.
    """
    make_certificate(folder, certified_days)
    port = free_port()
    conf = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    plain, six = free_port(), has_ipv6()
    instances = [each.port for each in (server, *others)]
    for theirs, ours in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen [::]:80;", f"listen [::1]:{plain};" if six else ""),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("listen [::]:443 ssl http2;", f"listen [::1]:{port} ssl http2;" if six else ""),
        ("server 127.0.0.1:8000;", " ".join(f"server 127.0.0.1:{each};" for each in instances)),
        (_LISTED, _LISTED + "".join(f'\n    {address} "";' for address in known)),
        ("/etc/ssl/companion", str(folder)),
        ("/opt/companion", str(ROOT)),
    ):
        assert theirs in conf
        conf = conf.replace(theirs, ours)
    # As docs/operating.md says of several instances.
    for limit in ("all_senders 200", "all_uploaders 20"):
        assert limit in conf
        name, most = limit.split()
        conf = conf.replace(limit, f"{name} {int(most) * len(instances)}")
    (folder / "companion.conf").write_text(conf, encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    spools = "".join(f"{kind}_temp_path {folder}/spool/{kind};" for kind in kinds)
    (folder / "spool").mkdir()
    user = "user root;" if psutil.Process().uids().effective == 0 else ""
    (folder / "nginx.conf").write_text(
        f"daemon off; {user} pid {folder}/pid; error_log stderr; events {{}} "
        f"http {{ include /etc/nginx/mime.types; {spools} include {folder}/companion.conf; }}",
        encoding="utf-8",
    )
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    with (folder / "printed").open("wb") as sink:
        process = subprocess.Popen(
            [nginx, "-e", "stderr", "-c", str(folder / "nginx.conf")],
            stdout=sink,
            stderr=errors.fileno() if errors else sink,
        )
        made = Front(port, psutil.Process(process.pid), folder, server)
        try:
            wait_for_answer(made)
            yield made
        finally:
            process.terminate()
            process.wait(15)


def has_ipv6() -> bool:
    """Whether this machine can be reached by IPv6 on itself."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def make_certificate(folder: Path, days: float) -> None:
    """A certificate that ends in so many days, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=99))
        .not_valid_after(now + datetime.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def wait_for_answer(front: Front) -> None:
    pause = threading.Event()
    for _ in range(200):
        try:
            front.get("/healthz")
            return
        except OSError:
            pass
        pause.wait(0.05)
    raise AssertionError((front.folder / "printed").read_text(errors="replace"))


@contextmanager
def connect(front: Front, source: str = "127.0.0.1") -> Iterator[ssl.SSLSocket]:
    """A line to the front; ``source`` is the visitor's address, 127.anything."""
    plain = socket.create_connection(
        ("127.0.0.1", front.port), timeout=60, source_address=(source, 0)
    )
    with ssl._create_unverified_context().wrap_socket(plain) as line:
        yield line
