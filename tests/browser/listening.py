"""A place outside the site that counts whoever comes: over TCP, and over UDP as WebRTC does."""

from __future__ import annotations

import selectors
import socket
import threading
from types import TracebackType


class Listener:
    """Listens on one port of this machine; use as a context manager."""

    def __init__(self) -> None:
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.heard: list[str] = []
        """The start of each connection's first words, and ``udp`` for each datagram."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join(5)
        self._tcp.close()
        self._udp.close()

    def _listen(self) -> None:
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._tcp, selectors.EVENT_READ)
            waiting.register(self._udp, selectors.EVENT_READ)
            while not self._over.is_set():
                for key, _ in waiting.select(0.1):
                    if key.fileobj is self._udp:
                        self._udp.recv(2048)
                        self.heard.append("udp")
                    else:
                        self._answer(self._tcp.accept()[0])

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(0.5)
            try:
                self.heard.append(connection.recv(200).decode("latin-1").partition("\r\n")[0])
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            except OSError:
                self.heard.append("")
