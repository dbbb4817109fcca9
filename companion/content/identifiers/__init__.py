"""What identifies a patient, and what to say of it: rules and their words.

The facts are in TOML files, one per group of findings, in the order in which a
report shows them; the words of every rule are in ``en.md`` and the other languages
beside it, those of the notes on files in ``notes.en.md`` and so on. Everything is read
once and checked; a fault is a ``ContentError`` that names the file and the field.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from companion.content.library import (
    LANGUAGES,
    SOURCE,
    ContentError,
    Fields,
    WordsFile,
    read_toml,
    translated_files,
)
from companion.folding import fold_value

FOLDER = Path(__file__).parent
EDITION = "2026c"
"""Of DICOM, whose Table E.1-1 the rules follow."""
GROUPS = (
    "who-you-are",  # name, number, birth date, contact
    "about-you",  # sex, age, weight, ethnicity, occupation ...
    "other-people",  # doctors, staff, relatives
    "when",  # dates and times
    "where",  # hospital, department, address, GPS
    "numbers",  # accession, study, order, insurance numbers; UIDs
    "machine",  # device, serial, software, implants
    "ai",  # programs that made a result or changed the picture; makers known for AI
    "words",  # free text, reports, notes, documents
    "hidden",  # preamble, trailing bytes, private notes, file names, archive
    "picture",  # burned-in text, face, overlay, icon: what headers say of the picture
    "claims",  # what the file says about having been de-identified
)
"""Groups of findings, most telling first, as a report shows them; one TOML file each."""
PARTS = ("title", "what", "why", "standard", "next")
"""The parts of a rule's words."""
CERTAINTIES = ("certain", "likely", "possible")
HIPAA = tuple("ABCDEFGHIJKLMNOPQR")
"""Letters of the identifiers in 45 CFR 164.514(b)(2)(i)."""
OPENINGS = ("broken-promise", "people", "report", "health", "ai", "who")
"""Parts of a report's opening, in the order in which they come before all else."""


@dataclass(frozen=True, slots=True)
class IdentifierRule:
    """One kind of finding: where it is found, how sure it is, what can be done."""

    id: str
    group: str
    order: int
    """Place in the report, over all groups; smaller is more telling."""
    hipaa: str | None
    certainty: str
    place: str | None
    """A place that wins over the element's own (a report's text, a UID)."""
    keywords: tuple[str, ...]
    """Keywords of the DICOM dictionary."""
    tags: tuple[str, ...]
    """Tags of eight hexadecimal digits, ``x`` for any digit; for what the dictionary lacks."""
    vrs: tuple[str, ...]
    """Value representations that lead here when no keyword or tag does."""
    vrs_listed: tuple[str, ...]
    """The same, only for rows of Table E.1-1."""
    not_keywords: tuple[str, ...]
    """Keywords that its ``vrs`` do not cover: they name a kind of file, not a patient."""
    inherit: bool
    """Whether codes and texts inside its sequences count as this rule too."""
    detector: str | None
    """Name of the detector that finds it; None when the table above does."""
    opening: str | None
    """The part of the report's opening that it belongs to, one of ``OPENINGS``; None where it
    can wait."""
    letters: tuple[str, ...]
    """Slugs of letters that help."""
    questions: tuple[str, ...]
    """Ids of questions that help."""


@dataclass(frozen=True, slots=True)
class Words:
    """The plain words of one rule in one language (Markdown)."""

    title: str
    what: str
    why: str
    standard: str
    next: str


@dataclass(frozen=True, slots=True)
class PrivateElement:
    """One private element whose name in the private dictionary identifies somebody."""

    creator: str
    tag: str
    """``0009xx40``: the group, the reserved block as ``xx``, the element."""
    vr: str
    name: str
    rule: str


@dataclass(frozen=True, slots=True)
class NamePattern:
    """Words in a private element's dictionary name that lead to a rule."""

    rule: str
    any: tuple[frozenset[str], ...]
    no: frozenset[str]
    vrs: frozenset[str]


@cache
def rules() -> dict[str, IdentifierRule]:
    """All rules by id, in the order of a report."""
    found: dict[str, IdentifierRule] = {}
    for group in GROUPS:
        file = read_toml(FOLDER / f"{group}.toml")
        letters, questions = file.texts("letters", ()), file.texts("questions", ())
        for name in file.names():
            if name in ("letters", "questions"):
                continue
            if name in found:
                raise ContentError(file.file, name, "is in another file already")
            found[name] = _rule(name, group, len(found), file.table(name), letters, questions)
        file.done()
    return found


def words(language: str) -> dict[str, Words]:
    """The words of every rule; English, marked, where ``language`` has none."""
    return _words()[language if language in LANGUAGES else SOURCE]


def notes(language: str) -> dict[str, str]:
    """The sentence of every note on a file, by its code; English, marked, where it is missing."""
    return _notes()[language if language in LANGUAGES else SOURCE]


@cache
def private_elements() -> tuple[PrivateElement, ...]:
    """Private elements known to identify somebody."""
    file = read_toml(FOLDER / "private-elements.toml")
    found = []
    for table in file.tables("element"):
        found.append(
            PrivateElement(
                table.text("creator"), table.text("tag"), table.text("vr"), table.text("name"),
                table.choice("rule", rules()),
            )
        )  # fmt: skip
        table.done()
    file.done()
    return tuple(found)


@cache
def name_patterns() -> tuple[NamePattern, ...]:
    """How a private element's dictionary name leads to a rule; the first match wins."""
    file = read_toml(FOLDER / "private-names.toml")
    found = []
    for table in file.tables("pattern"):
        found.append(
            NamePattern(
                table.choice("rule", rules()),
                tuple(frozenset(group.split()) for group in table.texts("any")),
                frozenset(table.texts("not", ())),
                frozenset(table.texts("vrs", ())),
            )
        )
        table.done()
    file.texts("settings")
    file.done()
    return tuple(found)


@cache
def setting_words() -> frozenset[str]:
    """Words in a private element's dictionary name that say that it holds a setting."""
    return frozenset(read_toml(FOLDER / "private-names.toml").texts("settings"))


@cache
def new_names() -> dict[str, tuple[str, str]]:
    """Keyword and VR of rows of Table E.1-1 that the dictionary does not know yet, by tag."""
    file = read_toml(FOLDER / "new-names.toml")
    found = {}
    for tag in file.names():
        table = file.table(tag)
        found[tag] = (table.text("keyword"), table.text("vr"))
        table.done()
    file.done()
    return found


@cache
def common_words() -> frozenset[str]:
    """Words so common in scans that they point to nobody; lower case."""
    return common_words_of(tuple(read_toml(FOLDER / "common-words.toml").names()))


@cache
def common_words_of(groups: tuple[str, ...]) -> frozenset[str]:
    """Those of some groups of ``common-words.toml``; lower case."""
    file = read_toml(FOLDER / "common-words.toml")
    return frozenset(" ".join(line for name in groups for line in file.texts(name)).split())


@cache
def health_words() -> tuple[str, ...]:
    """Words, folded, by which a text tells of a diagnosis; ``*`` for any ending."""
    file = read_toml(FOLDER / "health-words.toml")
    languages = (name for name in file.names() if name != "about-others")
    found = dict.fromkeys(word for name in languages for word in file.texts(name))
    return tuple(found)


@cache
def words_of_no_illness() -> tuple[str, ...]:
    """Words, folded, beside which a word for a diagnosis is about nobody: "dataset"."""
    return tuple(read_toml(FOLDER / "health-words.toml").texts("about-others"))


@cache
def labels() -> dict[str, tuple[str, ...]]:
    """Words behind which something of a patient stands in documents, by what it is."""
    file = read_toml(FOLDER / "labels.toml")
    return {name: tuple(file.texts(name)) for name in file.names()}


@cache
def maker_words() -> frozenset[str]:
    """Names of makers of scanners and of their devices; lower case."""
    lines = read_toml(FOLDER / "common-words.toml").texts("makers")
    return frozenset(" ".join(lines).split())


@cache
def placeholders() -> frozenset[str]:
    """Values that a de-identifier leaves in place of a real one; folded."""
    file = read_toml(FOLDER / "placeholders.toml")
    return frozenset(
        fold_value(value)
        for name in file.names()
        if name in ("words", "other-languages", "naming", "dates")
        for value in file.texts(name)
    )


@cache
def code_words() -> frozenset[str]:
    """Words that number the subjects of a study: "subject", "pat", "tcga"; lower case."""
    lines = read_toml(FOLDER / "placeholders.toml").texts("codes")
    return frozenset(" ".join(lines).split())


@cache
def dummy_words(name: str) -> frozenset[str]:
    """Words that are no name, folded: ``alone`` ("phantom"), ``beside`` such a word, ``naming``
    and ``parts`` of a name, ``tests``, numbers that are ``counted`` in words, ``accounts``,
    and what stands for ``places``."""
    lines = read_toml(FOLDER / "placeholders.toml").texts(name)
    return frozenset(fold_value(word) for word in " ".join(lines).split())


@cache
def anybody() -> frozenset[str]:
    """Names that stand for anybody ("John Doe"): their words, folded and sorted."""
    lines = read_toml(FOLDER / "placeholders.toml").texts("anybody")
    return frozenset(" ".join(sorted(fold_value(line).split())) for line in lines)


@cache
def name_words(name: str) -> frozenset[str]:
    """A list of ``name-words.toml``: ``titles``, ``particles``, ``legal-forms`` ..."""
    return frozenset(" ".join(read_toml(FOLDER / "name-words.toml").texts(name)).split())


@cache
def makers() -> tuple[tuple[str, str], ...]:
    """Roots of UIDs and who owns them, longest root first."""
    file = read_toml(FOLDER / "uid-roots.toml")
    found = [(root, file.text(root)) for root in file.names()]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


def _rule(
    name: str,
    group: str,
    order: int,
    table: Fields,
    letters: tuple[str, ...],
    questions: tuple[str, ...],
) -> IdentifierRule:
    rule = IdentifierRule(
        id=name,
        group=group,
        order=order,
        hipaa=table.choice("hipaa", HIPAA) if "hipaa" in table else None,
        certainty=table.choice("certainty", CERTAINTIES, "certain"),
        place=table.text("place") if "place" in table else None,
        keywords=table.texts("keywords", ()),
        tags=table.texts("tags", ()),
        vrs=table.texts("vrs", ()),
        vrs_listed=table.texts("vrs_listed", ()),
        not_keywords=table.texts("not_keywords", ()),
        inherit=table.flag("inherit", True),
        detector=table.text("detector") if "detector" in table else None,
        opening=table.choice("opening", OPENINGS) if "opening" in table else None,
        letters=table.texts("letters", letters),
        questions=table.texts("questions", questions),
    )
    table.done()
    return rule


@cache
def _words() -> dict[str, dict[str, Words]]:
    files = translated_files(FOLDER)
    _check_words(FOLDER / f"{SOURCE}.md", files[SOURCE])
    return {
        language: {name: Words(**{part: file[name][part] for part in PARTS}) for name in rules()}
        for language, file in files.items()
    }


def _check_words(path: Path, file: WordsFile) -> None:
    """Every rule has all its words and nothing else has any; English vouches for the rest."""
    known = rules()
    for name, parts in file.items():
        if name not in known:
            raise ContentError(path, name, "is not a rule")
        if parts[""] or set(parts) - {"", *PARTS}:
            raise ContentError(path, name, f"has text outside the parts {PARTS}")
        missing = [part for part in PARTS if not parts.get(part)]
        if missing:
            raise ContentError(path, name, f"lacks {missing}")
    for name in known:
        if name not in file:
            raise ContentError(path, name, "has no words")


@cache
def _notes() -> dict[str, dict[str, str]]:
    return {
        language: {code: parts[""] for code, parts in file.items()}
        for language, file in translated_files(FOLDER, "notes.").items()
    }


@cache
def screen_words(name: str) -> frozenset[str]:
    """A list of ``screen-words.toml``: a language's words, ``names``, ``between`` ..."""
    return frozenset(read_toml(FOLDER / "screen-words.toml").text(name).split())


@cache
def picture_words(name: str) -> frozenset[str]:
    """A list of ``picture-words.toml``: ``head``, ``volumes``, ``photographs`` ..."""
    return frozenset(read_toml(FOLDER / "picture-words.toml").texts(name))
