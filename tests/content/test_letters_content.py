"""The letters' words: right and request stand apart, every claim has its law entry,
all languages say the same, and a tired person can read them.

The reading grades are printed as a table: ``pytest tests/content/test_letters_content.py -s``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from statistics import median

import pytest

from companion.content.law import Jurisdiction, jurisdictions
from companion.content.library import CONTENT, LANGUAGES, read_words
from companion.letters import person
from companion.letters.catalogue import catalogue, letters
from companion.letters.grammar import Answer, Block, Situation
from companion.letters.spec import DERIVED, FIRST_DUE, LETTER_SECTIONS, PAGE_SECTIONS, Spec
from tests.content.languages import COMPLETE, WRITTEN
from tests.content.readability import (
    ease,
    grade,
    plain_lines,
    school_year,
    sentences,
    word_count,
)

FOLDER = CONTENT / "letters"

CATALOGUE = {
    "opt-out": "us eu uk ca au ch",
    "national-data-opt-out": "uk-eng",
    "gp-opt-out": "uk-eng",
    "ehds-wish": "eu",
    "patient-file-research": "eu-de eu-at eu-fr",
    "consent-addendum": "us eu uk ca-on au",
    "revoke-permission": "us eu uk ca-on au",
    "get-my-images": "us eu uk ca au ch br",
    "who-has-seen-them": "us eu uk ca au ch br",
    "retention-and-deletion": "us eu uk ca-on au",
    "correct-my-record": "us eu uk ca au",
    "keep-from-health-plan": "us",
    "confidential-contact": "us",
    "data-use-questions": "us eu uk ca-on au",
    "ai-in-my-care": "us eu uk ca-on au",
    "secure-transfer": "us eu uk ca-on au",
    "explain-the-breach": "us eu uk",
    "complaint": "us eu uk ca au",
    "ask-lawmakers": "us eu uk",
    "reminder": "us eu uk ca au ch br",
    "fee-or-format": "us eu uk",
    "too-much-id": "us eu uk",
    "care-made-conditional": "us eu uk",
    "statement-of-disagreement": "us",
    "information-blocking": "us",
    "erase-my-data": "eu uk",
    "delete-my-upload": "us-wa us-ca eu uk",
    "move-mammograms": "us",
    "proxy-cover-note": "us eu uk ca au ch br",
    "ai-contracts": "uk eu-ie ca-on",
    "review-refusal": "us",
    "leave-a-study": "us eu uk ca-on ch",
    "exchange-opt-out": "us",
    "ask-ai-company": "us eu uk ca-on au ch",
    "ask-insurer": "us eu uk",
}
"""Each letter and the places it is for (with all below them)."""

STEPS = ("can", "cannot", "at-hand", "send", "next")
CITES = re.compile(
    r"\bCFR\b|\bUSC\b|GDPR|RGPD|H?PHIPA|HIPAA|\bAPP\b|art[íi]cul?[eo]|\bsection \d|\d{3}\.\d{3}",
    re.IGNORECASE,
)
THREATS = {
    "en": ("illegal", "unlawful", "demand", "immediately", "legal action", "lawsuit", "lawyer"),
    "es": (
        "ilegal",
        "exijo",
        "exigimos",
        "inmediatamente",
        "acciones legales",
        "demanda",
        "abogado",
    ),
    "de": (
        "illegal",
        "rechtswidrig",
        "gesetzwidrig",
        "ich verlange",
        "ich fordere",
        "sofort",
        "rechtliche schritte",
        "gericht",
        "klage",
        "anwalt",
        "anwält",
    ),
    "fr": (
        "illégal",
        "illicite",
        "j’exige",
        "nous exigeons",
        "immédiatement",
        "mise en demeure",
        "poursuite",
        "action en justice",
        "tribunal",
        "avocat",
    ),
}
INFORMAL = {
    # A person speaks to an office as "ustedes", a page to a person as "usted": never "tú".
    "es": r"\b(tú|tus?|ti|te|contigo|puedes|tienes|debes|quieres|pides|haz|vosotros|os)\b",
    # "ihr" and "euch" as an address; "ihr" is also "her" and "their", and cannot be told apart.
    "de": r"\b(du|dich|dir|dein(e[mnrs]?)?|euch|euer|eure[mnrs]?)\b",
    "fr": r"\b(tu|toi|te|ton|tes|tien(ne)?s?)\b|\bt’",
}
"""Words by which a language speaks to a friend. All texts speak to a stranger."""
ENGLISH_NAMES = {"es": "GDPR", "de": "GDPR|RGPD", "fr": "GDPR|DSGVO"}
"""What the law is not called in a language."""
DANGLING = re.compile(r"\s[,.]|[^\S\u202f][;?!]|\(\s*\)|\s{2}|,\.|\.\.")
"""What is left where words were left out. French sets a narrow no-break space (U+202F)
before a semicolon, a question mark and an exclamation mark: that one belongs there."""
NOT_REQUIRED = {
    "en": "I know the law may not require you to agree",
    "es": "Sé que la ley quizás no",
    "de": r"Ich weiß, dass das Gesetz Sie [\w ]*vielleicht nicht [^.]*verpflichtet",
    "fr": "Je sais que la loi ne vous oblige peut-être pas à accepter",
}
"""How each letter says of what it asks for that no law may give it."""
LETTERS = [pytest.param(spec, id=slug) for slug, spec in letters().items()]
FULL_LETTERS = [one for one in LETTERS if not one.values[0].is_slip]
"""All but the half page, which holds only three tick boxes."""


def homes(spec: Spec) -> list[Jurisdiction]:
    """The places whose letters can differ; member states without a file share one text."""
    return [
        one
        for one in jurisdictions().values()
        if one.offered
        and spec.offered_in(one)
        and (one.parent != "eu" or one.id in ("eu-at", "eu-de", "eu-es", "eu-fr", "eu-ie"))
    ]


def situations(spec: Spec, home: Jurisdiction) -> Iterator[Situation]:
    """The letter with nothing answered, everything answered, and each option that matters."""
    asked = spec.asked_in(home)
    full: dict[str, Answer] = {
        one.id: one.options if one.kind == "choices" else one.options[0] if one.options else "x"
        for one in asked
    }
    turns: list[dict[str, Answer]] = [{}, full]
    text = "".join(parts[""] for parts in spec.words["en"].values())
    for one in asked:
        if f"{one.id} is " in text:  # the letter says something else for each option
            turns += [{**full, one.id: option} for option in one.options]
    for rule in home.rules:  # what is true of a first letter
        if f"first_rule is {rule}" in text:
            turns += [{**full, "first_rule": rule, "original": slug} for slug in
                      ("get-my-images", "who-has-seen-them", "correct-my-record")]  # fmt: skip
    if "first_due is " in text:
        turns += [{**full, "first_due": due} for due in FIRST_DUE]
    if "waited is " in text:
        turns.append({**full, "waited": "yes"})
    for answers in turns:
        yield make_situation(spec, home, answers)


def make_situation(spec: Spec, home: Jurisdiction, answers: dict[str, Answer]) -> Situation:
    shown: dict[str, Answer] = dict.fromkeys((*answers, *DERIVED), "x")
    for one in spec.asked_in(home):
        given = answers.get(one.id)
        if given and one.options and given != "x":
            chosen = (given,) if isinstance(given, str) else given
            words = spec.field_words["en"][one.id].printed
            shown[one.id] = tuple(words[option] for option in chosen)
    return Situation(
        family=home.family,
        answers={"first_to": "hospital", **answers},
        shown=shown,
        citation=lambda name: "§",
        gap="x",
        required=frozenset(),
    )


@cache
def printed(
    slug: str, section: str, language: str
) -> tuple[tuple[Jurisdiction, tuple[Block, ...]], ...]:
    """One section in every place and situation."""
    spec = letters()[slug]
    template = spec.templates[language][section]
    return tuple(
        (home, template.fill(situation))
        for home in homes(spec)
        for situation in situations(spec, home)
    )


def line_texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        for line in block.lines:
            yield "".join(run.text for run in line)


def test_no_letter_of_the_catalogue_is_lost() -> None:
    there = {slug: " ".join(spec.jurisdictions) for slug, spec in letters().items()}
    assert {slug: there.get(slug) for slug in CATALOGUE} == CATALOGUE
    numbers = {spec.number.split("-")[0].rstrip("b") for spec in letters().values()}
    assert numbers >= {f"L{number:02}" for number in range(1, 25)}


@pytest.mark.parametrize("spec", LETTERS)
def test_no_clause_rests_on_a_law_entry_that_is_unsure_undated_or_without_source(
    spec: Spec,
) -> None:
    cited = set()
    for language in LANGUAGES:
        for section in (*LETTER_SECTIONS, *PAGE_SECTIONS):
            for home, blocks in printed(spec.slug, section, language):
                names = {name for block in blocks for name in block.laws()}
                cited |= names
                for law in (home.laws[name] for name in names):
                    assert law.checked_on
                    assert law.source
                    assert law.confidence in ("sure", "verified")
    assert cited


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spec", LETTERS)
def test_every_sentence_of_block_a_names_its_law(spec: Spec, language: str) -> None:
    for home, blocks in printed(spec.slug, "A", language):
        for text in line_texts(blocks):
            # "26. März": the stop after a day's number ends no German sentence.
            for sentence in re.split(r"(?<=[.?!])(?<!\d\.)\s+", text):
                assert "§" in sentence, f"{home.id}: {sentence}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spec", LETTERS)
def test_both_blocks_are_there_in_every_place(spec: Spec, language: str) -> None:
    for section in ("A", "B"):
        for home, blocks in printed(spec.slug, section, language):
            if (spec.slug, section) == ("proxy-cover-note", "A"):
                continue  # its right is the shared one of who writes for somebody else
            if (spec.slug, section) == ("patient-file-research", "A") and home.id != "eu-de":
                continue  # only Germany's law could be checked; elsewhere it asks
            assert blocks, f"{home.id}: block {section} is empty"


@pytest.mark.parametrize("language", THREATS)
@pytest.mark.parametrize("spec", LETTERS)
def test_block_b_cites_no_law_and_makes_no_threat(spec: Spec, language: str) -> None:
    for _, blocks in printed(spec.slug, "B", language):
        for text in line_texts(blocks):
            assert "§" not in text
            assert not CITES.search(text), text
            assert not any(word in text.lower() for word in THREATS[language]), text


@pytest.mark.parametrize("language", WRITTEN)
@pytest.mark.parametrize("spec", FULL_LETTERS)
def test_block_b_says_that_the_law_may_not_require_it(spec: Spec, language: str) -> None:
    for home, blocks in printed(spec.slug, "B", language):
        assert re.search(NOT_REQUIRED[language], " ".join(line_texts(blocks))), home.id


def marks_of(text: str, language: str) -> list[tuple[str, str]]:
    """The conditions, fields and laws of a text, in their order."""
    marks = re.findall(r"\[([a-z][^\[\]<>\n]*)>|\{([^{}\n]*)\}", text)
    words = catalogue().persons[language]
    return [mark for mark in marks if mark[0] or person.token(mark[1], words) is None]


@pytest.mark.parametrize("language", COMPLETE)
@pytest.mark.parametrize("spec", LETTERS)
def test_both_languages_have_the_same_sections_fields_conditions_and_laws(
    spec: Spec, language: str
) -> None:
    english, spanish = (read_words(FOLDER / spec.slug / f"{one}.md") for one in ("en", language))
    assert list(english) == list(spanish)
    for section, parts in english.items():
        assert list(parts) == list(spanish[section])
        for part, text in parts.items():
            # How a language names the patient, by who writes, is its own business.
            said = spanish[section][part]
            assert marks_of(text, "en") == marks_of(said, language), section
            assert bool(text) == bool(spanish[section][part]), section


@pytest.mark.parametrize("language", COMPLETE)
@pytest.mark.parametrize("spec", LETTERS)
def test_a_letter_speaks_formally_and_names_the_law_as_its_language_does(
    spec: Spec, language: str
) -> None:
    text = (FOLDER / spec.slug / f"{language}.md").read_text(encoding="utf-8")
    found = re.search(INFORMAL[language], text, re.IGNORECASE)
    assert not found, text[found.start() - 40 : found.end() + 40]
    assert not re.search(ENGLISH_NAMES[language], text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spec", LETTERS)
def test_the_page_says_everything_before_the_start(spec: Spec, language: str) -> None:
    words = spec.words[language]
    assert len(words["title"][""]) < 60
    assert len(words["wish"][""]) <= 70
    for home in homes(spec):
        situation = make_situation(spec, home, {})
        for section in ("can", "cannot", "at-hand", "next"):
            assert spec.templates[language][section].fill(situation), f"{home.id}: {section}"
        assert spec.templates[language]["subject"].fill_line(situation)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spec", LETTERS)
def test_an_empty_answer_leaves_no_dangling_words(spec: Spec, language: str) -> None:
    for section in LETTER_SECTIONS:
        for home, blocks in printed(spec.slug, section, language):
            for text in line_texts(blocks):
                assert not DANGLING.search(text), f"{home.id}: {text!r}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spec", LETTERS)
def test_the_required_answers_alone_make_a_letter_without_gaps(spec: Spec, language: str) -> None:
    for home in homes(spec):
        given: dict[str, Answer] = dict.fromkeys(spec.required, "x")
        # Every question counts as required here, so that any blank would show.
        asked = frozenset(one.id for one in spec.fields)
        situation = replace(make_situation(spec, home, given), gap="GAP", required=asked)
        for section in LETTER_SECTIONS:
            texts = " ".join(line_texts(spec.templates[language][section].fill(situation)))
            assert "GAP" not in texts, f"{home.id}: {section}"


def test_a_us_opt_out_is_a_request_and_a_european_objection_is_a_right() -> None:
    spec = letters()["opt-out"]
    assert {home.id: home.nearest(spec.strength) for home in homes(spec)} == {
        **{home.id: "right" for home in homes(spec)},
        **{home.id: "request" for home in homes(spec) if home.within("us")},
        **dict.fromkeys(("ca-on", "ca-qc", "au", "ch"), "both"),
        **dict.fromkeys(("ca-ab", "ca-bc"), "request"),
    }
    said = {
        home.id: " ".join(
            line_texts(spec.templates["en"]["cannot"].fill(make_situation(spec, home, {})))
        )
        for home in homes(spec)
    }
    assert "They may say no" in said["us"]
    assert "They may say no" not in said["eu-de"]
    assert all("cannot be taken back" in text for text in said.values())


def test_the_slip_says_the_agreed_sentence() -> None:
    opening = letters()["consent-addendum"].words["en"]["opening"][""]
    spoken = person.say(opening, catalogue().persons, "en", "patient")
    assert spoken.startswith(
        "I consent to the scan ordered for my care. I do not consent to sharing my images with "
        "external companies, or to their use for training AI products, research or commercial "
        "purposes. This does not limit use needed for my own treatment. Please keep this page "
        "with my record and give me a copy."
    )
    boxes = [
        text for _, blocks in printed("consent-addendum", "B", "en") for text in line_texts(blocks)
    ]
    assert len(set(boxes)) == 3


def test_an_urgent_mix_up_opens_with_the_alarm_in_bold() -> None:
    spec = letters()["correct-my-record"]
    situation = make_situation(spec, jurisdictions()["us"], {"urgent": "yes", "what_happened": "x"})
    first = spec.templates["en"]["opening"].fill(situation)[0].lines[0][0]
    assert first.bold
    assert first.text == "Please alert radiology today: the wrong images may be in my record."


def test_a_breach_letter_asks_the_five_questions_of_the_rule() -> None:
    spec = letters()["explain-the-breach"]
    blocks = spec.templates["en"]["A"].fill(make_situation(spec, jurisdictions()["us"], {}))
    numbered = next(block for block in blocks if block.kind == "numbers")
    assert [next(iter(Block("numbers", (line,)).laws())) for line in numbered.lines] == [
        f"us.hipaa.breach-{one}" for one in ("what", "data", "steps", "response", "contact")
    ]


def test_letters_to_lawmakers_have_a_short_subject_and_ask_for_no_health_detail() -> None:
    spec = letters()["ask-lawmakers"]
    for language in LANGUAGES:
        assert len(spec.words[language]["subject"][""]) < 60
    asked = {one.id for one in spec.fields}
    assert not asked & {"birth_date", "record_number", "study_list", "what_happened"}


def test_no_letter_asks_for_a_social_security_number() -> None:
    for spec in letters().values():
        assert not any("ssn" in one.id or "social" in one.id for one in spec.fields)


@pytest.mark.parametrize(
    "unsure", ["71(4)", "552.0", "10.1 ", "BIPA", "ACLU", "RadiAnt", "Dinerstein", "15 calendar"]
)
def test_what_the_project_is_unsure_of_stays_out(unsure: str) -> None:
    for path in FOLDER.glob("*/*.md"):
        assert unsure not in path.read_text(encoding="utf-8"), path.parent.name


Reading = tuple[dict[str, list[float]], int]


def reading_of(slug: str, language: str, measure: Callable[[Iterable[str]], float]) -> Reading:
    """The measure of each part in any place and situation, and the longest sentence."""
    found: dict[str, list[float]] = {"A": [], "B": [], "page": []}
    longest = 0
    pages: dict[int, list[str]] = {}
    for section in (*STEPS, "opening", "A", "B", "answer", "enclosures"):
        for turn, (_, blocks) in enumerate(printed(slug, section, language)):
            lines = plain_lines(blocks)
            longest = max([longest, *map(word_count, sentences(lines))])
            if section in STEPS:
                pages.setdefault(turn, []).extend(lines)
            elif section in ("A", "B") and lines:
                found[section].append(measure(lines))
    found["page"] = [measure(lines) for lines in pages.values()]
    return found, longest


@pytest.mark.parametrize(
    ("language", "measure", "worst", "limits", "median_limit", "longest"),
    [
        # Flesch-Kincaid: grade 8 is what US health offices ask of patients' papers, 6 is better.
        ("en", grade, max, {"A": 9, "B": 8, "page": 8}, 6, 25),
        # Wiener Sachtextformel, in school years. What a page tells and what a letter asks stay
        # within year 9, the last that everybody in Germany attends, and half of them within 6.
        # Block A may be one sentence with one name of the law in it ("Datenschutzbehörde"),
        # which alone makes 15, the end of the scale; the longest sentence is the one agreed
        # for the slip.
        ("de", school_year, max, {"A": 15.5, "B": 9, "page": 9}, 6, 28),
        # Kandel and Moles: 60 to 70 is standard, 70 to 80 rather easy, as in a comic strip. What
        # is asked and told is rather easy at least; the law's own words may be rather hard (50).
        ("fr", ease, min, {"A": 50, "B": 70, "page": 80}, 80, 32),
    ],
)
def test_reading_grades(
    language: str,
    measure: Callable[[Iterable[str]], float],
    worst: Callable[[Iterable[float]], float],
    limits: dict[str, float],
    median_limit: float,
    longest: int,
) -> None:
    table = {slug: reading_of(slug, language, measure) for slug in letters()}
    rows = {
        slug: {part: worst(found) for part, found in parts.items() if found}
        for slug, (parts, _) in table.items()
    }
    print(f"\n{language} {measure.__name__:24}{'A':>7}{'B':>7}{'page':>7}{'longest':>9}")
    for slug, row in rows.items():
        marks = "".join(f"{row[part]:7.1f}" if part in row else f"{'-':>7}" for part in limits)
        print(f"{slug:27}{marks}{table[slug][1]:9}")
    for slug, row in rows.items():
        for part, mark in row.items():
            assert worst((mark, limits[part])) == limits[part], f"{slug}: {part} {mark:.1f}"
        assert table[slug][1] <= longest, slug
    for part in ("B", "page"):
        middle = median(row[part] for row in rows.values())
        assert worst((middle, median_limit)) == median_limit, f"{part}: {middle:.1f}"
