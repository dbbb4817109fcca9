"""The vectors that any sanitiser behind ``content.prose`` must pass."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from companion.content.prose import MAX_LENGTH, sanitize, to_html, to_inline_html

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](java&#x0A;script:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:x)",
    "![picture](https://example.org/pixel.png)",
    "<a href='javascript:alert(1)'>x</a>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<style>*{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "<iframe src=https://example.org></iframe>",
    "<form action=/x><input name=y></form>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!-- --!><script>alert(1)</script> -->",
    "<base href=https://example.org>",
    "<meta http-equiv=refresh content=0>",
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("render", [to_html, to_inline_html, sanitize])
def test_nothing_that_could_act_survives(render: Callable[[str], str], attack: str) -> None:
    html = render(attack).lower()
    for active in ("<script", "<img", "<svg", "<style", "<iframe", "<form", "<base", "<meta",
                   "<math", "href=\"javascript", "href=\"data", "href=\"vbscript"):  # fmt: skip
        assert active not in html
    # What is left of an attribute is text: no tag carries an event or a style.
    for tag in re.findall(r"<[^>]*>", html):
        assert "onerror" not in tag
        assert "style=" not in tag


def test_prose_keeps_its_structure() -> None:
    html = to_html("## Title\n\nA *word* and a [link](https://example.org/a).\n\n- one\n- two\n")
    assert "<h2>Title</h2>" in html
    assert "<em>word</em>" in html
    assert '<a href="https://example.org/a">link</a>' in html
    assert html.count("<li>") == 2


def test_tables_are_prose_too() -> None:
    html = to_html("| a | b |\n| - | - |\n| 1 | 2 |\n")
    assert "<th>a</th>" in html
    assert "<td>2</td>" in html


def test_a_text_that_nobody_could_read_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        to_html("x" * (MAX_LENGTH + 1))


def test_deep_nesting_ends() -> None:
    assert to_html(">" * 5_000 + "x")
