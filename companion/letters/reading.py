"""Reads letters from the content folder and checks each whole.

``load`` is behind ``companion.letters.catalogue``, which others ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from companion.content.law import Jurisdiction
from companion.content.library import (
    LANGUAGES,
    SOURCE,
    ContentError,
    Fields,
    Untranslated,
    WordsFile,
    read_toml,
    translated_files,
)
from companion.letters import for_others, person
from companion.letters.grammar import Answer, Block, Situation, Template, Vocabulary, parse
from companion.letters.questions import SharedField, read_field, read_shared
from companion.letters.rights import ASKED_DAYS
from companion.letters.spec import (
    ABOUT,
    DERIVED,
    FIRST_DUE,
    FLAG,
    LETTER_SECTIONS,
    MAY_BE_MISSING,
    PAGE_SECTIONS,
    STRENGTHS,
    TO_HOSPITAL,
    Catalogue,
    Field,
    FieldWords,
    Spec,
)

_OWN = ("frame ", "letter ")
"""What one language may have words for alone: the fixed words of a letter to one kind of
recipient, and how the letter says an option otherwise than the form."""


def load(folder: Path, jurisdictions: Mapping[str, Jurisdiction]) -> Catalogue:
    """Read and check a folder of letters. ``ContentError`` names the first fault."""
    shared = translated_files(folder, may_add=_OWN)
    slugs = tuple(sorted(path.parent.name for path in folder.glob("*/letter.toml")))
    words = {slug: translated_files(folder / slug, may_add=_OWN) for slug in slugs}
    common = read_shared(folder / "fields.toml", slugs)
    persons = person.read(folder / "persons.toml")
    specs = [
        _Reading(folder, slug, words, common, shared, persons, jurisdictions).spec()
        for slug in slugs
    ]
    _refuse_duplicate_numbers(folder, specs)
    specs.sort(key=lambda spec: (spec.order, spec.number))
    return Catalogue(
        MappingProxyType({spec.slug: spec for spec in specs}),
        MappingProxyType(shared),
        persons,
        for_others.read(folder, shared, persons, common, jurisdictions),
    )


class _Reading:
    """Reads one letter's folder."""

    def __init__(
        self,
        folder: Path,
        slug: str,
        words: Mapping[str, Mapping[str, WordsFile]],
        common: Mapping[str, SharedField],
        shared: Mapping[str, WordsFile],
        persons: Mapping[str, person.Words],
        jurisdictions: Mapping[str, Jurisdiction],
    ) -> None:
        self.slug = slug
        self.slugs = tuple(words)
        self.words = words
        self.common = common
        self.shared = shared
        self.persons = persons
        self.jurisdictions = jurisdictions
        self.file = folder / slug / "letter.toml"
        self.table = read_toml(self.file)

    def spec(self) -> Spec:
        table = self.table
        fields, required = self._fields()
        words = self.words[self.slug]
        languages = tuple(
            language for language in LANGUAGES if (self.file.parent / f"{language}.md").exists()
        )
        jurisdictions = self._known(table.texts("places"), self.jurisdictions, "places", "place")
        made = Spec(
            slug=self.slug,
            number=table.text("number"),
            want=table.text("want"),
            order=table.number("order"),
            layout=table.choice("layout", ("letter", "slip"), "letter"),  # type: ignore[arg-type]
            jurisdictions=jurisdictions,
            recipient=table.text("recipient"),
            hospital_first=self._hospital_first(fields),
            fields=fields,
            required=required,
            follow_ups=self._known(
                table.texts("follow_ups", ()), self.slugs, "follow_ups", "letter"
            ),
            not_for=frozenset(
                self._known(table.texts("not_for", ()), ("died",), "not_for", "kind of writer")
            ),
            asks_record=table.flag("asks_record", False),
            strength=self._by_jurisdiction("strength"),
            deadline=self._by_jurisdiction("deadline", needed=False),
            deadline_hospital=self._by_jurisdiction("deadline_hospital", needed=False),
            wait=self._by_jurisdiction("wait", needed=False),
            answer_days=table.number("answer_days", ASKED_DAYS),
            law_checked_on=table.date("law_checked_on"),
            law_checked_by=table.text("law_checked_by", ""),
            translation_checked_by=self._signed(table),
            languages=languages,
            words=words,
            templates=self._templates(words, fields),
            field_words=MappingProxyType(
                {
                    language: self._field_words(language, words[language], fields)
                    for language in words
                }
            ),
        )
        table.done()
        for section in (f"want {made.want}", f"recipient {made.recipient}"):
            if section not in self.shared[SOURCE]:
                raise table.error(section.split()[0], f"letters/en.md has no '# {section}'")
        self._check(made)
        return made

    def _fields(self) -> tuple[tuple[Field, ...], frozenset[str]]:
        table = self.table
        without = self._known(table.texts("without", ()), self.common, "without", "question")
        own = [read_field(one, self.slugs) for one in table.tables("field", ())]
        names = {one.id for one in own}
        listed = self._known(
            table.texts("fields", ()), {*self.common, *names}, "fields", "shared question"
        )
        for one in own:
            self._known(one.only, self.jurisdictions, f"field.{one.id}.only", "place")
            if one.id in self.common and self.common[one.id].field.kind != one.kind:
                raise table.error(one.id, "is a shared question of another kind")
        base = [
            shared.field
            for name, shared in self.common.items()
            if name not in names and (name in listed or (shared.common and name not in without))
        ]
        order = {name: index for index, name in enumerate(listed)}
        fields = sorted(
            [*base, *own],
            key=lambda one: (ABOUT.index(one.about), order.get(one.id, len(order))),
        )
        asked = {one.id for one in fields}
        required = frozenset(
            self._known(table.texts("required", ()), asked, "required", "question of this letter")
        ) | {name for name, one in self.common.items() if one.required and name in asked}
        return tuple(fields), required

    def _known(
        self, names: Iterable[str], known: Iterable[str], field: str, what: str
    ) -> tuple[str, ...]:
        found = tuple(names)
        allowed = set(known)
        for name in found:
            if name not in allowed:
                raise self.table.error(field, f"there is no {what} {name!r}")
        return found

    def _hospital_first(self, fields: tuple[Field, ...]) -> Template:
        condition = self.table.text("hospital_first", "")
        text = f"[{condition}> yes]" if condition else ""
        vocabulary = self._vocabulary(fields, SOURCE)
        return parse(text, vocabulary, file=str(self.file), section="hospital_first")

    def _signed(self, table: Fields) -> Mapping[str, str]:
        """Who checked a translation, by language; ``""`` in place of the table is nobody."""
        name = "translation_checked_by"
        if name not in table:
            return MappingProxyType({})
        if table.is_text(name):
            if table.text(name, ""):
                raise table.error(name, "must say which language: es = ...")
            return MappingProxyType({})
        signed = table.table(name)
        languages = self._known(signed.names(), LANGUAGES, name, "language")
        return MappingProxyType({one: signed.text(one) for one in languages})

    def _by_jurisdiction(self, name: str, *, needed: bool = True) -> Mapping[str, str]:
        table = self.table.table(name, None if needed else {})
        found: dict[str, str] = {}
        for jurisdiction in self._known(table.names(), self.jurisdictions, name, "place"):
            found[jurisdiction] = table.text(jurisdiction)
        return MappingProxyType(found)

    def _vocabulary(self, fields: Iterable[Field], language: str) -> Vocabulary:
        return Vocabulary(
            options=MappingProxyType(
                {**{one.id: one.options for one in fields}, **self._derived_choices()}
            ),
            derived=DERIVED,
            jurisdictions=frozenset(self.jurisdictions),
            laws=frozenset(
                name for jurisdiction in self.jurisdictions.values() for name in jurisdiction.laws
            ),
            persons=self.persons[language],
        )

    def _derived_choices(self) -> Mapping[str, tuple[str, ...]]:
        names = [name for name in self.shared[SOURCE] if name.startswith("recipient ")]
        return {
            "first_rule": tuple(
                {
                    rule: ""
                    for jurisdiction in self.jurisdictions.values()
                    for rule in jurisdiction.rules
                }
            ),
            "first_due": FIRST_DUE,
            "first_to": ("hospital", *(name.removeprefix("recipient ") for name in names)),
            "waited": FLAG,
            "writer": person.WRITERS,
        }

    def _templates(
        self, words: Mapping[str, WordsFile], fields: tuple[Field, ...]
    ) -> Mapping[str, Mapping[str, Template]]:
        """The sections of every language; those that one lacks are the English ones."""
        source = self._parsed(SOURCE, words[SOURCE], self._vocabulary(fields, SOURCE))
        for name in (*PAGE_SECTIONS, *LETTER_SECTIONS):
            if name not in source and name not in MAY_BE_MISSING:
                raise ContentError(self.file.parent / f"{SOURCE}.md", name, "is missing")
        empty = dict.fromkeys(MAY_BE_MISSING, Template(()))
        marked = {name: replace(one, untranslated=True) for name, one in source.items()}
        found = {SOURCE: MappingProxyType({**empty, **source})}
        for language, own in words.items():
            if language != SOURCE:
                parsed = self._parsed(language, own, self._vocabulary(fields, language))
                found[language] = MappingProxyType({**empty, **marked, **parsed})
        return MappingProxyType(found)

    def _parsed(
        self, language: str, words: WordsFile, vocabulary: Vocabulary
    ) -> dict[str, Template]:
        """The sections that a language has words of its own for."""
        file = self.file.parent / f"{language}.md"
        found: dict[str, Template] = {}
        for name, parts in words.items():
            if name in PAGE_SECTIONS or name in LETTER_SECTIONS:
                if set(parts) != {""}:
                    raise ContentError(file, name, "has parts (##) where none are read")
                if not isinstance(parts[""], Untranslated):
                    found[name] = parse(parts[""], vocabulary, file=str(file), section=name)
            elif not name.startswith("field "):
                raise ContentError(file, name, "is not a section that is known here")
        return found

    def _field_words(
        self, language: str, words: WordsFile, fields: tuple[Field, ...]
    ) -> Mapping[str, FieldWords]:
        file = self.file.parent / f"{language}.md"
        sections = {name for name in words if name.startswith("field ")}
        found: dict[str, FieldWords] = {}
        for one in fields:
            section = f"field {one.id}"
            sections.discard(section)
            parts = words.get(section) or self.shared[language].get(section)
            if not parts or not parts.get(""):
                raise ContentError(file, section, "is missing")
            options, printed = {}, {}
            for option in one.options:
                shown = parts.get(f"option {option}", "")
                if one.options == self.slugs and not shown:
                    shown = self.words[option][language].get("title", {}).get("", "")
                if not shown and not (one.kind == "flag" and option == "no"):
                    raise ContentError(file, section, f"has no words for option {option!r}")
                options[option] = shown
                printed[option] = parts.get(f"letter {option}", shown)
            found[one.id] = FieldWords(
                parts[""],
                parts.get("hint", ""),
                MappingProxyType(options),
                MappingProxyType(printed),
            )
        if sections:
            raise ContentError(file, min(sections), "is not a question of this letter")
        return MappingProxyType(found)

    def _check(self, spec: Spec) -> None:
        """What must hold of the finished letter wherever it is offered."""
        seen: set[object] = set()
        text = "".join(
            part for words in spec.words.values() for one in words.values() for part in one.values()
        )
        for jurisdiction in self.jurisdictions.values():
            # Jurisdictions that no condition tells apart print the same: one of them will do.
            alike = (
                jurisdiction.family[1:],
                frozenset(jurisdiction.laws),
                frozenset(jurisdiction.rules),
            )
            known = alike in seen and jurisdiction.id not in text
            if known or not jurisdiction.offered or not spec.offered_in(jurisdiction):
                continue
            seen.add(alike)
            strength = jurisdiction.nearest(spec.strength)
            if strength not in STRENGTHS:
                raise self.table.error("strength", f"{jurisdiction.id} must be one of {STRENGTHS}")
            for table in ("deadline", "deadline_hospital", "wait"):
                rule = jurisdiction.nearest(getattr(spec, table))
                if rule and rule not in jurisdiction.rules:
                    raise self.table.error(table, f"{jurisdiction.id} has no rule {rule!r}")
            if spec.recipient not in _EVERYWHERE and spec.recipient not in jurisdiction.agencies:
                raise self.table.error("recipient", f"{jurisdiction.id} has no {spec.recipient!r}")
            for language in spec.languages:
                self._check_blocks(spec, jurisdiction, language)

    def _check_blocks(self, spec: Spec, jurisdiction: Jurisdiction, language: str) -> None:
        file = self.file.parent / f"{language}.md"
        templates = spec.templates[language]
        refused = self.shared[language]["not in block B"][""].splitlines()
        for block in _both_ways(templates["A"], spec, jurisdiction):
            for line in block.lines:
                cited = [run.law for run in line if run.law]
                if not cited:
                    text = "".join(run.text for run in line)
                    raise ContentError(
                        file, "A", f"{jurisdiction.id}: no law entry in {text[:60]!r}"
                    )
                for name in cited:
                    if name not in jurisdiction.laws:
                        raise ContentError(file, "A", f"{name} is no law of {jurisdiction.id}")
        for block in _both_ways(templates["B"], spec, jurisdiction):
            for line in block.lines:
                text = "".join(run.text for run in line).lower()
                if any(run.law for run in line):
                    raise ContentError(file, "B", "cites a law; what the law gives belongs in A")
                for word in filter(None, refused):
                    if word in text:
                        raise ContentError(file, "B", f"says {word!r}, which sounds like a threat")
        for section in (*PAGE_SECTIONS, "subject", "opening", "answer", "enclosures"):
            for block in _both_ways(templates[section], spec, jurisdiction):
                for name in block.laws():
                    if name not in jurisdiction.laws:
                        raise ContentError(file, section, f"{name} is no law of {jurisdiction.id}")


_EVERYWHERE = (*TO_HOSPITAL, "regulator", "lawmaker", "app", "maker", "insurer", "gp")


def _both_ways(template: Template, spec: Spec, jurisdiction: Jurisdiction) -> Iterator[Block]:
    """The blocks with every question answered, and with none."""
    asked = spec.asked_in(jurisdiction)
    everything: dict[str, Answer] = {one.id: one.options or "x" for one in asked}
    everything |= {
        "first_rule": tuple(jurisdiction.rules),
        "first_due": FIRST_DUE,
        "waited": "yes",
        "writer": person.WRITERS,
    }
    nothing: dict[str, Answer] = {}
    for answers in (everything, nothing):
        situation = Situation(
            family=jurisdiction.family,
            answers=answers,
            shown=dict.fromkeys((*answers, *DERIVED), "x"),
            citation=lambda name: name,
            gap="x",
        )
        yield from template.fill(situation)


def _refuse_duplicate_numbers(folder: Path, specs: Iterable[Spec]) -> None:
    numbers: dict[str, str] = {}
    for spec in specs:
        if spec.number in numbers:
            other = numbers[spec.number]
            raise ContentError(
                folder / spec.slug / "letter.toml", "number", f"{other} has it already"
            )
        numbers[spec.number] = spec.slug
