"""``parts``: the list of everything the companion is made of, as a CycloneDX document.

Python's packages with their hashes come from the lock files that an installation uses, their
licences from what is installed, Debian's packages from ``script/setup`` and from dpkg's list of
what the machine has, the fonts from ``static/fonts``. Nothing is asked of the network, and two runs
on one machine are equal.
"""

from __future__ import annotations

import base64
import json
import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management.base import CommandParser

from companion.web.management import debian
from companion.web.management.plain import PlainCommand, write_file

_PINNED = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)")
_CODEC_LICENCES = {
    "libLerc": "Apache-2.0",
    "libSPERR": "BSD-3-Clause",
    "libSZ3c": "BSD-3-Clause-like (Argonne)",
    "libaec": "BSD-2-Clause",
    "libaom": "BSD-2-Clause",
    "libavif": "BSD-2-Clause",
    "libblosc": "BSD-3-Clause",
    "libblosc2": "BSD-3-Clause",
    "libbrotlicommon": "MIT",
    "libbrotlidec": "MIT",
    "libbrotlienc": "MIT",
    "libcharls": "BSD-3-Clause",
    "libcpcodec": "Apache-2.0",
    "libdeflate": "MIT",
    "libgif": "MIT",
    "libgomp": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libjpeg": "IJG AND BSD-3-Clause",
    "libjpegxr": "BSD-2-Clause",
    "libjxl": "BSD-3-Clause",
    "libjxl_cms": "BSD-3-Clause",
    "libjxl_threads": "BSD-3-Clause",
    "libjxrglue": "BSD-2-Clause",
    "liblcms2": "MIT",
    "liblz4": "BSD-2-Clause",
    "liblzfse": "BSD-3-Clause",
    "liblzhamcomp": "MIT",
    "liblzhamdecomp": "MIT",
    "liblzhamdll": "MIT",
    "liblzma": "0BSD",
    "liblzokay": "MIT",
    "liblzokay-c": "MIT",
    "libmeshoptimizer": "MIT",
    "libopenjp2": "BSD-2-Clause",
    "libopenjph": "BSD-2-Clause",
    "libpng16": "libpng-2.0",
    "libsharpyuv": "BSD-3-Clause",
    "libsnappy": "BSD-3-Clause",
    "libsz": "BSD-2-Clause",
    "libtiff": "libtiff",
    "libuhdr": "Apache-2.0",
    "libwebp": "BSD-3-Clause",
    "libwebpdemux": "BSD-3-Clause",
    "libzfp": "BSD-3-Clause",
    "libzopfli": "Apache-2.0",
    "libzstd": "BSD-3-Clause",
}
"""Licences of the libraries inside imagecodecs' wheel, which it does not state: as their own
projects do. Its runtime for threads, GCC's, is under the GPL with the exception that lets any
program ship it."""
_INSIDE_PYODIDE = {
    "bzip2": "bzip2-1.0.6",
    "cpython": "PSF-2.0",
    "emscripten": "MIT OR NCSA",
    "expat": "MIT",
    "libffi": "MIT",
    "libmpdec": "BSD-2-Clause",
    "musl": "MIT",
    "sqlite": "blessing",
    "xz": "0BSD",
    "zlib": "Zlib",
}
"""What Pyodide is built from, as these projects license it; its package does not state it."""
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class Command(PlainCommand):
    help = "Write the list of parts (SBOM, CycloneDX 1.6) with licences."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", metavar="FILE.json", help="without it, the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        text = json.dumps(bill_of_materials(Path(settings.BASE_DIR)), indent=1) + "\n"
        if not options["out"]:
            self.stdout.write(text, ending="")
            return
        write_file(options["out"], text)


def bill_of_materials(root: Path) -> dict[str, Any]:
    """The CycloneDX 1.6 document of the project in ``root``."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": project["name"],
                "version": project["version"],
                "licenses": _licences([project["license"]]),
            }
        },
        "components": [
            *_all_wheels(root),
            *_codecs(),
            *_models(),
            *_of_the_device(root / "companion" / "ondevice" / "npm" / "package-lock.json"),
            *_debian(root),
            *_fonts(root),
        ],
    }


LOCKS = ("requirements.lock", "pictures.lock", "postgresql.lock", "oidc.lock")
"""All that an installation may use; the operator chooses the last three."""


def _all_wheels(root: Path) -> Iterator[dict[str, Any]]:
    """Each package once, though some are in two lock files; those that are a choice say so."""
    seen: set[str] = set()
    for lock in LOCKS:
        for wheel in _wheels(root / lock):
            if wheel["name"] not in seen:
                seen.add(wheel["name"])
                scope = "required" if lock == LOCKS[0] else "optional"
                yield {**wheel, "scope": scope}


def _wheels(lock: Path) -> Iterator[dict[str, Any]]:
    """Python's packages, each with the hashes that an installation accepts."""
    entries = re.split(r"\n(?=\S)", lock.read_text("utf-8"))
    for entry in entries:
        pinned = _PINNED.match(entry)
        if pinned is None:
            continue
        name, version = pinned.groups()
        yield {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name.lower().replace('_', '-')}@{version}",
            "licenses": _licences(_stated(name)),
            "externalReferences": [
                {
                    "type": "distribution",
                    "url": f"pkg:pypi/{name.lower().replace('_', '-')}@{version}",
                    "hashes": [
                        {"alg": "SHA-256", "content": found} for found in _HASH.findall(entry)
                    ],
                }
            ],
        }


def _installed(package: str, pattern: str) -> list[tuple[str, str]]:
    """Files of an installed package, by their name and SHA-256 as its wheel records it."""
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        return []
    found = [(file, re.search(pattern, str(file))) for file in files]
    return sorted(
        (name[1], base64.urlsafe_b64decode(file.hash.value + "==").hex())
        for file, name in found
        if name is not None and file.hash is not None
    )


def _codecs() -> Iterator[dict[str, Any]]:
    """The libraries inside the wheel of imagecodecs, each a file of its own."""
    for file, digest in _installed("imagecodecs", r"^imagecodecs\.libs/(.+)$"):
        name = re.split(r"-[0-9a-f]{8}\b", file)[0]
        version = file.rpartition(".so.")[2] if ".so." in file else ""
        yield {
            "type": "library",
            "name": f"imagecodecs/{name}",
            **({"version": version} if version else {}),
            "licenses": _licences([_CODEC_LICENCES.get(name, "see the project of this name")]),
            "hashes": [{"alg": "SHA-256", "content": digest}],
        }


def _models() -> Iterator[dict[str, Any]]:
    """The models that are used of those in the wheel of rapidocr."""
    for file, digest in _installed("rapidocr", r"^rapidocr/(models/PP-OCRv6_.+\.onnx)$"):
        yield {
            "type": "machine-learning-model",
            "name": f"rapidocr/{file}",
            "licenses": _licences(["Apache-2.0"]),
            "hashes": [{"alg": "SHA-256", "content": digest}],
        }


def _of_the_device(lock: Path) -> Iterator[dict[str, Any]]:
    """Python for WebAssembly, which visitors' browsers load, and what is inside it."""
    packages = json.loads(lock.read_text("utf-8"))["packages"]
    pyodide = packages["node_modules/pyodide"]
    kind, _, digest = pyodide["integrity"].partition("-")
    yield {
        "type": "framework",
        "name": "pyodide",
        "version": pyodide["version"],
        "purl": f"pkg:npm/pyodide@{pyodide['version']}",
        "licenses": _licences([pyodide["license"]]),
        "hashes": [
            {"alg": kind.upper().replace("SHA", "SHA-"), "content": base64.b64decode(digest).hex()}
        ],
    }
    for name, licence in _INSIDE_PYODIDE.items():
        yield {"type": "library", "name": f"pyodide/{name}", "licenses": _licences([licence])}


def _stated(name: str) -> list[str]:
    """The licences that an installed package states: its expression, or else its labels."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return []
    if "License-Expression" in about:
        return [about["License-Expression"]]
    labels = [
        label.rpartition(" :: ")[2]
        for label in about.get_all("Classifier", [])
        if label.startswith("License :: ") and label != "License :: OSI Approved"
    ]
    line = about["License"].strip() if "License" in about else ""
    return labels or ([line] if line and "\n" not in line else [])


def _licences(names: list[str]) -> list[dict[str, Any]]:
    return [{"license": {"name": name}} for name in names]


def _debian(root: Path) -> Iterator[dict[str, Any]]:
    """Debian's packages and what they depend on, as this machine has them."""
    said = re.search(r"RUNTIME_PACKAGES=\(([^)]*)\)", (root / "script/setup").read_text("utf-8"))
    for package in debian.needed(said[1].split() if said else ()):
        version = f"@{quote(package.version)}" if package.version else ""
        arch = f"?arch={package.architecture}" if package.architecture else ""
        yield {
            "type": "library",
            "name": package.name,
            **({"version": package.version} if package.version else {}),
            "purl": f"pkg:deb/debian/{package.name}{version}{arch}",
            **({"licenses": _licences(list(package.licences))} if package.licences else {}),
        }


def _fonts(root: Path) -> Iterator[dict[str, Any]]:
    folder = root / "static/fonts"
    for file in sorted(folder.glob("*.ttf")):
        yield {
            "type": "file",
            "name": f"static/fonts/{file.name}",
            "licenses": _licences(["Bitstream Vera and Arev, see static/fonts/LICENSE.txt"]),
        }
