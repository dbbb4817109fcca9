"""What a letter's page says above its form, when something has happened to it."""

from __future__ import annotations

from django.utils.translation import gettext

from companion.content.law import Jurisdiction
from companion.web.pdf_pool import Busy, PrintError, TooLong
from companion.web.words import page_language


def handed_over_words(page: str) -> str:
    """What to check where ``page`` filled in the form; nothing for no page that does."""
    if page == "report":
        return gettext("The details you chose came from your files. Please check each one.")
    if page == "checklist":
        return gettext("Your questions are in the form. Please check them.")
    if page in {"breaches", "compare"}:
        return gettext("What was found is in the form. Please check it.")
    if page == "letter":
        return gettext("The details of your first letter are in the form. Please check them.")
    return ""


def other_recipient() -> str:
    """Who gets the letter has changed with the answers."""
    return gettext("This letter now goes to someone else. Please check who, and choose again.")


def which_language() -> str:
    """The place has several official languages: nobody but the person can say which is read."""
    return gettext(
        "This place has more than one official language. "
        "Choose the one that the recipient uses on its website or in its letters."
    )


def other_place(place: Jurisdiction) -> str:
    """The letter follows the law of the address that was typed."""
    return gettext(
        "The address you typed is in: {place}. So the letter follows the law there. "
        "You can choose another place."
    ).format(place=place.name[page_language()])


def print_error_words(error: PrintError) -> str:
    """Why there is no PDF, and what to do."""
    if isinstance(error, Busy):
        return gettext("We are busy at the moment. Nothing was kept. Please try again soon.")
    if isinstance(error, TooLong):
        return gettext(
            "This letter took too long to print, so we stopped. Nothing was kept. "
            "Please shorten the longest text."
        )
    return gettext("The letter could not be printed. Nothing was kept. Please try again.")
