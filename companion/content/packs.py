"""The packs that a patient group can start from: ``packs/<slug>.toml``, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from companion.content.library import CONTENT, Words, read_toml, translated

FOLDER = CONTENT / "packs"


@dataclass(frozen=True, slots=True)
class Pack:
    """What one pack holds, and its words by language."""

    slug: str
    order: int
    checklists: tuple[str, ...]
    letters: tuple[str, ...]
    card: bool
    slip: bool
    opens: str
    """The name of the page that its code opens, where the cover explains one and can stand alone;
    else ``""``."""
    title: Words
    about: Words
    cover: Words


@cache
def packs() -> Mapping[str, Pack]:
    """All packs by slug, in their order."""
    return load(FOLDER)


def load(folder: Path) -> Mapping[str, Pack]:
    """Read and check a folder of packs; ``ContentError`` names what is wrong.

    A checklist or a letter that a pack names must have a folder of its own.
    """
    found = [_pack(file) for file in sorted(folder.glob("*.toml"))]
    return {pack.slug: pack for pack in sorted(found, key=lambda pack: (pack.order, pack.slug))}


def _pack(file: Path) -> Pack:
    fields = read_toml(file)
    for kind in ("checklists", "letters"):
        for name in fields.texts(kind):
            if not (CONTENT / kind / name).is_dir():
                raise fields.error(kind, f"there is no {kind[:-1]} {name!r}")
    pack = Pack(
        slug=file.stem,
        order=fields.number("order"),
        checklists=fields.texts("checklists"),
        letters=fields.texts("letters"),
        card=fields.flag("card"),
        slip=fields.flag("slip"),
        opens=fields.text("opens", ""),
        title=translated(fields, "title"),
        about=translated(fields, "about"),
        cover=translated(fields, "cover"),
    )
    fields.done()
    return pack
