"""Debian's packages that the companion needs, as the machine has them installed.

Read from dpkg's own list and the copyright files beside it; a machine without them (another
system, or a package that is not installed) is told by names alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

STATUS = Path("/var/lib/dpkg/status")
DOCUMENTS = Path("/usr/share/doc")


@dataclass(frozen=True, slots=True)
class Package:
    """``version`` is ``""`` and ``licences`` empty where the machine does not tell."""

    name: str
    version: str
    architecture: str
    licences: tuple[str, ...]


def needed(
    names: Iterable[str], *, status: Path = STATUS, documents: Path = DOCUMENTS
) -> list[Package]:
    """These packages and all that they depend on, by name."""
    known = _installed(status)
    found: dict[str, Package] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        about = known.get(name, {})
        found[name] = Package(
            name,
            about.get("Version", ""),
            about.get("Architecture", ""),
            tuple(_licences(documents / name / "copyright")) if about else (),
        )
        waiting += _dependencies(about, known)
    return [found[name] for name in sorted(found)]


def _installed(status: Path) -> dict[str, dict[str, str]]:
    try:
        text = status.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    found = {}
    for paragraph in text.split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z-]+): (.*)$", paragraph, re.MULTILINE))
        if fields.get("Status", "").endswith(" installed"):
            found[fields["Package"]] = fields
            # A package may stand in for others: "awk", which mawk provides.
            for name in re.findall(r"[a-z0-9][a-z0-9+.-]+(?=[\s,(]|$)", fields.get("Provides", "")):
                found.setdefault(name, fields)
    return found


def _dependencies(about: dict[str, str], known: dict[str, dict[str, str]]) -> Iterator[str]:
    for name in ("Pre-Depends", "Depends"):
        for choice in about.get(name, "").split(","):
            names = re.findall(r"(?:^|\|)\s*([a-z0-9][a-z0-9+.-]*)", choice)
            # Of "one | other" the installed one counts, under the name that it has itself.
            installed = next((known[one]["Package"] for one in names if one in known), "")
            if installed:
                yield installed


def _licences(copyright_file: Path) -> Iterator[str]:
    """The short names of a copyright file in Debian's machine-readable form, each once."""
    try:
        text = copyright_file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    names = re.findall(r"^License:[ \t]*(\S.*?)[ \t]*$", text, re.MULTILINE)
    yield from dict.fromkeys(names) or (f"see {DOCUMENTS / copyright_file.parent.name}/copyright",)
