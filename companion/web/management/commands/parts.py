"""``parts``: the list of everything the companion is made of, as a CycloneDX document.

Python's packages with their hashes come from the lock files that an installation uses, their
licences from what is installed, Debian's packages from ``script/setup``, the fonts from
``static/fonts``. Nothing is asked of the network, and two runs on one version are equal.
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

from django.conf import settings
from django.core.management.base import CommandParser

from companion.web.management.plain import PlainCommand, WrongInputError

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
        try:
            Path(options["out"]).write_text(text, encoding="utf-8")
        except OSError as error:
            raise WrongInputError(f"{options['out']}: {error.strerror}") from error


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
            *_wheels(root / "requirements.lock"),
            *_wheels(root / "pictures.lock"),
            *_codecs(),
            *_models(),
            *_debian(root),
            *_fonts(root),
        ],
    }


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
    """Debian's packages, whose versions and licences are those of the machine."""
    said = re.search(r"RUNTIME_PACKAGES=\(([^)]*)\)", (root / "script/setup").read_text("utf-8"))
    for name in said[1].split() if said else ():
        yield {"type": "library", "name": name, "purl": f"pkg:deb/debian/{name}"}


def _fonts(root: Path) -> Iterator[dict[str, Any]]:
    folder = root / "static/fonts"
    for file in sorted(folder.glob("*.ttf")):
        yield {
            "type": "file",
            "name": f"static/fonts/{file.name}",
            "licenses": _licences(["Bitstream Vera and Arev, see static/fonts/LICENSE.txt"]),
        }
