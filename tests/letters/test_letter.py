"""The finished letter: the same facts in every form, right blocks, right small print."""

from __future__ import annotations

import dataclasses
import io
from datetime import date
from typing import Any

import docx
import pytest

from companion.content import law
from companion.content.library import LANGUAGES
from companion.letters.catalogue import catalogue
from companion.letters.letter import Letter, compose, is_reference, new_reference, reader_copy
from companion.letters.recipient_language import languages_to_ask, letter_language
from companion.letters.samples import sample
from companion.letters.text import line_text, split, to_text
from companion.letters.word import to_docx
from companion.web.letters.printed import letter_html
from tests.letters.builders import REFERENCE, make_case, make_facts, make_letter, make_spec


def test_the_letter_says_what_was_typed() -> None:
    text = to_text(make_letter(accession="EX-0815", delivery="disc"))
    for said in ("Ana Díaz", "Valley Hospital", "MRI head, May 11, 2026", "EX-0815", REFERENCE):
        assert said in text


def test_right_and_request_stand_in_headed_parts_of_their_own() -> None:
    kinds = [section.kind for section in make_letter().sections]
    assert kinds[:3] == ["law", "ask", "answer"]


def test_the_answer_is_asked_for_by_the_rules_day() -> None:
    letter = make_letter(sent_on="2026-11-20", method="portal")
    assert letter.answer_by == "December 20, 2026"
    assert "Please answer by December 20, 2026" in to_text(letter)


def test_without_a_rule_the_answer_is_asked_for_in_thirty_days() -> None:
    letter = make_letter("opt-out", uses=["ai"], sent_on="2026-11-20", method="portal")
    assert [point.milestone.kind for point in letter.points][2] == "due-ask"
    assert letter.answer_by == "December 20, 2026"


def test_dates_are_written_as_the_place_writes_them() -> None:
    assert make_letter(sent_on="2026-11-20").dated == "November 20, 2026"
    assert make_letter(jurisdiction="uk-eng", sent_on="2026-11-20").dated == "20 November 2026"
    assert make_letter(language="es", sent_on="2026-11-20").dated == "20 de noviembre de 2026"


@pytest.mark.parametrize(
    ("language", "sent", "dated"),
    [
        ("en", "2026-11-01", "1 November 2026"),
        ("es", "2026-11-01", "1 de noviembre de 2026"),
        ("de", "2026-11-01", "1. November 2026"),
        ("de", "2026-03-31", "31. März 2026"),
        ("fr", "2026-11-01", "1er novembre 2026"),
        ("fr", "2026-11-11", "11 novembre 2026"),
        ("fr", "2026-08-02", "2 août 2026"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(
    language: str, sent: str, dated: str
) -> None:
    assert make_letter(jurisdiction="eu", language=language, sent_on=sent).dated == dated


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", f"Reference: {REFERENCE}"),
        ("es", f"Referencia: {REFERENCE}"),
        ("de", f"Zeichen: {REFERENCE}"),
        ("fr", f"Référence\u00a0: {REFERENCE}"),
    ],
)
def test_a_label_has_the_colon_of_its_language(language: str, line: str) -> None:
    letter = make_letter(jurisdiction="eu", language=language)
    assert line in to_text(letter)
    word = docx.Document(io.BytesIO(to_docx(letter)))
    assert line in "\n".join(one.text for one in word.paragraphs)


@pytest.mark.parametrize(
    ("language", "dear"),
    [
        ("de", "Sehr geehrte Damen und Herren"),
        ("fr", "Madame, Monsieur"),
        ("es", "A quien corresponda"),
    ],
)
def test_a_letter_greets_an_office_as_its_language_does(language: str, dear: str) -> None:
    text = to_text(make_letter(jurisdiction="eu", language=language))
    assert f"\n\n{dear}" in text


def test_a_french_letter_says_what_its_subject_is_and_begins_its_day_with_le() -> None:
    letter = make_letter(jurisdiction="eu-fr", language="fr", sent_on="2026-12-01")
    subject = f"Objet\u00a0: {letter.subject}"
    paper = letter_html(letter)
    assert '<p class="dated">Le 1er décembre 2026</p>' in paper
    assert f'<h1 class="subject">{subject}</h1>' in paper
    word = [one.text for one in docx.Document(io.BytesIO(to_docx(letter))).paragraphs]
    assert {"Le 1er décembre 2026", subject} <= set(word)
    paragraphs = to_text(letter).split("\n\n")
    assert {"Le 1er décembre 2026", subject} <= set(paragraphs)


def test_a_french_letter_closes_with_the_words_it_greets_with() -> None:
    frame = make_letter(jurisdiction="eu-fr", language="fr").frame
    assert frame["dear"] == "Madame, Monsieur,"
    assert frame["dear"] in frame["closing"]


@pytest.mark.parametrize(
    ("language", "line"), [("en", "1 December 2026"), ("es", "1 de diciembre de 2026")]
)
def test_a_day_alone_is_the_line_of_other_languages(language: str, line: str) -> None:
    letter = make_letter(jurisdiction="eu", language=language, sent_on="2026-12-01")
    assert f"\n\n{line}\n\n" in to_text(letter)


def test_swiss_letters_write_no_eszett_but_keep_what_was_typed() -> None:
    typed = ["Weiße Straße 1", "8001 Zürich"]
    for slug in ("get-my-images", "opt-out", "reminder", "leave-a-study"):
        swiss = make_letter(slug, "ch", "de", name="Eva Groß", recipient_address=typed)
        text = to_text(swiss)
        assert "Weiße Straße 1" in text
        assert "Eva Groß" in text
        for one in ("Weiße Straße", "Groß"):
            text = text.replace(one, "")
        assert "ß" not in text
    german = to_text(make_letter("opt-out", "eu-de", "de"))
    assert "Ich weiß, dass" in german
    assert "Ich weiss, dass" in to_text(make_letter("opt-out", "ch", "de"))


@pytest.mark.parametrize("own", LANGUAGES)
@pytest.mark.parametrize("theirs", LANGUAGES)
def test_the_copy_to_read_may_be_in_any_other_language(own: str, theirs: str) -> None:
    place = {"en": "eu-ie", "es": "eu-es", "de": "eu-de", "fr": "eu-fr"}[theirs]
    case = make_case(jurisdiction=place, language=own)
    assert letter_language(case.spec.languages, case.jurisdiction, own) == theirs
    copy = reader_copy(compose(case, REFERENCE), catalogue(), theirs)
    assert copy.language == own
    assert copy.copy_mark


def test_a_representative_writes_and_signs_for_the_patient() -> None:
    letter = make_letter(representative="Luz Díaz, mother")
    assert letter.sender[0] == "Luz Díaz, mother"
    assert line_text(letter.signer) == "Luz Díaz, mother, for Ana Díaz"
    assert letter.about[0] == ("On behalf of the patient", "Ana Díaz")


def test_an_address_as_on_an_envelope_prints_no_name_twice() -> None:
    street = ["100 Sample Road", "Springfield 62701"]
    plain = make_letter("opt-out", recipient_address=street).recipient
    envelope = ["Valley Hospital", "Privacy Office", *street]
    assert make_letter("opt-out", recipient_address=envelope).recipient == plain
    assert make_letter("opt-out", recipient_address=envelope[1:]).recipient == plain
    town = make_letter("opt-out", recipient_name="Springfield", recipient_address=street)
    assert town.recipient[-2:] == tuple(street)


def test_a_page_that_takes_letters_is_no_address_for_an_envelope() -> None:
    page = "https://www.oaic.gov.au/"
    letter = make_letter("complaint", "au", hospital="x", recipient_address=[page])
    assert letter.recipient == ("Valley Hospital", "Complaints")
    assert letter.sending.startswith(f"Send it through this page: {page}.")
    assert [one.milestone.when.exact for one in letter.points] == [True] * len(letter.points)
    posted = make_letter("complaint", "us", hospital="x", recipient_address=["200 Sample Avenue"])
    assert posted.recipient[-1] == "200 Sample Avenue"
    assert "page" not in posted.sending


def test_the_day_that_a_limit_of_ones_own_runs_from_is_asked_for() -> None:
    for place, found in (("us", ["event_date"]), ("ca-on", ["event_date"]), ("eu-ie", [])):
        problems = make_facts("complaint", place, hospital="x", what_happened="x").problems
        assert [one.field for one in problems] == found


def test_a_law_check_of_more_than_a_year_ago_shows_a_warning() -> None:
    assert make_letter().law_is_old == ""
    assert "more than a year ago" in make_letter(today=date(2027, 12, 1)).law_is_old


@pytest.mark.parametrize(("lawyer", "says"), [("", True), ("Ana Ruiz", False)])
def test_what_no_lawyer_has_checked_says_so(lawyer: str, says: bool) -> None:
    case = make_case()
    spec = dataclasses.replace(case.spec, law_checked_by=lawyer)
    letter = compose(dataclasses.replace(case, spec=spec), REFERENCE)
    assert ("No lawyer has checked this text yet." in letter.marks) is says
    assert not lawyer or lawyer in letter.marks[0]


def test_the_title_names_no_person_and_no_illness() -> None:
    assert make_letter().title == f"Letter {REFERENCE}"


def test_the_letter_stays_out_of_what_is_printed_for_engineers() -> None:
    said = repr(make_letter(accession="EX-0815"))
    for secret in ("Díaz", "Valley", "EX-0815", "MRI"):
        assert secret not in said


@pytest.mark.parametrize(
    ("jurisdiction", "wanted", "language"),
    [
        ("us", "es", "en"),  # the recipient reads English
        ("eu-es", "en", "es"),  # and here Spanish
        ("eu-de", "es", "de"),
        ("eu-at", "fr", "de"),
        ("eu-fr", "de", "fr"),
        ("ch", "fr", "fr"),  # either is official there
        ("ch", "es", "de"),
        ("eu-pl", "de", "de"),  # no Polish: the patient's choice
        ("eu-pl", "xx", "en"),
    ],
)
def test_the_recipients_language_comes_first(jurisdiction: str, wanted: str, language: str) -> None:
    assert letter_language(tuple(LANGUAGES), law.jurisdiction(jurisdiction), wanted) == language


PROVINCES = {
    "ca-qc": ("fr", ("RLRQ c. R-22.1", "30 jours"), ("les frais",)),
    "ca-ab": ("en", ("Health Information Act (Alberta) section 8", "any fee"), ("30 days",)),
    "ca-bc": ("en", ("Privacy Act (British Columbia)", "30 working days", "any fee"), ()),
}
"""By province: the language of a letter there, what its request for images says, and what not."""


@pytest.mark.parametrize("place", PROVINCES)
def test_a_province_has_its_own_act_time_and_language(place: str) -> None:
    language, said, unsaid = PROVINCES[place]
    spec = catalogue().letters["get-my-images"]
    for wanted in LANGUAGES:
        expected = language if place == "ca-qc" else "en"
        assert letter_language(spec.languages, law.jurisdiction(place), wanted) == expected
    written = " ".join(to_text(make_letter("get-my-images", place, language)).split())
    assert all(one in written for one in said)
    assert not any(one in written for one in unsaid)
    assert "PHIPA" not in written


def test_research_is_refused_in_quebec_by_its_act_and_asked_for_in_other_provinces() -> None:
    refused = to_text(make_letter("opt-out", "ca-qc", "fr", uses=["research"]))
    assert "article 5 de son règlement" in " ".join(refused.split())
    assert "R-22.1, r. 1" not in to_text(make_letter("opt-out", "ca-qc", "fr", uses=["ai"]))
    for place in ("ca-ab", "ca-bc"):
        asked = " ".join(to_text(make_letter("opt-out", place, uses=["research"])).split())
        assert "Please agree to leave my scans out of the uses above." in asked


def test_a_complaint_to_the_hospital_speaks_to_the_hospital() -> None:
    answers: dict[str, Any] = {
        "what_happened": "x", "hospital": "y", "original_date": "2026-10-01",
    }  # fmt: skip
    said = {
        stage: to_text(make_letter("complaint", "uk-eng", stage=stage, **answers))
        for stage in ("hospital", "regulator")
    }
    assert "I wrote to you on" in said["hospital"]
    assert "I wrote to them on" in said["regulator"]


@pytest.mark.parametrize(
    ("jurisdiction", "asked"),
    [
        ("ch", ["de", "fr", "en"]),  # Italian is lacking
        ("eu-be", ["fr", "de", "en"]),  # and Dutch
        ("eu-lu", ["fr", "de", "en"]),  # and Luxembourgish
        ("eu-de", []),
        ("eu-fr", []),
        ("eu-nl", []),
        ("eu-mt", []),
        ("us", []),
    ],
)
def test_where_several_languages_are_official_the_person_is_asked(
    jurisdiction: str, asked: list[str]
) -> None:
    assert languages_to_ask(tuple(LANGUAGES), law.jurisdiction(jurisdiction)) == asked


def test_the_readers_copy_says_that_it_is_one() -> None:
    copy = reader_copy(make_letter(language="es"), catalogue(), "en")
    assert to_text(copy).startswith("Copia para leer. La carta que vale es la escrita en inglés.")


def test_references_come_by_chance_and_from_nothing_typed() -> None:
    references = {new_reference() for _ in range(200)}
    assert len(references) > 190
    assert all(map(is_reference, references))


@pytest.mark.parametrize("text", ["", "A7K93M1", "A7K-93", "a7k-93m", "<b>-93M", "A7K-9 M"])
def test_a_reference_of_another_shape_is_not_ours(text: str) -> None:
    assert not is_reference(text)


def test_identifiers_are_enclosed_as_a_list() -> None:
    letter = make_letter(identifiers=["PatientName", "BirthDate"])
    text = to_text(letter)
    assert text.count("- PatientName") == 1
    assert "- a list of details found in my image files" in text


@pytest.mark.parametrize("limit", [300, 500, 1000, 2000])
def test_text_splits_into_numbered_parts_that_fit(limit: int) -> None:
    letter = make_letter(study_list=["a" * 90 + f" {number}" for number in range(20)])
    parts = split(letter, limit)
    assert all(len(part) <= limit for part in parts)
    assert parts[0].startswith(f"Part 1 of {len(parts)} (Reference {REFERENCE})")
    whole = to_text(letter).split()
    said = [word for part in parts for word in part.partition("\n\n")[2].split()]
    assert said == whole


def test_a_short_text_stays_in_one_part_without_a_number() -> None:
    (part,) = split(make_letter(), 100_000)
    assert part == to_text(make_letter())


def test_a_word_longer_than_a_part_is_cut_and_not_lost() -> None:
    letter = make_letter(study_list=["x" * 900])
    parts = split(letter, 300)
    assert sum(part.count("x") for part in parts) >= 900


def test_a_limit_too_small_for_a_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="300"):
        split(make_letter(), 299)


def text_with(slug: str, jurisdiction: str = "us", **changes: Any) -> str:
    return to_text(make_letter(slug, jurisdiction, **changes))


FIRST: dict[str, Any] = {"original_date": "2026-09-15", "study_list": None}


def test_a_reminder_of_a_request_names_no_time_of_law() -> None:
    text = text_with("reminder", original="opt-out", original_due="2026-10-20", **FIRST)
    assert "I had hoped for an answer by October 20, 2026." in text
    assert "usual time" not in text


@pytest.mark.parametrize(
    ("jurisdiction", "original", "law"),
    [
        ("us", "get-my-images", "the usual time is 30 days (45 CFR 164.524(b)(2))"),
        ("us-ca", "get-my-images", "state law is 15 days (California Health and Safety Code"),
        ("us", "correct-my-record", "the usual time is 60 days (45 CFR 164.526)"),
        ("eu-fr", "opt-out", "one month (GDPR Article 12(3))"),
        ("uk-eng", "complaint", "confirm within 30 days that you got a complaint"),
        ("ca-on", "correct-my-record", "on a correction is 30 days"),
    ],
)
def test_a_reminder_states_the_rule_of_its_first_letter(
    jurisdiction: str, original: str, law: str
) -> None:
    text = text_with(
        "reminder", jurisdiction, original=original, original_due="2026-10-20", **FIRST
    )
    assert law in text
    assert "passed on" in text


def test_a_reminder_says_that_a_time_has_passed_only_when_it_has() -> None:
    text = text_with("reminder", original="get-my-images", original_due="2026-12-20", **FIRST)
    assert "The usual time for an answer ends on December 20, 2026." in text
    assert "passed" not in text


@pytest.mark.parametrize(
    ("jurisdiction", "original"), [("eu-fr", "secure-transfer"), ("uk-eng", "explain-the-breach")]
)
def test_a_reminder_cites_no_month_where_none_timed_the_first_letter(
    jurisdiction: str, original: str
) -> None:
    text = text_with("reminder", jurisdiction, original=original, **FIRST)
    assert ("one month" in text) is (original == "explain-the-breach")


def test_a_reminder_to_a_regulator_speaks_of_no_duty_of_hospitals() -> None:
    letter = make_letter("reminder", original="complaint", **FIRST)
    assert "164.530" not in to_text(letter)
    assert letter.recipient[1] == "Complaints"


def test_a_reminder_asks_for_an_answer_within_two_weeks() -> None:
    letter = make_letter("reminder", sent_on="2026-11-20", method="portal", **FIRST)
    assert letter.answer_by == "December 4, 2026"


def kinds(letter: Letter) -> list[str]:
    return [point.milestone.kind for point in letter.points]


def test_an_own_limit_is_worded_as_ones_own_and_asks_for_no_reminder() -> None:
    letter = make_letter("complaint", event_date="2026-09-01", study_list=None)
    assert kinds(letter) == ["sent", "arrives", "warn", "warn", "yours"]
    assert not any("reminder" in words or "estimate" in words for words in letter.date_words)
    assert any("Your own deadline does not move" in words for words in letter.date_words)


def test_an_own_limit_that_has_passed_says_so_first() -> None:
    letter = make_letter("complaint", event_date="2026-01-01", study_list=None)
    assert kinds(letter) == ["yours-passed", "sent", "arrives"]
    assert "That day has passed. The office may still take it if there is a good reason." in (
        letter.points[0].words
    )
    ontario = make_letter("complaint", "ca-on", event_date="2025-01-01", study_list=None)
    assert ontario.points[0].words == "Your own deadline. That day has passed."


def test_an_own_limit_before_the_day_of_sending_is_told() -> None:
    letter = make_letter(
        "complaint", event_date="2026-06-01", sent_on="2026-12-10", study_list=None
    )
    assert "yours-after" in kinds(letter)


def test_without_a_day_of_knowledge_there_is_no_limit_to_speak_of() -> None:
    assert make_letter("complaint", study_list=None).note == ""


def test_a_british_complaint_to_the_hospital_waits_for_its_confirmation() -> None:
    letter = make_letter("complaint", "uk-eng", sent_on="2026-11-20", method="portal")
    point = next(one for one in letter.points if one.milestone.kind == "confirm")
    assert point.when == "20 December 2026"
    again = next(one for one in letter.points if one.milestone.kind == "follow-up")
    assert again.when == "22 December 2026"
    later = make_letter("complaint", "uk-eng", stage="regulator", hospital="Valley Hospital")
    assert "confirm" not in kinds(later)


def test_thirty_days_are_claimed_only_when_they_have_passed() -> None:
    early = make_letter("complaint", "au", original_date="2026-11-01", hospital="x")
    assert "gave it 30 days" not in to_text(early)
    assert "wait" in kinds(early)
    late = make_letter("complaint", "au", original_date="2026-10-01", hospital="x")
    assert "gave it 30 days" in to_text(late)
    exactly = make_letter("complaint", "au", original_date="2026-10-22", hospital="x")
    assert "gave it 30 days" not in to_text(exactly)


def test_a_made_up_letter_goes_to_whom_it_is_for() -> None:
    found = {
        slug: sample(catalogue(), make_spec(slug), law.jurisdiction(home), "en", date(2026, 11, 21))
        for slug, home in (("ask-lawmakers", "us"), ("complaint", "au"),
                            ("information-blocking", "us"), ("delete-my-upload", "us-wa"))
    }  # fmt: skip
    assert found["ask-lawmakers"].recipient[0] == "The Office of Representative Alex Sample"
    assert "OAIC" in found["complaint"].recipient[0]
    assert "ASTP/ONC" in found["information-blocking"].recipient[0]
    assert not any("Hospital" in letter.recipient[0] for letter in found.values())


def test_a_letter_without_a_day_still_leads_into_its_questions() -> None:
    assert "C. Please answer in writing\n\nPlease tell me:" in text_with("complaint", hospital="x")
    spanish = text_with("ask-lawmakers", language="es", study_list=None)
    assert "dígame:" in spanish
    assert "díganme" not in spanish


def test_a_report_of_information_blocking_goes_to_the_office_that_it_speaks_to() -> None:
    assert "health-it" in law.jurisdiction("us").agencies
    letter = make_letter("information-blocking", hospital="x", what_happened="x")
    assert letter.recipient[1] == "Reports of Information Blocking"


def test_a_slip_has_boxes_staff_line_and_a_second_half_and_no_dates() -> None:
    letter = make_letter("consent-addendum", study_list=None)
    text = to_text(letter)
    assert letter.points == ()
    assert text.count("[ ] No sharing") == 2
    for said in ("Received by (staff name): ___", "Initials: ___", "Witness (optional): ___",
                 "To: Valley Hospital", "12 Oak Street, Springfield 62704"):  # fmt: skip
        assert text.count(said) == 2
    assert "Cut here" in text


@pytest.mark.parametrize(
    ("region", "answer_by"),
    [("", "6 January 2027"), ("BY", "7 January 2027"), ("XX", "6 January 2027")],
)
def test_the_holidays_of_a_region_move_the_day(region: str, answer_by: str) -> None:
    letter = make_letter("get-my-images", "eu-de", today=date(2026, 12, 6), region=region,
                         sent_on="2026-12-06", method="email")  # fmt: skip
    assert letter.answer_by == answer_by


def test_the_word_file_of_a_slip_has_boxes_lines_and_a_second_half() -> None:
    letter = make_letter("consent-addendum", study_list=None)
    document = docx.Document(io.BytesIO(to_docx(letter)))
    lines = [one.text for one in document.paragraphs]
    assert sum(line.startswith("[ ] ") for line in lines) == 6
    assert sum(line.startswith("Received by (staff name): ___") for line in lines) == 2
    assert lines.count("Patient's copy") == 1
    assert sum("Cut here" in line for line in lines) == 1


def test_a_reminder_to_a_hospital_does_not_speak_of_a_regulator() -> None:
    text = text_with("reminder", "uk-eng", original="complaint", **FIRST)
    assert "That letter was about this: my complaint about the use of my data" in text


@pytest.mark.parametrize(
    ("slug", "place", "cited"),
    [
        ("get-my-images", "us-wa", {"us-wa.record-copies", "us.hipaa.access-time"}),
        ("correct-my-record", "us-wa", {"us-wa.correction", "us.hipaa.amend"}),
        ("get-my-images", "eu-fr", {"eu-fr.record", "eu.gdpr.time"}),
        ("get-my-images", "eu-de", {"eu-de.record", "eu.gdpr.copy"}),
        ("opt-out", "eu-de", {"eu-de.gdng", "eu.gdpr.object"}),
        ("opt-out", "us-mn", {"us-mn.records"}),
        ("get-my-images", "au", {"au.state-records"}),
        ("get-my-images", "ch", {"ch.access", "ch.time"}),
        ("get-my-images", "br", {"br.lgpd.access"}),
        ("secure-transfer", "us", {"us.hipaa.access-format"}),
        ("review-refusal", "us", {"us.hipaa.access-review", "us.hipaa.review-duty"}),
        ("leave-a-study", "us", {"us.common-rule.withdraw"}),
        ("ai-contracts", "uk-sct", {"uk-sct.foi", "uk-sct.foi-time"}),
    ],
)
def test_the_law_of_the_place_stands_beside_that_of_its_family(
    slug: str, place: str, cited: set[str]
) -> None:
    made = make_letter(slug, place, what_happened="x", original_date="2026-10-01")
    assert cited <= {one.id for one in made.laws}


def test_a_church_hospital_in_germany_follows_its_churchs_law() -> None:
    for church in ("catholic", "protestant"):
        cited = {one.id for one in make_letter("get-my-images", "eu-de", church=church).laws}
        assert cited == {"eu-de.record", f"eu-de.church-{church}"}


@pytest.mark.parametrize("place", ["us-tx", "us-ca", "us-wa"])
def test_a_reminder_names_the_states_time_and_the_federal_one(place: str) -> None:
    made = make_letter("reminder", place, original="get-my-images", original_date="2026-09-15")
    cited = {one.id for one in made.laws}
    assert "us.hipaa.access-time" in cited
    assert any(name.startswith(place) for name in cited)


def test_a_request_for_papers_about_ai_names_no_patient() -> None:
    asked = {one.id for one in make_spec("ai-contracts").fields}
    assert not asked & {"birth_date", "record_number", "relation", "representative", "study_list"}
