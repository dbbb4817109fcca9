"""The checklists' content files: complete, plain, and refused when wrong."""

from __future__ import annotations

import re
import shutil
import statistics
from pathlib import Path

import pytest

from companion.checklists import reading
from companion.checklists.catalogue import Catalogue
from companion.content.library import LANGUAGES, ContentError, Untranslated
from tests.content.languages import COMPLETE

# Sections 3.1 to 3.4 of the question catalogue: which letters each question leads to. A
# question that came later is not in here.
LEADS_TO = {
    "B1": "L01 L09", "B2": "L09", "B3": "L09", "B4": "L09 L04", "B5": "L10", "B6": "L09",
    "B7": "L09", "B8": "L11", "B9": "L05", "B10": "L02", "B11": "L02", "B12": "L02 L01",
    "B13": "L01 L18", "B14": "L01", "B15": "L09", "B16": "L09", "B17": "L09", "B18": "L09",
    "B19": "L09", "B20": "L09", "B21": "L09", "B22": "L01", "B23": "L01", "B24": "L02",
    "B25": "L10",
    "A1": "L02", "A2": "L02", "A3": "L02", "A4": "L03", "A5": "L18", "A6": "L07", "A7": "L11",
    "A8": "L10", "A9": "L09",
    "F1": "L04", "F2": "L09 L07", "F3": "L07", "F4": "", "F5": "L05", "F6": "", "F7": "L06",
    "F8": "L01", "F9": "L01 L10", "F10": "L04 L07 L08", "F11": "L09", "F12": "L10",
    "F13": "L10", "F14": "L01", "F15": "L22",
    "W1": "L12", "W2": "L12", "W3": "L12", "W4": "L07", "W5": "L12 L13", "W6": "L07",
    "W7": "L05", "W8": "L13", "W9": "L15 L13", "W10": "L07 L13",
}  # fmt: skip
SLUGS = {
    "L01": "opt-out", "L02": "consent-addendum", "L03": "revoke-permission",
    "L04": "get-my-images", "L05": "who-has-seen-them", "L06": "retention-and-deletion",
    "L07": "correct-my-record", "L08": "keep-from-health-plan", "L09": "data-use-questions",
    "L10": "ai-in-my-care", "L11": "secure-transfer", "L12": "explain-the-breach",
    "L13": "complaint", "L15": "reminder", "L18": "care-made-conditional",
    "L22": "delete-my-upload",
}  # fmt: skip
SEED = {
    "B1": "Will my images be used to train or test AI models? If so, by which company or "
    "institution?",
    "B4": "Do you share my images with anyone outside this facility, such as a startup or "
    "cloud service?",
    "B11": "Is there a specific consent form for research use of my images separate from the "
    "clinical consent?",
    "B15": "How do you ensure images are de-identified? Can AI re-identify them?",
    "F7": "How long do you keep my images? Can I request their deletion after my treatment ends?",
    "A3": "“I consent to the scan but not to sharing my images with external companies.”",
}
HOME = {"B": "before", "A": "at-the-appointment", "F": "after", "W": "something-is-wrong"}
EXPLAINED = {
    "ai", "de-identified", "vendor", "opt-in", "retention", "encryption", "access-log",
    "federated-learning", "synthetic-image",
}  # fmt: skip
PHRASES = {
    "research", "development", "quality-improvement", "affiliates", "retain", "de-identified",
    "commercial", "third-parties",
}  # fmt: skip
NEVER = re.compile(
    r"\b(safe|safely|anonymous|anonymized|guarantee\w*|danger\w*|scary|threat\w*|terrible|"
    r"victim\w*|illegal|steal\w*|seguro de que|peligro\w*|garant\w+|anónim\w+|víctima\w*|ilegal)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return reading.load()


def test_every_question_and_step_of_the_catalogue_is_there(catalogue: Catalogue) -> None:
    assert set(catalogue.questions) >= set(LEADS_TO)
    for name in LEADS_TO:
        assert catalogue.questions[name].checklist == HOME[name[0]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_has_all_its_parts(catalogue: Catalogue, language: str) -> None:
    for question in catalogue.questions.values():
        text = question.words[language]
        assert all((text.ask, text.why, text.good, text.flag)), question.id
        assert bool(text.card) == question.must, question.id
        assert len(text.why.split()) <= 25, question.id
        assert catalogue.say("topics", question.topic, language)
        assert all(catalogue.say("sources", source, language) for source in question.sources)


def test_the_letters_are_those_that_the_question_leads_to(catalogue: Catalogue) -> None:
    for name, numbers in LEADS_TO.items():
        letters = {SLUGS[number] for number in numbers.split()}
        assert set(catalogue.questions[name].letters) == letters, name


def test_the_seed_questions_are_word_for_word(catalogue: Catalogue) -> None:
    for name, words in SEED.items():
        assert catalogue.questions[name].text("en").ask == words


# Words of the reference that make a question or its answer concrete; shortening it may
# not lose them.
CONCRETE = {
    "B2": ("storage", "time kept", "AI training", "sharing"),
    "B6": ("cloud", "country"),
    "B8": ("sent", "stored", "end to end"),
    "B12": ("research", "AI", "box"),
    "B15": ("Safe Harbor", "expert", "face"),
    "B17": ("privacy officer", "privacy and security"),
    "B20": ("money", "shares", "software"),
    "B23": ("on file",),
    "A1": ("research", "development", "quality improvement", "sharing"),
    "F1": ("DICOM", "report", "disc", "portal", "link"),
    "F2": ("name", "birth date", "ID numbers", "times", "place", "scanner"),
    "F13": ("secure aggregation", "noise"),
    "W1": ("What happened", "when", "images", "hidden text"),
    "W2": ("HHS breach portal",),
    "W4": ("signatures", "watermarks"),
}


@pytest.mark.parametrize("name", CONCRETE)
def test_a_plainer_question_still_asks_all_of_it(catalogue: Catalogue, name: str) -> None:
    text = " ".join(catalogue.questions[name].text("en").parts())
    assert [word for word in CONCRETE[name] if word not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sources_are_named_without_our_own_codes(catalogue: Catalogue, language: str) -> None:
    for parts in catalogue.words["sources"][language].values():
        assert not re.search(r"\bS\d", parts[""])


def test_the_five_must_asks_come_first(catalogue: Catalogue) -> None:
    assert [question.id for question in catalogue.musts] == ["B1", "B3", "B11", "F7", "B8"]


@pytest.mark.parametrize("language", COMPLETE)
def test_no_text_of_one_language_is_a_copy_of_the_other(
    catalogue: Catalogue, language: str
) -> None:
    for question in catalogue.questions.values():
        for mine, theirs in zip(
            question.text("en").parts(), question.text(language).parts(), strict=True
        ):
            assert mine != theirs, question.id


def test_the_hard_words_are_explained_in_place(catalogue: Catalogue) -> None:
    for language in LANGUAGES:
        found = {
            term.id
            for question in catalogue.questions.values()
            for term in catalogue.terms_in(question.text(language).parts(), language)
        }
        assert found >= EXPLAINED, (language, EXPLAINED - found)


def test_a_short_word_is_not_found_inside_another(catalogue: Catalogue) -> None:
    assert not catalogue.terms_in(("They said it again.",), "en")
    assert [term.id for term in catalogue.terms_in(("Do you use AI?",), "en")] == ["ai"]
    assert [term.id for term in catalogue.terms_in(("¿Usan IA?",), "es")] == ["ai"]


def test_the_phrases_to_look_for_say_what_each_may_allow(catalogue: Catalogue) -> None:
    assert set(catalogue.words["phrases"]["en"]) >= PHRASES
    for language in LANGUAGES:
        for phrase in catalogue.words["phrases"]["en"]:
            assert catalogue.say("phrases", phrase, language, "may allow")
            assert catalogue.say("phrases", phrase, language, "say")


def test_plain_facts_are_taught_beside_the_questions_they_belong_to(catalogue: Catalogue) -> None:
    assert any("forget" in text for text in catalogue.taught_beside("B1", "en"))
    assert any("hueso" in text for text in catalogue.taught_beside("B22", "es"))


def test_nothing_frightens_or_promises(catalogue: Catalogue) -> None:
    for where, text in all_texts(catalogue):
        # The name of a method, which a patient will hear.
        assert not NEVER.search(text.replace("Safe Harbor", "")), (where, text)


# --- plain language ------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_english_is_plain_enough_to_read_aloud(catalogue: Catalogue) -> None:
    """US grade 6 at the median, 8 at most for a block; sentences of 25 words at most."""
    from textstat import textstat

    blocks = {
        question.id: " ".join(question.text("en").parts())
        for question in catalogue.questions.values()
    }
    for kind, languages in catalogue.words.items():
        for name, parts in languages["en"].items():
            text = "\n".join(text for part, text in parts.items() if part != "found by")
            # A formula says nothing about a label of a few words.
            if len(text.split()) >= 6:
                blocks[f"{kind}/{name}"] = text
    grades = {
        name: textstat.flesch_kincaid_grade(_without_marks(text)) for name, text in blocks.items()
    }
    longest = {name: max(map(_length, _sentences(text))) for name, text in blocks.items()}
    print(f"\n{'block':32} grade  longest sentence")
    for name in sorted(grades, key=lambda name: -grades[name]):
        print(f"{name:32} {grades[name]:5.1f}  {longest[name]:3}")
    print(f"median of {len(grades)} blocks: {statistics.median(grades.values()):.1f}")
    assert statistics.median(grades.values()) <= 6
    assert {name: grade for name, grade in grades.items() if grade > 8} == {}
    assert {name: words for name, words in longest.items() if words > 25} == {}


def test_spanish_sentences_are_short_and_formal(catalogue: Catalogue) -> None:
    familiar = re.compile(
        r"\b(tú|tus|tu|contigo|puedes|quieres|tienes|pregunta tú)\b", re.IGNORECASE
    )
    for where, text in all_texts(catalogue):
        if where[0] == "es":
            assert not familiar.search(text), (where, text)
            assert max(map(_length, _sentences(text))) <= 30, (where, text)


def all_texts(catalogue: Catalogue) -> list[tuple[tuple[str, str], str]]:
    found = []
    for language in LANGUAGES:
        for question in catalogue.questions.values():
            found += [((language, question.id), text) for text in question.text(language).parts()]
        for kind, languages in catalogue.words.items():
            found += [
                ((language, f"{kind}/{name}"), text)
                for name, parts in languages[language].items()
                for part, text in parts.items()
                if text and part != "found by"
            ]
    return found


def _without_marks(text: str) -> str:
    """Without quotation marks; a label that ends without a stop is a sentence too."""
    return re.sub(r"(?<=\w)\n", ".\n", re.sub(r"[“”«»]", "", text))


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!])[”»]?\s+|\n", text) if part.strip()]


def _length(sentence: str) -> int:
    return len(sentence.split())


# --- refused -------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content that a test may break."""
    shutil.copytree(reading.FOLDER, tmp_path / "checklists")
    return tmp_path / "checklists"


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("file", "change", "field", "why"),
    [
        ("before/questions.toml", ('id = "B2"', 'id = "B1"'), "B1", "is there twice"),
        ("after/questions.toml", ('id = "F2"', 'id = "B2"'), "B2", "is missing"),
        (
            "before/questions.toml",
            ('when = "worry is leaks"', 'when = "mood is leaks"'),
            "when",
            "'mood' is not a fact",
        ),
        (
            "before/questions.toml",
            ("body is head or", "body is tail or"),
            "when",
            "'tail' is not a value",
        ),
        ("before/questions.toml", ('"opt-out"', '"opt-outs"'), "letters", "no letter 'opt-outs'"),
        ("before/questions.toml", ('topic = "money"', 'topic = "cash"'), "topic", "'cash'"),
        ("before/questions.toml", ('"s3"', '"s9"'), "sources", "'s9'"),
        ("before/questions.toml", ("must = true", "muss = true"), "muss", "not a field"),
        ("before/questions.toml", ("must = true\n", ""), "B1.card", "not a part"),
        (
            "before/questions.toml",
            ('{ at-the-appointment = "always" }', '{ at-the-desk = "always" }'),
            "also.at-the-desk",
            "is not another checklist",
        ),
        ("before/es.md", ("# B7\n", "# B77\n"), "B77", "is not in en.md"),
        ("before/en.md", ("## red flag\n“No idea.”\n", ""), "B5.red flag", "not in en.md"),
        ("before/en.md", ("## why\n", "## reason\n"), "B1.why", "is not in en.md"),
        ("glossary/es.md", ("# cloud", "# clouds"), "clouds", "is not in en.md"),
        ("statements/statements.toml", ('"B22"', '"Z0"'), "statement[1].beside", "'Z0'"),
        ("choices/es.md", ("## mri\n", "## mrt\n"), "scan.mrt", "is not in en.md"),
    ],
)
def test_a_wrong_content_file_is_refused_with_file_field_and_reason(
    folder: Path, file: str, change: tuple[str, str], field: str, why: str
) -> None:
    replace(folder / file, *change)
    with pytest.raises(ContentError) as refused:
        reading.load.__wrapped__(folder)
    assert refused.value.field.endswith(field)
    assert why in refused.value.why
    assert Path(refused.value.file).suffix in {".toml", ".md"}


def test_a_missing_english_file_is_refused(folder: Path) -> None:
    (folder / "after" / "en.md").unlink()
    with pytest.raises(ContentError) as refused:
        reading.load.__wrapped__(folder)
    assert refused.value.file.endswith("after/en.md")


def test_a_question_that_a_language_lacks_is_the_english_one_marked(folder: Path) -> None:
    replace(folder / "before" / "es.md", "## red flag\n«Ni idea.»\n", "")
    found = reading.load.__wrapped__(folder).questions["B5"]
    assert found.text("es").flag == found.text("en").flag
    assert isinstance(found.text("es").flag, Untranslated)
    assert not isinstance(found.text("es").ask, Untranslated)


def test_a_letter_that_is_gone_is_refused(folder: Path, tmp_path: Path) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    with pytest.raises(ContentError, match="there is no letter"):
        reading.load.__wrapped__(folder, letters)
