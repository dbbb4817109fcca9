"""`letter SLUG`: write a letter to a file, by the code that the page uses."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from companion import clock
from companion.content import law
from companion.content.library import LANGUAGES, SOURCE
from companion.letters import calendar, samples, text, word
from companion.letters.case import Case
from companion.letters.catalogue import Spec, catalogue
from companion.letters.letter import Letter, compose, new_reference, reader_copy
from companion.letters.person import WRITERS, Writer
from companion.letters.recipient_language import languages_to_ask, letter_language
from companion.web.letters.printed import letter_html
from companion.web.management.plain import PlainCommand, WrongInputError, write_file
from companion.web.pdf_pool import PrintError, print_pdf

_Asked = tuple[Spec, law.Jurisdiction, str, Writer]
"""A letter to be made up, by one kind of writer."""


class Command(PlainCommand):
    help = (
        "Write one letter from a file of answers; the ending of --out chooses its form "
        "(.pdf .txt .docx .ics). --list names the letters, --all prints every one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", help="a letter, such as get-my-images")
        parser.add_argument("--jurisdiction", action="append", metavar="PLACE", help="such as us")
        parser.add_argument("--facts", metavar="FILE.json", help="answers by question")
        parser.add_argument("--out", metavar="FILE", help="letter.pdf, or a folder with --all")
        parser.add_argument("--language", default="", choices=("", *LANGUAGES))
        parser.add_argument(
            "--reader", default="", choices=("", *LANGUAGES), help="add a copy in this language"
        )
        parser.add_argument("--cover", action="store_true", help="add the sheet with the dates")
        parser.add_argument("--large", action="store_true", help="a slip in large print")
        parser.add_argument("--list", action="store_true", dest="names", help="name all letters")
        parser.add_argument("--all", action="store_true", dest="every", help="print every letter")
        parser.add_argument(
            "--writer", action="append", choices=WRITERS, help="with --all: only by these writers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["names"]:
            self._list()
        elif options["every"]:
            _refuse(options, ("slug", "facts", *_EXTRAS), "--all")
            writers = options["writer"] or WRITERS
            self._every(Path(_needed(options, "out", "--all")), options["jurisdiction"], writers)
        else:
            _refuse(options, ("writer",), "a letter (its facts say who writes)")
            self._one(options)

    def _list(self) -> None:
        for spec in catalogue().letters.values():
            jurisdictions = " ".join(spec.jurisdictions)
            title = spec.words[SOURCE]["title"][""]
            self.stdout.write(f"{spec.number:8} {spec.slug:26} {title:52} {jurisdictions}")
        offered = (
            jurisdiction.id for jurisdiction in law.jurisdictions().values() if jurisdiction.offered
        )
        self.stdout.write("places: " + " ".join(offered))

    def _one(self, options: Mapping[str, Any]) -> None:
        if not options["slug"]:
            raise WrongInputError("name a letter; --list shows them")
        spec = catalogue().letters.get(options["slug"])
        if spec is None:
            raise WrongInputError(f"there is no letter {options['slug']!r}; --list names them")
        jurisdiction = _jurisdiction((options["jurisdiction"] or [""])[-1])
        if not spec.offered_in(jurisdiction):
            others = ", ".join(spec.jurisdictions)
            raise WrongInputError(f"{spec.slug} is not for {jurisdiction.id}, but for {others}")
        out = Path(_needed(options, "out", "a letter"))
        language = _language(spec, jurisdiction, options)
        _check_extras(out, spec, language, options)
        answers = _answers(Path(_needed(options, "facts", "a letter")), spec)
        case = Case(catalogue(), spec, jurisdiction, answers, language, clock.today())
        if case.facts.problems:
            first = case.facts.problems[0]
            where = f"{first.field}: " if first.field else ""
            raise WrongInputError(where + first.words(catalogue(), SOURCE))
        reference = new_reference()
        letter = compose(case, reference)
        copy = None
        if options["reader"]:
            other = compose(case.in_language(options["reader"]), reference)
            copy = reader_copy(other, catalogue(), language)
        cover = (copy or letter) if options["cover"] else None
        write_file(out, _bytes(out, letter, copy, cover, large=options["large"]))

    def _every(self, folder: Path, only: list[str] | None, writers: Sequence[Writer]) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WrongInputError(f"{folder}: {error.strerror}") from None
        chosen = {_jurisdiction(name).id for name in only or ()}
        samples_asked = [
            one for one in samples.every(catalogue(), writers) if not chosen or one[1].id in chosen
        ]
        today = clock.today()
        with ThreadPoolExecutor(max_workers=2) as workers:
            names = list(workers.map(partial(_sample, folder, today), samples_asked))
        write_file(folder / "index.html", _index(samples_asked, names).encode())
        self.stdout.write("\n".join(_counts(samples_asked)))


_ENDINGS = (".pdf", ".txt", ".docx", ".ics")
_EXTRAS = ("language", "reader", "cover", "large")


def _check_extras(out: Path, spec: Spec, language: str, options: Mapping[str, Any]) -> None:
    """Refuse what this kind of file cannot hold, rather than leave it out unsaid."""
    if out.suffix not in _ENDINGS:
        raise WrongInputError(f"{out.name}: the ending must be .pdf, .txt, .docx or .ics")
    if out.suffix != ".pdf":
        _refuse(options, ("cover", "large"), f"a {out.suffix} file")
    if spec.is_slip:
        _refuse(options, ("cover",), f"the slip {spec.slug}")
    else:
        _refuse(options, ("large",), f"{spec.slug}, which is no slip,")
    if options["reader"] == language:
        raise WrongInputError(f"the letter itself is in {language}; --reader adds another language")


def _refuse(options: Mapping[str, Any], names: Iterable[str], what: str) -> None:
    for name in names:
        if options[name]:
            shown = name if name == "slug" else f"--{name}"
            raise WrongInputError(f"{what} takes no {shown}")


def _language(spec: Spec, jurisdiction: law.Jurisdiction, options: Mapping[str, Any]) -> str:
    """What the recipient reads; another language is refused where there is a text in that one."""
    asked = options["language"]
    several = languages_to_ask(spec.languages, jurisdiction)
    if several and not asked:
        names = " or ".join(several)
        raise WrongInputError(f"{jurisdiction.id} has several languages: add --language {names}")
    if asked in several:
        return str(asked)
    language = letter_language(spec.languages, jurisdiction, asked or SOURCE)
    if asked and asked != language:
        raise WrongInputError(
            f"letters to {jurisdiction.id} are in {language}; --reader {asked} adds a copy to read"
        )
    return language


def _sample(folder: Path, today: date, one: _Asked) -> str:
    spec, jurisdiction, language, writer = one
    letter = samples.sample(catalogue(), spec, jurisdiction, language, today, writer)
    by = "" if writer == "patient" else f"-{writer}"
    name = f"{spec.number}-{spec.slug}-{jurisdiction.id}-{language}{by}.pdf"
    write_file(folder / name, _pdf(letter, None, letter, large=False))
    return name


def _bytes(
    out: Path, letter: Letter, copy: Letter | None, cover: Letter | None, *, large: bool
) -> bytes:
    match out.suffix:
        case ".pdf":
            return _pdf(letter, copy, cover, large=large)
        case ".txt":
            return "\n".join(text.to_text(one) for one in (letter, copy) if one).encode()
        case ".docx":
            return word.to_docx(letter, copy)
        case ".ics":
            return calendar.to_calendar(copy or letter, sent=letter)
    raise AssertionError(out.suffix)  # checked before


def _pdf(letter: Letter, copy: Letter | None, cover: Letter | None, *, large: bool) -> bytes:
    html = letter_html(letter, copy=copy, cover=cover, large=large)
    try:
        return print_pdf(html, language=letter.language)
    except PrintError as error:
        raise WrongInputError(f"the letter could not be printed: {type(error).__name__}") from None


def _needed(options: Mapping[str, Any], name: str, what: str) -> str:
    if not options[name]:
        raise WrongInputError(f"{what} needs --{name}")
    return str(options[name])


def _jurisdiction(name: str) -> law.Jurisdiction:
    if not name:
        raise WrongInputError("a letter needs --jurisdiction")
    try:
        return law.jurisdiction(name)
    except KeyError:
        known = " ".join(one.id for one in law.jurisdictions().values() if one.offered)
        raise WrongInputError(f"there is no jurisdiction {name!r}; there are {known}") from None


def _answers(path: Path, spec: Spec) -> Mapping[str, object]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongInputError(f"{path}: cannot be read as JSON ({type(error).__name__})") from None
    except RecursionError:
        raise WrongInputError(f"{path}: is nested too deep for answers") from None
    if not isinstance(found, dict):
        raise WrongInputError(f"{path}: must hold an object of answers by question")
    known = {one.id for one in spec.fields}
    for name in found:
        if name not in known:
            raise WrongInputError(f"{path}: {spec.slug} asks no question {name!r}")
        if not _writable(found[name]):
            raise WrongInputError(f"{path}: {name} holds half a sign (a lone surrogate)")
    return found


def _writable(answer: object) -> bool:
    try:
        json.dumps(answer, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    except RecursionError:
        return True  # no text, which `check` tells
    return True


def _counts(samples_asked: Sequence[_Asked]) -> Iterator[str]:
    """How many letters there are: in all, by each kind of writer, in each language and place."""
    letters = len({spec.slug for spec, _, _, _ in samples_asked})
    jurisdictions = len({jurisdiction.id for _, jurisdiction, _, _ in samples_asked})
    languages = len({language for _, _, language, _ in samples_asked})
    yield (
        f"{len(samples_asked)} letters: {letters} texts, {jurisdictions} places, "
        f"{languages} languages"
    )
    for writer, count in Counter(writer for _, _, _, writer in samples_asked).items():
        yield f"{count} by a {writer}"
    for language, count in Counter(language for _, _, language, _ in samples_asked).items():
        yield f"{count} in {language}"
    writers = tuple(dict.fromkeys(writer for _, _, _, writer in samples_asked))
    yield " ".join((f"{'place':8}", *(f"{writer:>14}" for writer in writers)))
    by_place = Counter((jurisdiction.id, writer) for _, jurisdiction, _, writer in samples_asked)
    for place in dict.fromkeys(place for place, _ in by_place):
        yield " ".join((f"{place:8}", *(f"{by_place[place, writer]:14}" for writer in writers)))


def _index(samples_asked: Sequence[_Asked], names: list[str]) -> str:
    rows = "".join(
        f"<tr><td>{escape(spec.number)}</td><td>{escape(spec.words['en']['title'][''])}</td>"
        f"<td>{escape(jurisdiction.name['en'])}</td><td>{escape(language)}</td><td>{writer}</td>"
        f"<td>{escape(jurisdiction.nearest(spec.strength))}</td>"
        f"<td>{escape(jurisdiction.nearest(spec.deadline) or 'none')}</td>"
        f"<td>{spec.law_checked_on} {escape(spec.law_checked_by or 'not yet by a lawyer')}</td>"
        f'<td><a href="{escape(name)}">PDF</a></td></tr>\n'
        for (spec, jurisdiction, language, writer), name in zip(samples_asked, names, strict=True)
    )
    heads = "No.|Letter|Place|Language|Writer|Strength|Deadline rule|Law checked|File"
    head = "".join(f'<th scope="col">{name}</th>' for name in heads.split("|"))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>All letters</title>'
        f"</head><body><h1>All letters, with made-up facts</h1><p>{len(names)} files.</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table></body></html>\n"
    )
