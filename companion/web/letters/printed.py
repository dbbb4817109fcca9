"""A letter as the HTML that becomes its PDF; the page's preview uses the same parts."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from companion.content.prose import to_html
from companion.letters import glyphs
from companion.letters.letter import Letter


def letter_html(
    letter: Letter,
    *,
    copy: Letter | None = None,
    cover: Letter | None = None,
    large: bool = False,
) -> str:
    """The whole printed page: the patient's own sheet, the letter, the reader's copy.

    ``copy`` and ``cover`` are the same letter in the reader's language; leave them
    out for none. ``large`` prints a slip in large type, one for each page.
    """
    if letter.is_slip:
        context = _slip(letter, copy, large=large)
        return glyphs.for_paper(render_to_string("print/letter_slip.html", context))
    words = cover or letter
    html = render_to_string(
        "print/letter.html",
        {
            "letter": letter,
            "copy": copy,
            "cover": cover,
            "large": large,
            "post": "" if letter.page else words.jurisdiction.post.get(words.language, ""),
            "keep": mark_safe(to_html(words.cover["keep_list"])),  # noqa: S308  sanitised there
            "identity": mark_safe(to_html(words.cover["identity_list"])),  # noqa: S308
            "pages": [
                _page_words("main", letter.frame["page"]),
                _page_words("copy", (copy or letter).frame["copy_page"]),
                _page_words("own", words.cover["page"]),
            ],
        },
    )
    return glyphs.for_paper(html)


def _slip(letter: Letter, copy: Letter | None, *, large: bool) -> dict[str, object]:
    second = letter.frame["second_copy"]
    slips = [{"letter": letter, "mark": ""}, {"letter": letter, "mark": second}]
    if copy:
        slips.append({"letter": copy, "mark": ""})
    return {"letter": letter, "slips": slips, "large": large}


def _page_words(name: str, pattern: str) -> dict[str, str]:
    """The words around the two numbers of a "Page 1 of 2" line."""
    before, rest = str(pattern).split("{page}")
    between, after = rest.split("{pages}")
    return {"name": name, "before": before, "between": between, "after": after}
