"""Who writes: the whole letter speaks of the patient as its writer does, and claims no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from companion.content import law
from companion.letters import glyphs, person, samples
from companion.letters.catalogue import catalogue
from companion.letters.letter import Letter, compose
from companion.letters.spec import Spec
from companion.letters.text import line_text, to_text
from companion.letters.writer_hints import writer_hints
from companion.web.letters.printed import letter_html
from tests.letters.builders import REFERENCE, TODAY, make_case, make_letter

OTHERS = ("parent", "representative", "survivor")
FOR_CHILD: dict[str, Any] = {
    "relation": "child",
    "representative": "Luz Díaz, mother",
    "birth_date": "2018-02-03",
}
FOR_ADULT: dict[str, Any] = {"relation": "adult", "representative": "Luz Díaz, power of attorney"}
FOR_THE_DEAD: dict[str, Any] = {"relation": "died", "representative": "Luz Díaz, executor"}

# What "my" and "me" may stand before or after when somebody else writes: what is the
# writer's own. All else would make the patient of them.
OWN = {
    "en": (
        r"my (?:child|letter|first letter|request|reasons?\b|complaint|statement|refusal|ID\b)",
        r"(?:tell|show|ask|call|give|send|write to|let|lets|from|reach|worries|punish) me\b",
        r"the answers? to me|for me to complain|asking me|asked me|against me|ask me why",
    ),
    "es": (
        r"mi (?:hijo o hija|carta|primera carta|solicitud|reclamación|declaración|identificación"
        r"|motivo|copia)",
        r"mis motivos",
        r"de mí, díganme|respondan a mí|contra mí por esta reclamación|que me respondan a mí",
    ),
    "de": (
        r"meine?[mnrs]? (?:Kind(?:es)?|(?:erste[nrsm]? )?Brief\w*|Anfrage|Bitte|Gr[üu]nde?"
        r"|Beschwerde|Gegendarstellung|Erklärung|Ausweis\w*)",
        r"(?:Untersuchungen|Ich) meine(?: ich)?\b",
        r"(?:teilen|sagen|zeigen|rufen|geben|schicken|schreiben|nennen|fragen|informieren)"
        r" Sie(?: es)? mi(?:r|ch)\b",
        r"Sie (?:fragen|rufen|schicken) mi(?:r|ch)\b|ohne mich zu fragen|macht mir Sorgen",
        r"an mich|von mir brauchen|So erreichen Sie mich|mir gesagt|Einrichtung mir die Bilder",
        r"mir das nicht vorhalten|mich nicht nach dem Grund|mich für diese Beschwerde|erlaubt mir",
        r"ich (?:beschwere|darf|habe) mich|beschwere ich mich|Mir wurde gesagt",
    ),
    "fr": (
        r"(?:mon|ma|mes) (?:enfant|lettre|première lettre|demande|raisons?|plainte|déclaration"
        r"|salutations|part|refus|motifs?|identité|pièce d’identité)",
        r"un moyen pour moi de me plaindre|Mon espace santé",  # the last is a name
    ),
}
PATIENT = {
    "en": r"\b(?:my|mine|myself)\b|\bme\b|I am your patient"
    r"|(?<!for the patient, )\bI consent to the scan"
    r"|\bI (?:signed|uploaded scans or reports to|never had)",
    "es": r"\b(?:mis?|míos?|mías?|mí|conmigo)\b|Soy paciente|\bme (?:hicieron|identifican)\b",
    "de": r"\b(?:meine?[mnrs]?|mir|mich)\b|Ich bin (?:Ihr )?Patient",
    "fr": r"\b(?:mon|ma|mes|moi|le mien|la mienne)\b|Je suis votre patient",
}


def printed(letter: Letter) -> str:
    """The letter's own words: what was typed, and whom the law protects, left out."""
    parts = [letter.subject, *(words for words in letter.frame.values()), *letter.identifiers]
    for blocks in (letter.opening, *(section.blocks for section in letter.sections)):
        for block in blocks:
            for line in block.lines:
                parts += ["".join(run.text for run in line if not run.law)]
    return "\n".join(parts)


def typed_by(answers: dict[str, Any]) -> Iterator[str]:
    """What was typed in words, and no option that was chosen."""
    for answer in answers.values():
        texts = answer if isinstance(answer, list) else [answer]
        yield from (one for one in texts if isinstance(one, str) and " " in one)


def spoken_as_patient(text: str, language: str) -> list[str]:
    """Where a text speaks as the patient, with some words around it."""
    for own in OWN[language]:
        text = re.sub(own, "~", text, flags=re.IGNORECASE)
    found = re.finditer(PATIENT[language], text, flags=re.IGNORECASE)
    return [text[max(0, one.start() - 40) : one.end() + 40] for one in found]


@pytest.mark.parametrize("language", PATIENT)
@pytest.mark.parametrize("writer", OTHERS)
def test_no_letter_of_somebody_else_speaks_as_the_patient(
    writer: person.Writer, language: str
) -> None:
    wrong: dict[str, str] = {}
    for spec in catalogue().letters.values():
        if writer not in samples.written_by(spec):
            continue
        for home in law.jurisdictions().values():
            if not (home.offered and spec.offered_in(home)) or home.id in _ALIKE:
                continue
            for answers in _answered(spec, home, language, writer):
                case = make_case(spec.slug, home.id, language, **answers)
                text = printed(compose(case, REFERENCE))
                for typed in sorted(typed_by(answers), key=len, reverse=True):
                    text = text.replace(typed, "~")
                for one in spoken_as_patient(text, language):
                    wrong.setdefault(one, f"{spec.slug} {home.id}")
    assert not wrong


def test_a_french_letter_of_a_parent_speaks_of_the_child_throughout() -> None:
    wrong: dict[str, str] = {}
    for spec in catalogue().letters.values():
        if "parent" not in samples.written_by(spec):
            continue
        for home in law.jurisdictions().values():
            if not (home.offered and spec.offered_in(home)) or home.id in _ALIKE:
                continue
            for answers in _answered(spec, home, "fr", "parent"):
                case = make_case(spec.slug, home.id, "fr", **answers)
                text = printed(compose(case, REFERENCE))
                text = re.sub(_OF_ANY_PATIENT, "~", text, flags=re.IGNORECASE)
                for one in re.finditer(r".{0,40}\b(?:le|du|au) patient\b.{0,20}", text):
                    wrong.setdefault(one[0], f"{spec.slug} {home.id}")
    assert not wrong


# Who acts for a patient, whoever that is; and what a law asks of doctors.
_OF_ANY_PATIENT = r"pour le patient|le dit au patient"

_ALIKE = {
    one.id
    for one in law.jurisdictions().values()
    if one.parent == "eu" and one.id not in ("eu-at", "eu-de", "eu-es", "eu-fr", "eu-ie")
}


def _answered(
    spec: Spec, home: law.Jurisdiction, language: str, writer: person.Writer
) -> Iterator[dict[str, Any]]:
    """Every question answered, with each option of each choice, and only the needed ones."""
    full = samples.answers(spec, home, language, writer)
    yield full
    for one in spec.asked_in(home):
        if one.kind == "choice" and one.id not in ("relation", "method", "original"):
            yield from ({**full, one.id: option} for option in one.options)
    if any(one.id == "original" for one in spec.fields):
        for slug in catalogue().letters:
            yield {**full, "original": slug}
    needed = {*spec.required, "relation", "representative", "name", "contact", "recipient_name"}
    needed |= {"birth_date"} if writer == "parent" else set()
    yield {**dict.fromkeys(("study_list", "recipient_address")), **{
        name: answer for name, answer in full.items() if name in needed
    }}  # fmt: skip


def test_the_search_for_the_patients_voice_finds_it() -> None:
    for text, language in (
        ("I object to the use of my scans.", "en"),
        ("Nobody may link data to me.", "en"),
        ("I am your patient.", "en"),
        ("No quiero que mis imágenes se usen.", "es"),
        ("datos míos", "es"),
        ("Bitte nutzen Sie meine Aufnahmen nicht.", "de"),
        ("Daten, die mich erkennbar machen", "de"),
        ("Je m’oppose à l’usage de mes examens.", "fr"),
    ):
        assert spoken_as_patient(text, language), text
    for text, language in (
        ("I write for my child. Please tell me.", "en"),
        ("Escribo por mi hijo o hija.", "es"),
        ("Ich schreibe für mein Kind. Bitte sagen Sie mir, warum.", "de"),
        ("J’écris pour mon enfant.", "fr"),
    ):
        assert not spoken_as_patient(text, language), text


def test_a_patient_still_writes_as_the_patient() -> None:
    text = to_text(make_letter("opt-out"))
    assert "I am your patient." in text
    assert "my scans" in text
    assert "the patient" not in text


def test_a_parent_writes_for_the_child_from_the_subject_to_the_signature() -> None:
    letter = make_letter("get-my-images", **FOR_CHILD)
    assert letter.subject == "Request for copies of my child's medical images and reports"
    assert line_text(letter.signer) == "Luz Díaz, mother, for Ana Díaz"
    assert letter.sender[0] == "Luz Díaz, mother"
    assert letter.about[0] == ("On behalf of the patient", "Ana Díaz")
    text = to_text(letter)
    assert "I write for my child, Ana Díaz." in text
    assert "As a personal representative, I may use my child's rights" in text
    assert "shows that I am the parent or guardian" in text


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (FOR_CHILD, "los estudios de mi hijo o hija"),
        (FOR_ADULT, "los estudios del paciente"),
        ({}, "mis estudios"),
    ],
)
def test_spanish_names_the_patient_after_the_scans(answers: dict[str, Any], said: str) -> None:
    assert f"Esta carta trata de {said}:" in to_text(make_letter("opt-out", "us", "es", **answers))


def test_somebody_named_without_a_relation_represents_an_adult() -> None:
    assert make_case(representative="Luz Díaz, carer").writer == "representative"
    assert make_case(relation="self").writer == "patient"
    assert make_case().writer == "patient"


@pytest.mark.parametrize(("place", "cited"), [
    ("us", {"us.hipaa.deceased"}), ("uk-eng", {"uk.deceased-records"}),
    ("uk-nir", {"uk-nir.deceased-records"}), ("eu-de", {"eu-de.record-heirs"}),
    ("eu-fr", {"eu-fr.record-heirs"}), ("ca-on", {"ca-on.phipa.representative"}),
    ("eu-es", set()), ("au", set()),
])  # fmt: skip
def test_only_rights_that_outlive_the_patient_are_claimed_for_the_dead(
    place: str, cited: set[str]
) -> None:
    letter = make_letter("get-my-images", place, **FOR_THE_DEAD)
    assert cited <= {one.id for one in letter.laws}
    assert all(one.after_death for one in letter.laws)
    if not cited:
        assert not any(section.kind == "law" for section in letter.sections)
        assert "other rules apply to the data of someone who has died" in to_text(letter)


@pytest.mark.parametrize("place", ["uk-eng", "eu-de", "eu-fr"])
def test_a_right_to_see_the_record_is_claimed_only_where_the_record_is_asked_for(
    place: str,
) -> None:
    letter = make_letter("opt-out", place, **FOR_THE_DEAD)
    assert letter.laws == ()
    assert "other rules apply to the data of someone who has died" in to_text(letter)


def test_a_company_behind_an_app_is_bound_by_no_law_on_representatives() -> None:
    for slug, place in (("ask-ai-company", "us"), ("delete-my-upload", "us-ca")):
        assert "us.hipaa.representative" not in {
            one.id for one in make_letter(slug, place, **FOR_CHILD).laws
        }


def test_no_letter_about_the_dead_cites_a_law_of_the_living() -> None:
    for spec, home, language, writer in samples.every(catalogue(), ("survivor",)):
        if home.id in _ALIKE:
            continue
        letter = samples.sample(catalogue(), spec, home, language, TODAY, writer)
        for section in letter.sections:
            for block in section.blocks:
                for name in block.laws():
                    assert home.laws[name].after_death, f"{spec.slug} {home.id} {name}"


def test_a_time_of_the_living_times_no_letter_about_the_dead() -> None:
    assert make_case("get-my-images", "uk-eng").rule_id == "uk.month"
    assert make_case("get-my-images", "uk-eng", **FOR_THE_DEAD).rule_id == ""
    assert make_case("get-my-images", "us", **FOR_THE_DEAD).rule_id == "us.hipaa.30"
    first: dict[str, Any] = {
        "original": "get-my-images",
        "original_date": "2026-10-01",
        "original_due": "2026-11-02",
    }
    reminder = make_case("reminder", "uk-eng", **first, **FOR_THE_DEAD)
    assert "one month" not in to_text(compose(reminder, REFERENCE))


@pytest.mark.parametrize("place", [one.id for one in law.jurisdictions().values() if one.offered])
def test_a_sentence_says_whose_rights_pass_and_whose_do_not(place: str) -> None:
    for language in PATIENT:
        case = make_case("opt-out", place, language, **FOR_THE_DEAD)
        (hint,) = [one for one in writer_hints(case) if one.code == "after-death"]
        assert (
            hint.words(catalogue(), language, kind="hint")
            == law.jurisdiction(place).after_death[language]
        )


def codes(slug: str = "opt-out", **answers: Any) -> list[str]:
    case = make_case(slug, **answers)
    return [one.code for one in (*case.facts.problems, *writer_hints(case))]


def test_a_representative_without_a_name_is_asked_for_it() -> None:
    case = make_case(relation="child")
    (problem,) = case.facts.problems
    assert (problem.field, problem.code) == ("representative", "who-writes")


def test_a_child_of_40_years_writes_alone_or_gives_a_paper() -> None:
    answers = {**FOR_CHILD, "birth_date": "1986-02-03"}
    assert codes(**answers) == ["grown-child"]
    assert make_case(**answers).writer == "representative"
    text = to_text(make_letter(**answers))
    assert "my child" not in text
    assert "a copy of the document that shows that I may act for the patient" in text


@pytest.mark.parametrize(("born", "found"), [
    ("2008-11-21", ["grown-child"]), ("2008-11-22", ["older-child"]),
    ("2013-11-21", ["older-child"]), ("2013-11-22", []), ("", []),
])  # fmt: skip
def test_the_age_is_counted_on_the_letters_day(born: str, found: list[str]) -> None:
    assert codes(**{**FOR_CHILD, "birth_date": born or None}) == found


def test_a_death_before_the_scan_is_a_hint() -> None:
    assert codes(**FOR_THE_DEAD, died_on="2026-01-05") == [
        "after-death", "scan-after-death", "scan-after-death",
    ]  # fmt: skip
    assert codes(**FOR_THE_DEAD, died_on="2026-06-01") == ["after-death"]


def test_a_death_after_the_letter_or_before_birth_is_a_problem() -> None:
    born = codes(**FOR_THE_DEAD, died_on="2001-01-01", birth_date="2002-01-01")
    assert "before-birth" in born
    assert "before-death" in codes(**FOR_THE_DEAD, died_on="2026-11-20", sent_on="2026-11-01")


def test_the_day_of_death_is_asked_only_of_who_writes_for_the_dead() -> None:
    assert "died_on" not in {one.id for one in make_case(**FOR_CHILD).asked}
    assert "died_on" in {one.id for one in make_case(**FOR_THE_DEAD).asked}
    assert "died_on" in {one.id for one in make_case(relation=["died"]).asked}


@pytest.mark.parametrize("slug", ["consent-addendum", "ehds-wish", "national-data-opt-out"])
def test_a_choice_of_the_living_is_not_made_for_the_dead(slug: str) -> None:
    place = {"ehds-wish": "eu-ie", "national-data-opt-out": "uk-eng"}.get(slug, "us")
    case = make_case(slug, place, **FOR_THE_DEAD)
    assert "not-for-died" in {one.code for one in case.facts.problems}


def test_pasted_bullets_leave_one_bullet() -> None:
    pasted = ["\u2022 CT chest", "- MRI head", "\u2013 X-ray knee", "* PET", "-3 degrees"]
    assert make_case(study_list=pasted).facts.lines("study_list") == (
        "CT chest", "MRI head", "X-ray knee", "PET", "-3 degrees",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("\uf0b7\tCT chest", "CT chest"),  # Word's own bullet, of a font nobody else has
        ("\u25a0 X-ray", "X-ray"), ("\u27a2 PET", "PET"), ("\u2713 CT", "CT"),
        ("  \u2022 - CT", "CT"), ("\u2022\u00a0CT", "CT"),
        ("o CT", "o CT"), ("-3 degrees", "-3 degrees"), ("1. CT", "1. CT"),
        ("\u2022", ""), ("- ", ""),
    ],
)  # fmt: skip
def test_bullets_of_other_programs_are_taken_off(pasted: str, kept: str) -> None:
    assert make_case(study_list=["MRI", pasted]).facts.lines("study_list") == (
        ("MRI", kept) if kept else ("MRI",)
    )


def test_curly_marks_are_printed_as_they_were_pasted() -> None:
    said = "They said \u201cno\u201d \u2014 it isn\u2019t theirs\u2026"
    letter = make_letter("correct-my-record", what_happened=said, name="Ana O\u2019Neil")
    assert said in to_text(letter)
    assert "Ana O\u2019Neil" in to_text(letter)
    assert glyphs.undrawn(said) == ()


def test_an_address_of_twelve_lines_is_told_and_kept_as_typed() -> None:
    lines = [f"Line {number} of it" for number in range(12)]
    case = make_case(contact=lines)
    assert [(one.field, one.code) for one in case.facts.problems] == [("contact", "too-many-lines")]
    assert case.given["contact"] == lines


def test_a_name_from_the_right_turns_nothing_around_it_in_print() -> None:
    name = "\u05d3\u05e0\u05d4 \u05dc\u05d5\u05d9"
    for answers in ({**FOR_CHILD, "name": name}, {**FOR_CHILD, "representative": name}):
        html = letter_html(make_letter(**answers))
        isolated = re.findall(rf"<bdi[^>]*>{name}</bdi>", html)
        assert len(isolated) == html.count(name) >= 3


def test_a_name_of_one_letter_and_one_written_from_the_right_are_printed() -> None:
    for name in ("O", "\u05d3\u05e0\u05d4 \u05dc\u05d5\u05d9"):
        assert f"I write for my child, {name}." in to_text(make_letter(**FOR_CHILD, name=name))


def test_age_counts_full_years() -> None:
    assert person.age(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert person.age(date(2008, 2, 29), date(2026, 3, 1)) == 18
