"""Was my hospital in a breach? The search, what it shows, and the letter it fills in."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from companion import clock
from companion.providers import breach_list, breach_search
from tests.builders import make_breach_file, make_breach_row, make_provider

pytestmark = pytest.mark.django_db


def take_in(*rows: list[str], **options: bool) -> None:
    breach_list.save(breach_list.read(make_breach_file(*rows)), **options)  # type: ignore[arg-type]


def shown(path: str = "/breaches/") -> str:
    return Client().get(path).content.decode()


def found(query: str, state: str = "", path: str = "/breaches/") -> str:
    return Client().post(path, {"q": query, "state": state}).content.decode()


def recent() -> str:
    return f"{clock.today() - timedelta(days=3):%m/%d/%Y}"


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the first form that leads to the letter."""
    form = re.search(r'<form[^>]*action="[^"]*/letters/explain.*?</form>', page, re.DOTALL)
    assert form
    pairs = re.findall(r'name="([^"]*)" value="([^"]*)"', form.group())
    return {name: unescape(value) for name, value in pairs}


def test_without_a_list_the_page_says_so_and_where_the_real_one_is() -> None:
    page = shown()
    assert "There is no list here yet" in page
    assert 'href="https://ocrportal.hhs.gov/' in page
    assert 'name="q"' not in page


def test_an_entry_is_shown_with_all_that_it_says() -> None:
    take_in(
        make_breach_row(
            day="03/04/2025", people="48210", types="Theft, Hacking/IT Incident",
            locations="Laptop", associate="Yes", description="A laptop was stolen.\n\nTwice.",
        )
    )  # fmt: skip
    page = found("mercy")
    for text in ("Mercy Clinic", "Ohio", "March 4, 2025", "48,210", "Something was stolen",
                 "Someone broke into a computer system", "A laptop", "A hospital, a clinic",
                 "<p>A laptop was stolen.</p>", "<p>Twice.</p>"):  # fmt: skip
        assert text in page
    assert re.search(r"company that works for them involved\?</dt>\s*<dd>Yes", page)


def test_what_an_entry_leaves_out_is_said() -> None:
    take_in(make_breach_row(people="", kind="", types="", locations="", associate=""))
    assert found("mercy").count("The entry does not say") == 5


def test_a_term_that_we_do_not_know_is_shown_as_it_is_written() -> None:
    take_in(make_breach_row(types="Carrier pigeon"))
    assert "Carrier pigeon" in found("mercy")


def test_markup_in_an_entry_is_text() -> None:
    row = make_breach_row(name="Mercy <b onclick=x>Clinic</b>", description="<script>1</script>")
    take_in(row)
    page = found("mercy")
    assert "<script>1" not in page
    assert "&lt;b onclick=x&gt;" in page


def test_not_listed_never_reads_as_no_breach() -> None:
    take_in(make_breach_row())
    page = found("evergreen")
    assert "Not listed here" in page
    assert "This does not mean that there was no breach." in page
    assert fields(page) == {"from": "breaches", "place": "us"}


def test_names_that_only_resemble_what_was_typed_are_marked_as_such() -> None:
    take_in(make_breach_row())
    assert "No entry matches everything you typed." in found("mrecy")
    assert "No entry matches everything you typed." not in found("mercy")


def test_entries_of_other_states_are_shown_as_such() -> None:
    take_in(make_breach_row(), make_breach_row(name="Far Away", state="TX"))
    page = found("mercy", "TX")
    assert "None in this state, but some in others" in page
    assert "Mercy Clinic" in page


def test_a_state_that_the_list_lacks_is_none() -> None:
    take_in(make_breach_row())
    assert "Mercy Clinic" in found("mercy", "';--")


def test_the_day_of_the_list_is_shown_and_an_old_one_says_so() -> None:
    take_in(make_breach_row(day="03/04/2025"))
    assert "The list here goes up to March 4, 2025." in shown()
    assert "This list is old" in shown()


def test_a_recent_list_is_not_called_old() -> None:
    take_in(make_breach_row(day=recent()))
    assert "This list is old" not in shown()


def test_a_made_up_list_says_so() -> None:
    take_in(make_breach_row(), made_up=True)
    assert "This list is made up" in shown()


def test_the_letter_is_filled_in_with_the_entry_and_its_name() -> None:
    take_in(make_breach_row(name="Mercy {name} Clinic", people="48210"))
    form = fields(found("mercy"))
    assert form["recipient_name"] == "Mercy {name} Clinic"
    assert form["listing"].splitlines() == [
        "Mercy {name} Clinic (Ohio)",
        "Reported to the US health department on March 4, 2025",
        "People affected: 48,210",
        "Type of breach: Theft",
        "Location of the data: Laptop",
    ]
    letter = Client().post("/letters/explain-the-breach/", form).content.decode()
    assert "I found a breach on the public list of the US health department." in letter
    assert "People affected: 48,210" in letter
    assert 'value="Mercy {name} Clinic"' in letter


def test_a_letter_about_a_company_s_breach_goes_to_the_hospital() -> None:
    take_in(make_breach_row(name="FileKeeper", kind="Business Associate", state="CA"))
    page = found("filekeeper")
    assert "Ask my hospital to explain it" in page
    form = fields(page)
    assert "recipient_name" not in form
    assert form["place"] == "us"
    make_provider()
    letter = Client().post("/letters/explain-the-breach/?at=lakeside", form).content.decode()
    assert 'value="Lakeside General Hospital"' in letter
    assert "FileKeeper (California)" in letter


def test_the_law_of_the_entry_s_state_is_chosen_where_we_have_it() -> None:
    take_in(make_breach_row(state="CA"))
    assert fields(found("mercy"))["place"] == "us-ca"


def test_the_spanish_page_carries_an_english_letter_and_marks_the_list_s_own_text() -> None:
    take_in(make_breach_row(people="48210", description="A laptop was stolen."))
    page = found("mercy", path="/es/breaches/")
    assert "Algo fue robado" in page
    assert "4 de marzo de 2025" in page
    assert '<div lang="en"><p>A laptop was stolen.' in page
    assert "People affected: 48,210" in fields(page)["listing"]


def test_the_hospital_of_the_visit_stands_in_the_field_and_is_not_judged() -> None:
    make_provider(name="Mercy Clinic")
    take_in(make_breach_row())
    page = shown("/breaches/?at=lakeside")
    assert 'value="Mercy Clinic"' in page
    assert "breach-1" not in page


def test_a_database_that_is_gone_is_never_an_empty_list(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import Error

    def gone(*_: object, **__: object) -> None:
        raise Error("gone")

    monkeypatch.setattr("companion.providers.models.BreachList.objects.filter", gone)
    monkeypatch.setattr(breach_search, "index", breach_search.Index())
    page = shown()
    assert "We cannot search the list right now" in page
    assert "no list here yet" not in page


def test_what_is_typed_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    take_in(make_breach_row())
    with caplog.at_level(logging.DEBUG):
        found("canary-7f3a")
    assert "canary" not in caplog.text


def test_the_site_map_leads_here() -> None:
    assert 'href="/breaches/"' in shown("/site-map/")
