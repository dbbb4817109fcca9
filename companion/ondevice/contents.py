"""What goes into the bundles: an allow-list by package, our own and those of others.

Our own packages are followed as they stand, so that a new detector or a new text is in the
next bundle by itself. Left out is what exists for no browser.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import Distribution, PackagePath, distribution
from pathlib import Path

from companion.content.library import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]

ENGINE = (
    "companion/__init__.py",
    "companion/folding.py",
    "companion/signatures.py",
    "companion/content",
    "companion/scans",
    "companion/cleaning",
)
"""Files and folders of our own that read scans and clean them."""
REPORT = (
    "companion/checklists",
    "companion/letters",
    "companion/receipts",
    "companion/calendar_file.py",
    "companion/clock.py",
    "companion/ondevice/__init__.py",
    "companion/ondevice/addresses.py",
    "companion/ondevice/door.py",
    "companion/ondevice/runtime.py",
    "companion/ondevice/page_settings.py",
    "companion/ondevice/session.py",
    "companion/web/__init__.py",
    "companion/web/dates.py",
    "companion/web/json_text.py",
    "companion/web/languages.py",
    "companion/web/links.py",
    "companion/web/words.py",
    "companion/web/scans/__init__.py",
    "companion/web/scans/clean/__init__.py",
    "companion/web/scans/clean/page.py",
    "companion/web/scans/clean/printed.py",
    "companion/web/scans/device/__init__.py",
    "companion/web/scans/device/page.py",
    "companion/web/scans/purposes.py",
    "companion/web/scans/receipts/__init__.py",
    "companion/web/scans/receipts/letter_facts.py",
    "companion/web/scans/receipts/page.py",
    "companion/web/scans/report",
    "companion/web/templatetags",
    "templates/components",
    "templates/print/receipt_sheet.html",
    "templates/print/what_was_removed.html",
    "templates/scans",
)
"""Files and folders of our own that make the page of a report, of a copy and of a receipt."""
NOT_THERE = (
    # One upload, one process: in a browser the worker is that process.
    "companion/scans/isolation",
    "companion/cleaning/isolation",
    "companion/receipts/isolation",
    # Pixels: numpy and the model runner exist for no browser.
    "companion/scans/pictures/",
    "companion/cleaning/pixels/",
    "companion/cleaning/faces",
    "companion/cleaning/picture_cleaner.py",
    "companion/receipts/decoding.py",
)
_OF_PICTURES = (
    # The shapes of what was seen, and how a picture is stored and written back, need neither.
    "companion/scans/pictures/__init__.py",
    "companion/scans/pictures/encapsulated.py",
    "companion/scans/pictures/stored.py",
    "companion/cleaning/pixels/__init__.py",
    "companion/cleaning/pixels/picture.py",
    "companion/cleaning/pixels/streams.py",
    "companion/cleaning/pixels/tidying.py",
)
_ENDINGS = {".py", ".toml", ".md", ".html", ".svg"}


@dataclass(frozen=True, slots=True)
class Library:
    """Someone else's package, in part."""

    name: str
    """Of the distribution, as the lock file has it."""
    takes: tuple[str, ...]
    """Files, and folders with all that is in them, below ``site-packages``."""
    leaves: tuple[str, ...] = ()
    """What of these stays out."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """Modules that the package imports and that do nothing for us, by what stands in their
    place. Left out of the package's own files."""
    told: bool = False
    """It asks for its own version, so its METADATA goes along."""


ENGINE_LIBRARIES = (
    Library(
        "pydicom",
        ("pydicom",),
        leaves=(
            "pydicom/cli", "pydicom/data/charset_files", "pydicom/data/palettes",
            "pydicom/data/test_files", "pydicom/data/hashes.json", "pydicom/data/urls.json",
            "pydicom/examples", "pydicom/sr/codedict.py", "pydicom/sr/_cid_dict.py",
            "pydicom/sr/_concepts_dict.py", "pydicom/sr/_snomed_dict.py",
        ),
        instead={
            # It looks for scans of pydicom's tests, which are many megabytes.
            "pydicom/examples/__init__.py": "",
        },
        told=True,
    ),
    Library("pypdf", ("pypdf",), told=True),
    Library("dicom-anonymizer", (
        "dicomanonymizer/__init__.py", "dicomanonymizer/dicom_anonymization_databases",
    )),
    Library("typing_extensions", ("typing_extensions.py",)),
)  # fmt: skip
REPORT_LIBRARIES = (
    Library(
        "Django",
        (
            "django/__init__.py", "django/apps", "django/conf", "django/core", "django/dispatch",
            "django/http", "django/template", "django/templatetags",
            "django/urls", "django/utils",
        ),
        leaves=(
            "django/conf/app_template", "django/conf/project_template", "django/conf/locale/",
            "django/core/mail", "django/core/management", "django/core/serializers",
            "django/core/servers",
        ),
        instead={
            # An answer in JSON may hold rows of tables, and with them all that Django knows of
            # databases and forms would come. Nothing is answered there.
            "django/core/serializers/__init__.py": "",
            "django/core/serializers/json.py": (
                "from json import JSONEncoder as DjangoJSONEncoder\n"
            ),
            "django/core/checks/commands.py": "",
            "django/core/checks/database.py": "",
            # It would mail what went wrong to somebody.
            "django/utils/log.py": "def configure_logging(config, log): ...\n",
        },
    ),
    Library("asgiref", ("asgiref",)),
    Library("bleach", ("bleach",)),
    Library("django-template-partials", ("template_partials",)),
    Library("markdown-it-py", ("markdown_it",)),
    Library("mdurl", ("mdurl",)),
    Library("segno", ("segno",), leaves=("segno/cli.py", "segno/helpers.py")),
    Library("webencodings", ("webencodings",)),
)  # fmt: skip


def own(listed: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """The files of our own that a list names: name in the bundle, and where it is."""
    for name in listed:
        place = ROOT / name
        found = [place] if place.is_file() else sorted(place.rglob("*"))
        if not found:
            raise FileNotFoundError(name)
        for path in found:
            inner = path.relative_to(ROOT).as_posix()
            if path.suffix in _ENDINGS and path.is_file() and not _left_out(inner):
                yield inner, path


def catalogues() -> Iterator[tuple[str, Path]]:
    """The interface's compiled words, in each language that has some."""
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.mo")):
        yield path.relative_to(ROOT).as_posix(), path


def others(library: Library) -> Iterator[tuple[str, Path]]:
    """The files of somebody else's package that its entry takes."""
    installed = distribution(library.name)
    files = {str(file): file for file in installed.files or ()}
    taken = [
        name
        for name in sorted(files)
        if _below(name, library.takes)
        and not _below(name, (*library.leaves, *library.instead))
        and name.endswith((".py", ".json", ".txt"))
    ]
    if not taken:
        raise FileNotFoundError(library.name)
    for name in taken:
        yield name, Path(str(files[name].locate()))
    if library.name == "Django":
        yield from _django_languages(files)
    if library.told:
        yield _metadata(installed)


def _django_languages(files: Mapping[str, PackagePath]) -> Iterator[tuple[str, Path]]:
    """Django's own words and formats of dates, in our languages alone."""
    for name in sorted(files):
        if not name.startswith("django/conf/locale/") or not name.endswith((".py", ".mo")):
            continue
        parts = name.split("/")
        if len(parts) == 4 or parts[3] in LANGUAGES:
            yield name, Path(str(files[name].locate()))


def _metadata(installed: Distribution) -> tuple[str, Path]:
    for file in installed.files or ():
        if str(file).endswith(".dist-info/METADATA"):
            return str(file), Path(str(file.locate()))
    raise FileNotFoundError(f"{installed.metadata['Name']}: METADATA")


def _below(name: str, listed: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(one.rstrip("/") + "/") for one in listed)


def _left_out(name: str) -> bool:
    return name not in _OF_PICTURES and _below(name, NOT_THERE)
