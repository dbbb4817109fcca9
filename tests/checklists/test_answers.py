"""A patient's notes, to the file and back."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from companion.checklists import reading
from companion.checklists.answers import NOTE_MOST, STATUSES, WHO_MOST, Answer, Notes, plain

CATALOGUE = reading.load()

_texts = st.text(max_size=60).map(plain)
_answers = st.builds(
    Answer,
    status=st.sampled_from(("", *STATUSES)),
    note=_texts,
    who=_texts,
    heard=st.booleans(),
)
_notes = st.builds(
    Notes,
    facts=st.dictionaries(st.sampled_from(["scan", "body"]), st.just(("other",)), max_size=2),
    on=st.none() | st.dates(),
    answers=st.dictionaries(st.sampled_from(list(CATALOGUE.questions)), _answers, max_size=5),
    habits=st.frozensets(st.sampled_from(list(CATALOGUE.habits))),
)


@given(_notes)
def test_what_is_kept_is_what_comes_back(notes: Notes) -> None:
    saved = json.loads(json.dumps(notes.to_saved()))
    back = Notes.from_saved(saved, CATALOGUE)
    assert back == Notes(
        notes.facts, notes.on, {k: v for k, v in notes.answers.items() if v}, notes.habits
    )


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["facts", "answers", "habits", "on", "B1", "status", "note", "scan"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(_json)
def test_any_json_is_read_without_trouble(saved: object) -> None:
    notes = Notes.from_saved(saved, CATALOGUE)
    assert set(notes.answers) <= set(CATALOGUE.questions)
    assert all(answer.status in ("", *STATUSES) for answer in notes.answers.values())


def test_a_file_cannot_bring_more_than_the_page_takes() -> None:
    notes = Notes.from_saved(
        {
            "facts": {"worry": list(CATALOGUE.facts["worry"].values), "mood": ["low"]},
            "answers": {"B1": {"note": "a" * 9999, "who": "b" * 999}, "Z9": {"status": "clear"}},
        },
        CATALOGUE,
    )
    assert len(notes.facts["worry"]) == 3
    assert set(notes.answers) == {"B1"}
    assert len(notes.answer("B1").note) == NOTE_MOST
    assert len(notes.answer("B1").who) == WHO_MOST


def test_what_stands_on_the_page_wins_over_the_file() -> None:
    page = Notes(answers={"B1": Answer("clear")})
    file = Notes(on=date(2026, 12, 1), answers={"B1": Answer("refused"), "B3": Answer("unclear")})
    both = page.filled_from(file)
    assert both.answer("B1").status == "clear"
    assert both.answer("B3").status == "unclear"
    assert both.on == date(2026, 12, 1)


def test_notes_are_plain_text() -> None:
    assert plain("a\u202eb\x00c\r\nd\x1b[31m") == "abc\nd[31m"


def test_no_answer_shows_in_a_traceback() -> None:
    notes = Notes(
        facts={"scan": ("ct",)},
        on=date(2026, 12, 1),
        answers={"B1": Answer("clear", "CANARY-note", "CANARY-who")},
    )
    assert "CANARY" not in repr(notes)
    assert "CANARY" not in repr(notes.answer("B1"))
    assert "2026" not in repr(notes)
