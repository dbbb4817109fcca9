"""What the worker in the visitor's browser calls: read the files, show the report, save it, make
a copy to share, a receipt, and a comparison with what was kept.

Everything stays in this one process, which the page ends with all that it saw. Strings and
bytes go in and out; nothing here knows of JavaScript.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from companion.cleaning import Account, Choice, Reason, Source, Withheld, clean
from companion.cleaning.zip_writer import ZipWriter
from companion.ondevice import page_settings
from companion.receipts import Receipt, ReceiptError, WhyNot, compare, make_receipt, read_receipt
from companion.receipts.receipt import MOST_BYTES, NotRead
from companion.receipts.summing import Compared, summarise
from companion.scans import assess
from companion.scans.findings import FileRecord, Kind, Note, Report, Status
from companion.scans.inspection import CutOff, Entry, Limits, OnProgress, inspect

Read = Callable[[int, int], bytes]
"""``read(file, offset)``: the next bytes of a file by its number; empty at its end. Raises
``OSError`` where the file cannot be read any more."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody kept, to compare with: files of the numbers ``old``, or the receipt."""

    receipt: int | None = None
    old: tuple[int, ...] = ()


class Session:
    """One visit: at most one report, one copy and one receipt or comparison, in memory."""

    def __init__(self, language_code: str, letter_place: str, site: str) -> None:
        """``language_code``: the site's language without a prefix; ``letter_place``: whose law
        a letter starts with, as ``companion.web.scans.letter_place`` has it; ``site``: its
        ``https://host``, for a sheet of paper."""
        page_settings.set_up(language_code)
        assess.prepare()
        self._letter_place = letter_place
        self._site = site
        self._proof: Receipt | Compared | None = None
        self._report: Report | None = None
        self._account: Account | None = None

    def read(
        self,
        names: list[str],
        read: Read,
        on_progress: OnProgress | None = None,
        *,
        hanging: Iterable[int] = (),
        limits: Limits | None = None,
    ) -> None:
        """Read files by their names with folders. Those of the numbers in ``hanging`` were
        given up before: they are named and not opened."""
        given_up = frozenset(hanging)
        self._report = None
        order = in_folders(names)
        report = inspect(_entries(names, read, order, given_up), limits, on_progress)
        records = tuple(
            FileRecord(names[number], Kind.OTHER, Status.NOT_READ, "", (Note.NOT_CHECKED,))
            for number in order
            if number in given_up
        )
        self._report = replace(report, files=(*report.files, *records))

    def kept(self) -> bytes:
        """The report in a form that a session which follows this one can ``restore``."""
        return pickle.dumps(self.report)

    def restore(self, kept: bytes) -> None:
        """Go on with the report of a session that was ended; ``kept`` must be its own bytes,
        held by this very page: they are trusted."""
        self._report = pickle.loads(kept)  # noqa: S301 - never left the page that made it

    @property
    def report(self) -> Report:
        """The report that was made. Raises ``LookupError`` before there is one."""
        if self._report is None:
            raise LookupError("nothing was read yet")
        return self._report

    def spoken_html(self, language: str) -> str:
        """The page's title, and all that it says around a report, in a language."""
        from django.template.loader import render_to_string
        from django.utils import translation

        from companion.web.scans.device.page import spoken_context

        with translation.override(language):
            context = spoken_context()
            title = _block("title", "scans/device/page.html", context)
            spoken = render_to_string("scans/device/_spoken.html", context)
            return f"<title>{title}</title>\n{spoken}"

    def html(self, language: str) -> str:
        """The report's page in a language, as the site's own page has it between its header
        and its footer."""
        from django.utils import translation

        from companion.web.scans.report.context import report_context

        with translation.override(language):
            context = report_context(self.report, language, letter_place=self._letter_place)
            return _main_part("scans/report.html", context)

    def clean(
        self,
        names: list[str],
        read: Read,
        choice: Choice,
        take: Callable[[bytes], object],
        on_progress: OnProgress | None = None,
        *,
        hanging: Iterable[int] = (),
        limits: Limits | None = None,
        language: str,
    ) -> Account:
        """Make a copy of files that are read again. ``take`` is given its ZIP, piece by piece;
        nothing of it where there is no file that could go out. ``hanging`` as in ``read``."""
        from companion.web.scans.clean.printed import pages

        given_up = frozenset(hanging)
        sources = [
            Source(names[number], partial(_chunks, read, number))
            for number in in_folders(names)
            if number not in given_up
        ]
        cleaning = clean(sources, choice, limits, on_progress=on_progress)
        writer = ZipWriter()
        for cleaned in cleaning.files():
            take(writer.add(cleaned.name, cleaned.data))
        left = (Withheld(names[number], Reason.NOT_WHOLLY_READ) for number in sorted(given_up))
        account = replace(
            cleaning.account,
            files_in=cleaning.account.files_in + len(given_up),
            withheld=(*cleaning.account.withheld, *left),
        )
        if account.files_out:
            for name, data in pages(account, language):
                take(writer.add(name, data))
            take(writer.end())
        self._account = account
        return account

    def account_html(self, language: str) -> str:
        """What was done in making the copy, as a part of the page. Raises ``LookupError``
        before there is one."""
        from django.template.loader import render_to_string
        from django.utils import translation

        from companion.web.scans.clean.page import build

        if self._account is None:
            raise LookupError("no copy was made yet")
        with translation.override(language):
            page = build(self._account, language)
            asks = bool(self._account.refusal and self._account.people)
            context = {"page": page, "words": page.words, "ask_whose": asks}
            return render_to_string("scans/clean/_on_device.html", context)

    def receipt(
        self,
        names: list[str],
        read: Read,
        today: date,
        on_progress: OnProgress | None = None,
        *,
        hanging: Iterable[int] = (),
        limits: Limits | None = None,
    ) -> None:
        """Take the fingerprints of files. ``today``: the day where the visitor is; ``hanging``
        as in ``read``."""
        self._proof = None
        self._proof = self._fingerprints(
            names, read, in_folders(names), today, on_progress, hanging=hanging, limits=limits
        )

    def compare(
        self,
        names: list[str],
        read: Read,
        kept: Kept,
        today: date,
        on_progress: OnProgress | None = None,
        *,
        hanging: Iterable[int] = (),
        limits: Limits | None = None,
    ) -> None:
        """Compare what was kept with the other files. ``hanging`` as in ``read``. Raises
        ``ReceiptError``: what was kept may be no receipt."""
        self._proof = None
        of_files = kept.receipt is None
        told = on_progress
        if of_files:
            old = self._fingerprints(
                names, read, kept.old, today, on_progress, limits=limits, details=True
            )
            told = _further(on_progress, sum(row.size for row in old.files))
        else:
            old = read_receipt(_whole(_chunks(read, kept.receipt or 0)))
        left_out = {kept.receipt, *kept.old}
        new = self._fingerprints(
            names, read, [number for number in in_folders(names) if number not in left_out],
            today, told, hanging=hanging, limits=limits, details=of_files,
        )  # fmt: skip
        summary = summarise(compare(old, new))
        self._proof = Compared(summary, new.signatures, new.traces, from_receipt=not of_files)

    def _fingerprints(
        self,
        names: list[str],
        read: Read,
        numbers: Iterable[int],
        today: date,
        on_progress: OnProgress | None,
        *,
        hanging: Iterable[int] = (),
        **settings: Any,
    ) -> Receipt:
        order, given_up = tuple(numbers), frozenset(hanging)
        entries = _entries(names, read, order, given_up)
        made = make_receipt(entries, made_on=today, on_progress=on_progress, **settings)
        passed = tuple(
            NotRead(names[number], Note.NOT_CHECKED) for number in order if number in given_up
        )
        return replace(made, not_read=made.not_read + len(passed), unread=(*made.unread, *passed))

    def proof_html(self, language: str) -> str:
        """The page of the receipt or of the comparison, as the site's own page has it between
        its header and its footer. Raises ``LookupError`` before there is one."""
        from django.utils import translation

        from companion.web.scans.receipts.letter_facts import letter_context
        from companion.web.scans.receipts.page import comparison_context, receipt_context

        proof = self._proof
        with translation.override(language):
            if isinstance(proof, Receipt):
                return _main_part("scans/receipts/made.html", receipt_context(proof, language))
            if proof is None:
                raise LookupError("nothing was compared yet")
            context = {
                **comparison_context(proof, language),
                **letter_context(proof, self._letter_place, language),
            }
            return _main_part("scans/receipts/compared.html", context)

    def sheet_html(self, language: str, giver: str, received: str) -> str:
        """The sheet of the receipt, to print and sign; ``giver`` and ``received`` as typed."""
        from django.utils import translation

        from companion.web.scans.receipts.page import sheet_context

        with translation.override(language):
            context = sheet_context(
                self._receipt, language, root=self._site, giver=giver, received=received
            )
            return _main_part("print/receipt_sheet.html", context)

    @property
    def _receipt(self) -> Receipt:
        if not isinstance(self._proof, Receipt):
            raise LookupError("no receipt was made yet")
        return self._proof

    def saved(self, kind: str) -> bytes:
        """The report as a file, ``json`` or ``csv``, or the ``receipt``."""
        from companion.web.scans.receipts.page import as_json
        from companion.web.scans.report import keep

        if kind == "receipt":
            return as_json(self._receipt)
        return {"json": keep.as_json, "csv": keep.as_csv}[kind](self.report)


def in_folders(names: list[str]) -> list[int]:
    """The numbers of files in the order in which a folder is walked on the server: of each
    folder first its files by name, then its folders by name."""

    def place(number: int) -> list[tuple[bool, str]]:
        *folders, name = names[number].split("/")
        return [*((True, folder) for folder in folders), (False, name)]

    return sorted(range(len(names)), key=place)


def _main_part(name: str, context: dict[str, Any]) -> str:
    """What a page of the site has in its own part, without the frame that all pages share."""
    return _block("main", name, context)


def _block(block: str, name: str, context: dict[str, Any]) -> str:
    """What a page of the site puts into one block of that frame."""
    from django.template import Context
    from django.template.loader import get_template

    template = get_template(name).template  # type: ignore[attr-defined]
    whole = Context(context)
    with whole.bind_template(template):
        (extends,) = template.nodelist
        return str(extends.blocks[block].render(whole))


def _entries(
    names: list[str], read: Read, order: Iterable[int], given_up: frozenset[int]
) -> Iterator[Entry]:
    for number in order:
        if number not in given_up:
            yield Entry(names[number], _chunks(read, number))


def _further(on_progress: OnProgress | None, begun: int) -> OnProgress | None:
    """Progress that goes on from the bytes that were read before."""
    if on_progress is None:
        return None
    return lambda done: on_progress(replace(done, read=done.read + begun))


def _whole(chunks: Iterator[bytes]) -> bytes:
    """The bytes of a receipt. Raises ``ReceiptError`` where it is none of ours by its size, or
    cannot be read."""
    data = bytearray()
    try:
        for chunk in chunks:
            data += chunk
            if len(data) > MOST_BYTES:
                raise ReceiptError(WhyNot.TOO_LARGE)
    except CutOff:
        raise ReceiptError(WhyNot.DAMAGED) from None
    return bytes(data)


def _chunks(read: Read, number: int) -> Iterator[bytes]:
    offset = 0
    while True:
        try:
            data = read(number, offset)
        except OSError:  # a disc taken out, a file moved away
            raise CutOff(Note.CANNOT_OPEN) from None
        if not data:
            return
        offset += len(data)
        yield data
