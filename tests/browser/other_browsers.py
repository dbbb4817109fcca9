"""Firefox and WebKitGTK, driven by the WebDriver that each of them has of its own.

Playwright drives only browsers that it has built itself. Firefox is spoken to in Marionette, the
protocol behind its WebDriver, and WebKitGTK over the WebDriver of Debian's package. Both know the
same commands, of which a smoke test needs few.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.server import free_port

FIREFOX = Path("/usr/bin/firefox-esr")
WEBKIT_DRIVER = Path("/usr/bin/WebKitWebDriver")
XVFB = Path("/usr/bin/Xvfb")
START_SECONDS = 60
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which WebDriver hands an element over (W3C WebDriver, section 11)."""


class WebDriverError(Exception):
    """What the browser said that it could not do."""


class OtherBrowser(ABC):
    """A browser with one window; use as a context manager."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[bytes]] = []

    @abstractmethod
    def ask(self, command: str, **arguments: Any) -> Any:
        """One command, named as Marionette names it, and its answer. Raises
        ``WebDriverError``."""

    @abstractmethod
    def _open(self) -> None: ...

    def __enter__(self) -> OtherBrowser:
        try:
            self._open()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._end()

    def _start(self, *command: object, **environment: str) -> subprocess.Popen[bytes]:
        # A group of its own, so that it ends with all that it started.
        started = subprocess.Popen(
            [str(part) for part in command], env=os.environ | environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._started.append(started)
        return started

    def _end(self) -> None:
        for started in reversed(self._started):
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
            started.wait()

    def go(self, address: str) -> None:
        """Open a page and wait until it has loaded."""
        self.ask("Navigate", url=address)

    def run(self, body: str, *arguments: object) -> Any:
        """What a function with this body returns in the page; a promise is waited for."""
        return self.ask("ExecuteScript", script=body, args=list(arguments))

    def run_as_the_page(self, function: str, *arguments: object) -> None:
        """Run a function as a script of the page's own, under the page's own policy, which must
        allow ``blob:``; wait for its end."""
        self.run(
            """
            const [source, given] = arguments;
            return new Promise((resolve, reject) => {
              const ended = '() => document.dispatchEvent(new Event("ran"))';
              const text = `(${source})(...${given}).then(${ended}, ${ended});`;
              const script = document.createElement("script");
              script.src = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
              script.onerror = () => reject(new Error("the page refuses scripts of blobs"));
              document.addEventListener("ran", () => resolve(), { once: true });
              document.head.append(script);
            });
            """,
            f"async (...all) => ({function})(...all)",
            json.dumps(arguments),
        )

    def find(self, selector: str) -> str:
        """The handle of the first element that a CSS selector names. Raises
        ``WebDriverError``."""
        found: dict[str, Any] = self.ask("FindElement", using="css selector", value=selector)
        return str(found.get("value", found)[_ELEMENT])

    def click(self, selector: str) -> None:
        self.ask("ElementClick", id=self.find(selector))

    def choose(self, selector: str, *files: Path) -> None:
        """Choose files in a field for files."""
        text = "\n".join(str(file) for file in files)
        self.ask("ElementSendKeys", id=self.find(selector), text=text)

    def wait_for(self, condition: str, seconds: float = 120) -> None:
        """Wait until an expression is true in the page. Raises ``AssertionError``."""
        until(lambda: bool(self.run(f"return Boolean({condition})")), seconds, condition)

    def screenshot(self) -> bytes:
        """What the window shows, as PNG."""
        return base64.b64decode(self._value(self.ask("TakeScreenshot", full=False)))

    @staticmethod
    def _value(answer: Any) -> Any:
        return answer["value"] if isinstance(answer, dict) and "value" in answer else answer


class Firefox(OtherBrowser):
    """Debian's Firefox without a window, over Marionette."""

    def __init__(self, folder: Path) -> None:
        """``folder``: an empty one, for its profile."""
        super().__init__()
        self._folder = folder
        self._line: socket.socket | None = None
        self._number = 0

    def _open(self) -> None:
        port = free_port()
        settings = {
            "marionette.port": port,
            # What it would ask the net for by itself.
            "app.normandy.enabled": False,
            "app.update.disabledForTesting": True,
            "browser.newtabpage.enabled": False,
            "browser.safebrowsing.downloads.remote.enabled": False,
            "browser.shell.checkDefaultBrowser": False,
            "browser.startup.page": 0,
            "datareporting.policy.dataSubmissionEnabled": False,
            "extensions.getAddons.cache.enabled": False,
            "network.captive-portal-service.enabled": False,
            "network.connectivity-service.enabled": False,
            "services.settings.server": "data:,",
            "toolkit.telemetry.enabled": False,
            # A try to open a window counts only where no blocker of windows stands before it.
            "dom.disable_open_during_load": False,
            # A datagram of WebRTC to this machine counts too; it is all that a test has.
            "media.peerconnection.ice.loopback": True,
        }
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(set_)});" for name, set_ in settings.items()
        ]
        (self._folder / "user.js").write_text("\n".join(lines), encoding="utf-8")
        self._start(
            FIREFOX, "--headless", "--no-remote", "--marionette", "--remote-allow-system-access",
            "--profile", self._folder, HOME=str(self._folder), MOZ_CRASHREPORTER_DISABLE="1",
        )  # fmt: skip
        self._line = connected(port)
        self._hear()  # it introduces itself
        self.ask("NewSession", capabilities={"alwaysMatch": {"timeouts": {"script": 300_000}}})

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        super()._end()

    def ask(self, command: str, **arguments: Any) -> Any:
        assert self._line is not None
        self._number += 1
        name = command if ":" in command else f"WebDriver:{command}"
        text = json.dumps([0, self._number, name, arguments]).encode()
        self._line.sendall(b"%d:%b" % (len(text), text))
        _, _, error, result = self._hear()
        if error:
            raise WebDriverError(f"{error['error']}: {error['message']}")
        return self._value(result)

    def _hear(self) -> Any:
        assert self._line is not None
        length = b""
        while not length.endswith(b":"):
            length += self._received(1)
        return json.loads(self._received(int(length[:-1])))

    def _received(self, count: int) -> bytes:
        assert self._line is not None
        data = bytearray()
        while len(data) < count:
            piece = self._line.recv(count - len(data))
            if not piece:
                raise WebDriverError("Firefox has ended")
            data += piece
        return bytes(data)

    def set_offline(self, offline: bool) -> None:
        """As the menu's "Work offline" does."""
        self.ask("Marionette:SetContext", value="chrome")
        try:
            self.run("Services.io.offline = arguments[0];", offline)
        finally:
            self.ask("Marionette:SetContext", value="content")


_PATHS = {
    "Navigate": "url",
    "ExecuteScript": "execute/sync",
    "FindElement": "element",
    "ElementClick": "element/{id}/click",
    "ElementSendKeys": "element/{id}/value",
    "TakeScreenshot": "screenshot",
}
"""Where a session of WebDriver takes each command (W3C WebDriver, section 6.5)."""
_BY_GET = {"TakeScreenshot"}


class WebKit(OtherBrowser):
    """Debian's WebKitGTK in a window that nobody sees, over its WebDriver."""

    def __init__(self, folder: Path) -> None:
        """``folder``: an empty one, for what it keeps."""
        super().__init__()
        self._folder = folder
        self._address = ""

    def _open(self) -> None:
        port, screen = free_port(), self._screen()
        self._start(
            WEBKIT_DRIVER, f"--port={port}", DISPLAY=screen, GDK_BACKEND="x11",
            HOME=str(self._folder), XDG_CACHE_HOME=str(self._folder / "cache"),
            XDG_DATA_HOME=str(self._folder / "data"), WEBKIT_DISABLE_COMPOSITING_MODE="1",
            LIBGL_ALWAYS_SOFTWARE="1",
        )  # fmt: skip
        connected(port).close()
        root = f"http://127.0.0.1:{port}/session"
        made = self._post(
            root, {"capabilities": {"alwaysMatch": {"timeouts": {"script": 300_000}}}}
        )
        self._address = f"{root}/{made['sessionId']}"

    def _screen(self) -> str:
        """A screen of its own, which Xvfb chooses and tells."""
        told, telling = os.pipe()
        with os.fdopen(told, "rb") as hears:
            started = subprocess.Popen(
                [XVFB, "-displayfd", str(telling), "-screen", "0", "1280x1024x24"],
                pass_fds=[telling], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
            self._started.append(started)
            os.close(telling)
            return f":{hears.readline().decode().strip()}"

    def ask(self, command: str, **arguments: Any) -> Any:
        path = _PATHS[command].format(**arguments)
        if command in _BY_GET:
            return self._post(f"{self._address}/{path}", None)
        return self._post(f"{self._address}/{path}", arguments)

    @staticmethod
    def _post(address: str, body: dict[str, Any] | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=320) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            with error:
                said = json.load(error)["value"]
            raise WebDriverError(f"{said['error']}: {said['message']}") from None


def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for a condition. Raises ``AssertionError``, which says ``what``."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.1)


def connected(port: int) -> socket.socket:
    """A connection to a program that is about to listen. Raises ``OSError``."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            line = socket.create_connection(("127.0.0.1", port))
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            line.settimeout(320)
            return line
