"""The engine of the visitor's browser, run under Node with the same parts and the same script."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

import playwright

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(playwright.__file__).parent / "driver" / "node"
"""Playwright's wheel brings it along."""
STACK_KB = 500
"""What Chromium gives a worker, which is half of what Node takes for itself. On it WebAssembly
calls itself, and its overflow ends Python there."""
SETTINGS = {"language_code": "en", "letter_place": "-", "site": "https://testserver"}


class EngineError(Exception):
    """What JavaScript or Python threw there."""


class Engine:
    """A Node with one session in it; use as a context manager."""

    def __init__(self, parts: Path) -> None:
        """``parts``: the folder that ``companion.ondevice.packing`` wrote."""
        here = Path(__file__).with_name("engine.mjs")
        script = ROOT / "static" / "js" / "device-engine.js"
        self._node = subprocess.Popen(
            [NODE, f"--stack-size={STACK_KB}", here, parts, script],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.ask("open", settings=SETTINGS)

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._node.kill()
        self._node.communicate()

    def ask(self, what: str, **arguments: Any) -> Any:
        """One request and its answer. Raises ``EngineError``."""
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(json.dumps({"do": what, **arguments}) + "\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline())
        if "error" in answer:
            raise EngineError(answer["error"])
        return answer["ok"]

    def read(self, files: list[tuple[str, Path]], given_up: tuple[int, ...] = ()) -> Any:
        """Read files, each by its name in the report and its place on this machine."""
        names = [name for name, _ in files]
        paths = [str(path) for _, path in files]
        return self.ask("read", names=names, paths=paths, given_up=given_up)

    def report(self) -> Any:
        """The report's JSON."""
        return json.loads(self.ask("saved", kind="json"))
