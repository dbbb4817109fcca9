"""What a copy to share keeps, changes and takes out: the facts, read and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from companion.content.library import Fields, read_toml

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class PresetFacts:
    """What a copy for one purpose keeps."""

    moves_days: bool
    """Whether days are moved, all by as much; otherwise one day stands for all."""
    descriptors: bool
    """Whether descriptions stay whose every word is one of imaging."""
    machine: bool
    """Whether maker, model and software stay."""
    keeps: frozenset[str]
    """Keywords of the patient's characteristics that stay."""


@dataclass(frozen=True, slots=True)
class CleaningFacts:
    """All of ``cleaning.toml``; keywords of the DICOM dictionary."""

    method: str
    removed: frozenset[str]
    emptied: frozenset[str]
    descriptors: frozenset[str]
    binary: frozenset[str]
    schemes: frozenset[str]
    settings: frozenset[str]
    plain_pictures: frozenset[str]
    """Values of Modality (0008,0060)."""
    not_cleaned: frozenset[str]
    """Keywords of SOP classes."""
    named_by_code: frozenset[str]
    presets: Mapping[str, PresetFacts]


@cache
def code_words() -> frozenset[str]:
    """Words of the meanings of codes in PS3.16, folded; see ``code-words.toml``."""
    return frozenset(read_toml(FOLDER / "code-words.toml").text("words").split())


@cache
def code_meanings() -> frozenset[str]:
    """Whole meanings in which somebody's name stands, folded; see ``code-words.toml``."""
    return frozenset(read_toml(FOLDER / "code-words.toml").texts("meanings"))


@cache
def machine_words() -> frozenset[str]:
    """Words of code strings, devices and programs, folded; see ``machine-words.toml``."""
    file = read_toml(FOLDER / "machine-words.toml")
    return frozenset(f"{file.text('terms')} {file.text('devices')}".split())


@cache
def facts() -> CleaningFacts:
    """The facts; ``ContentError`` where the file is wrong."""
    file = read_toml(FOLDER / "cleaning.toml")
    presets = file.table("presets")
    found = CleaningFacts(
        method=file.text("method"),
        removed=frozenset(file.texts("removed")),
        emptied=frozenset(file.texts("emptied")),
        descriptors=frozenset(file.texts("descriptors")),
        binary=frozenset(file.texts("binary")),
        schemes=frozenset(file.texts("schemes")),
        settings=frozenset(file.texts("settings")),
        plain_pictures=frozenset(file.texts("plain-pictures")),
        not_cleaned=frozenset(file.texts("not-cleaned")),
        named_by_code=frozenset(file.texts("named-by-code")),
        presets={name: _preset(presets.table(name)) for name in presets.names()},
    )
    file.done()
    return found


def _preset(table: Fields) -> PresetFacts:
    found = PresetFacts(
        moves_days=table.choice("days", ("moved", "removed")) == "moved",
        descriptors=table.flag("descriptors"),
        machine=table.flag("machine"),
        keeps=frozenset(table.texts("keeps")),
    )
    table.done()
    return found
