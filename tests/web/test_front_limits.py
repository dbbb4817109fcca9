"""Whom the front takes for one visitor, and what it counts of each."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.builders import make_multipart, make_scan
from tests.front import HOST, connect, make_site
from tests.server import ROOT


def test_what_a_killed_process_of_the_front_had_counted_is_gone_with_it(tmp_path: Path) -> None:
    with make_site(tmp_path) as front:
        for _ in range(10):  # one address may have 8 scans under way
            with connect(front) as line:
                line.sendall(
                    f"POST /scans/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 900000\r\n"
                    "Content-Type: multipart/form-data; boundary=slow\r\n"
                    "Sec-Fetch-Site: same-origin\r\n\r\n--slow\r\n".encode()
                )
                time.sleep(0.3)  # it is under way
                (working,) = front.process.children()
                working.kill()
                while front.process.children() in ([], [working]):
                    time.sleep(0.02)
        scan = make_multipart([("scan.dcm", make_scan())])
        assert front.post("/scans/", *scan).status == 200


def test_one_household_is_one_visitor(tmp_path: Path) -> None:
    same = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2:3:4:5:6"]
    short = ["2001:db8::1", "2001:db8::ffff:1"]
    others = ["2001:db8:1:3::1", "192.0.2.1", "192.0.2.2", "2001:db8:1::1"]
    with who_is(tmp_path) as ask:
        keys = {address: ask(address) for address in same + short + others}
        assert ask("192.0.2.10") == ""  # the one that the front's comment lists

    assert len({keys[address] for address in same}) == 1
    assert len({keys[address] for address in short}) == 1
    assert len(set(keys.values())) == 2 + len(others)
    assert "" not in keys.values()


@contextmanager
def who_is(folder: Path) -> Iterator[Callable[[str], str]]:
    """An nginx with the front's first lines, that says whom it takes somebody for."""
    conf = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    maps = conf[: conf.index("limit_conn_zone")]
    assert '# 192.0.2.10 "";' in maps
    (folder / "maps.conf").write_text(maps.replace("# 192", "192"), encoding="utf-8")
    door = folder / "door"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr; events {{}} "
        "http { access_log off; "
        + "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        + f"include {folder}/maps.conf; server {{ listen unix:{door}; "
        "set_real_ip_from unix:; real_ip_header X-Real; return 200 $visitor; } }",
        encoding="utf-8",
    )
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([nginx, "-e", "stderr", "-c", str(folder / "nginx.conf")])

    def ask(address: str) -> str:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(door))
            line.sendall(f"GET / HTTP/1.0\r\nX-Real: {address}\r\n\r\n".encode())
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        return answer.partition(b"\r\n\r\n")[2].decode("latin-1")

    try:
        while True:
            time.sleep(0.02)
            assert process.poll() is None
            with suppress(OSError):
                ask("192.0.2.1")
                break
        yield ask
    finally:
        process.terminate()
        process.wait(15)
