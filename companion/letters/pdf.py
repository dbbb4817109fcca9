"""HTML of our own templates -> a tagged PDF. The only caller of WeasyPrint.

Nothing is ever fetched: a page that asks for a network address or a file gets
neither. Only our print stylesheets (``companion:print.css``) and pictures within
the page itself (``data:image/png`` and the like) are handed over.

Fonts come from the system through fontconfig, or are ours (``glyphs.BUNDLED``), never
by ``@font-face``: several subset files of one family make WeasyPrint draw wrong glyphs
without any error, while the text that can be copied out of the PDF still reads right;
and it would write a copy of each to a disk.

Run as ``python -m companion.letters.pdf`` this is one warm child of
``companion.web.pdf_pool``: it loads WeasyPrint once and forks for each page to be
printed, so that what a patient typed dies with the fork.
"""

from __future__ import annotations

import json
import logging
import os
import re
import resource
import signal
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import pydyf  # type: ignore[import-untyped]
from PIL import ImageFile
from weasyprint import HTML
from weasyprint.pdf import tags
from weasyprint.text.ffi import ffi, fontconfig, pangoft2
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from companion.letters import glyphs
from companion.letters.pdf_protocol import ASK, DONE, FAILED, HEADER, READY, TOO_LARGE

STYLES = Path(__file__).resolve().parents[2] / "static" / "css"

_STYLE = re.compile(r"companion:([a-z][a-z-]*\.css)\Z")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|svg\+xml)[;,]", re.IGNORECASE)

# WeasyPrint warns of unknown CSS and refused addresses by logging, and an address may
# hold what a patient typed. It is silenced whole; tests look at the pages themselves.
logging.getLogger("weasyprint").setLevel(logging.CRITICAL + 1)
logging.getLogger("weasyprint.progress").setLevel(logging.CRITICAL + 1)
logging.getLogger("fontTools").setLevel(logging.CRITICAL + 1)


# WeasyPrint asks Pillow to take half pictures for whole ones, everywhere in the process:
# a logo that is checked in it would pass with its lower half black.
ImageFile.LOAD_TRUNCATED_IMAGES = False

# WeasyPrint tells a PDF's readers the language of the whole page and of nothing in it,
# so that a screen reader would speak a Spanish copy with an English voice. The only
# point at which it can be said is here, where the tag of each box is made.
_tags_of_box = tags._build_box_tree


def _tags_with_language(box: Any, *args: Any) -> Iterator[pydyf.Dictionary]:
    for tag in _tags_of_box(box, *args):
        if language := box.style["lang"]:
            # A box without a tag of its own hands on those of the boxes in it.
            tag.setdefault("Lang", pydyf.String(language))
        yield tag


tags._build_box_tree = _tags_with_language


class RefusingFetcher(URLFetcher):  # type: ignore[misc]
    """Hands over our print styles and embedded pictures; refuses all else."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if style := _STYLE.match(url):
            body = (STYLES / style[1]).read_bytes()
            return URLFetcherResponse(url, body, {"Content-Type": "text/css; charset=utf-8"})
        if _PICTURE.match(url):
            return super().fetch(url, headers)
        # The address is left out: it could hold a patient's words.
        raise ValueError("a printed page may not fetch anything")


class _Fonts(FontConfiguration):  # type: ignore[misc]
    """The machine's fonts and, where our family is not among them, ours.

    Pango ends its process when there is no font at all.
    """

    def __init__(self) -> None:
        super().__init__()
        if not _has_our_family():
            for file in glyphs.BUNDLED:
                fontconfig.FcConfigAppFontAddFile(self._config, bytes(file))
            pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", self.font_map))


@lru_cache(maxsize=1)
def _has_our_family() -> bool:
    """Looked at once in a process, and so by the parent of all forks."""
    config = ffi.gc(fontconfig.FcInitLoadConfigAndFonts(), fontconfig.FcConfigDestroy)
    fonts = fontconfig.FcConfigGetFonts(config, fontconfig.FcSetSystem)
    name = ffi.new("FcChar8 **")
    for number in range(fonts.nfont if fonts else 0):
        if fontconfig.FcPatternGetString(fonts.fonts[number], b"family", 0, name):
            continue
        if ffi.string(name[0]) == glyphs.FAMILY.encode():
            return True
    return False


def render(html: str, *, language: str) -> bytes:
    """Print a whole HTML page as PDF/UA-1; each tag says the language of its part.

    ``language`` is the page's main language ("en"); it must be the one in the
    page's ``<html lang>``, which is what readers of the PDF go by.
    Raises ``ValueError`` when it is not, since a screen reader would then
    speak the page in the wrong voice.
    """
    if f'lang="{language}"' not in html[:2000]:
        raise ValueError("the page does not say that it is in the language asked for")
    page = HTML(string=html, base_url="companion:", url_fetcher=RefusingFetcher())
    return bytes(
        page.write_pdf(
            pdf_variant="pdf/ua-1",
            font_config=_Fonts(),
            pdf_identifier=False,
            optimize_images=False,
        )
    )


def serve(read: int, write: BinaryIO) -> None:
    """Print what is asked for on the pipe ``read``, one page at a time, until it ends.

    Only a page's length is read here. The page itself is read by the fork that
    prints it, so that it dies with the fork and is never in this process.
    """
    os.nice(5)  # everybody's pages come first
    # Loads fonts and layout once; every fork finds them in memory.
    render(_WARM_UP, language="en")
    _send(write, READY, b"")
    while len(head := _read(read, HEADER.size)) == HEADER.size:
        kind, size = HEADER.unpack(head)
        if kind != ASK:
            return
        _print_in_a_fork(read, size, write)


def _print_in_a_fork(read: int, size: int, write: BinaryIO) -> None:
    fork = os.fork()
    if not fork:
        _print_and_exit(read, size, write)
    _, status = os.waitpid(fork, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        # Out of time, or the layout's own libraries, which end their process where memory
        # is short: either way a page that asks for less is printed.
        _send(write, TOO_LARGE, b"")
    elif code:
        _send(write, FAILED, b"")


def _print_and_exit(read: int, size: int, write: BinaryIO) -> None:
    """In the fork: read the page, print, answer and end, under limits of memory and time."""
    code = 1
    limit = sys.maxsize
    try:
        asked = json.loads(_read(read, size))
        limit = asked["memory"]
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"] + 1))
        _send(write, DONE, render(asked["html"], language=asked["language"]))
        code = 0
    except (MemoryError, RecursionError):
        _send(write, TOO_LARGE, b"")
        code = 0
    except Exception:  # noqa: BLE001  libraries below Python have errors of their own
        # ... for memory that they did not get, too.
        if _memory_is_used_up(limit):
            _send(write, TOO_LARGE, b"")
            code = 0
    finally:
        # The fork must never go on as a second server.
        os._exit(code)


def _memory_is_used_up(limit: int) -> bool:
    """Whether this process has mapped nearly the ``limit`` (bytes) that it may map."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123  as cheap as can be
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmPeak:"))
    return peak * 1024 > limit - 32 * 1024 * 1024


def _read(pipe: int, size: int) -> bytes:
    """Exactly ``size`` bytes, or fewer when the pipe ended."""
    parts = bytearray()
    while len(parts) < size:
        part = os.read(pipe, min(size - len(parts), 1 << 16))
        if not part:
            break
        parts += part
    return bytes(parts)


def _send(write: BinaryIO, kind: int, body: bytes) -> None:
    write.write(HEADER.pack(kind, len(body)) + body)
    write.flush()


# One of each thing that our pages draw: what is loaded here, no fork has to load again.
_WARM_UP = """<!doctype html><html lang="en"><head><title>Warm-up</title>
<link rel="stylesheet" href="companion:print.css">
<style>@page { @bottom-right { content: counter(page) } }
.box { border: 1px dashed; border-radius: 2mm; display: flex; break-inside: avoid }
.tick { display: inline-block; width: 3mm; height: 3mm; border: 1px solid }
.in { position: absolute; columns: 2; background: #eee }</style></head>
<body><h1>Name</h1><p>Łódź Ελλάδα Київ العربية עברית हिन्दी 中文 日本語 한국어 Việt ไทย</p>
<ul><li><b>one</b> <i>two</i> <code>three</code></li></ul><ol><li>one</li></ol>
<div class="box"><span class="tick"></span><p>A <a href="https://example.org/">link</a>.</p></div>
<div class="in"><p>text</p></div>
<svg viewBox="0 0 9 9" width="9" height="9"><path d="M1 1l7 7"/></svg>
<table><tr><th>a</th></tr><tr><td>1</td></tr></table></body></html>"""


if __name__ == "__main__":
    # Fork and pipes only: nothing here may be stopped by the terminal's Ctrl-C, the
    # pool ends it by closing the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(sys.stdin.fileno(), sys.stdout.buffer)
