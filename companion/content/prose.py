"""Markdown to safe HTML: the only caller of bleach.

bleach 6.4 is its last release. Its successor (nh3) is a change of the one call in
``sanitize``; the vectors in ``tests/content/test_prose.py`` hold either to account.
"""

from __future__ import annotations

from functools import lru_cache

import bleach
from markdown_it import MarkdownIt

from companion.content.untranslated import CSS_CLASS, Untranslated

_TAGS = frozenset(
    {"p", "br", "hr", "h2", "h3", "h4", "strong", "em", "ul", "ol", "li", "a", "blockquote"}
    | {"code", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "abbr"}
)
_ATTRIBUTES = {"a": ["href", "title"], "abbr": ["title"], "ol": ["start"]}
_PROTOCOLS = frozenset({"http", "https", "mailto", "tel"})
MAX_LENGTH = 200_000
"""Characters above which Markdown is refused: nobody reads that much on one page."""


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")


def to_html(markdown: str) -> str:
    """HTML of a Markdown text: raw HTML is shown as text, links only to web, mail, phone.

    An ``Untranslated`` text is marked as English. Raises ``ValueError`` when the text is
    longer than ``MAX_LENGTH`` characters.
    """
    if len(markdown) > MAX_LENGTH:
        raise ValueError(f"text is longer than {MAX_LENGTH} characters")
    return _marked("div", markdown, sanitize(_markdown().render(markdown)))


def to_inline_html(markdown: str) -> str:
    """Like ``to_html`` for one line: no paragraph around it."""
    if len(markdown) > MAX_LENGTH:
        raise ValueError(f"text is longer than {MAX_LENGTH} characters")
    return _marked("span", markdown, sanitize(_markdown().renderInline(markdown)))


def _marked(element: str, markdown: str, html: str) -> str:
    """The HTML of an English text that shows in a page of another language says so."""
    if not isinstance(markdown, Untranslated) or not html.strip():
        return html
    return f'<{element} lang="{markdown.language}" class="{CSS_CLASS}">{html}</{element}>'


def sanitize(html: str) -> str:
    """Keep the tags of prose and drop everything that could act."""
    return bleach.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        protocols=_PROTOCOLS,
        strip=True,
        strip_comments=True,
    )
