"""Printing in warm children: limits hold, and one bad page spoils nothing for the next."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pytest_django import Settings

from companion.web import pdf_pool

# More than a warm child maps before it prints anything (204 MB on Debian 13), and less than
# the page below takes.
MEMORY = [240 * 1024 * 1024, 300 * 1024 * 1024]
PAGE = '<!doctype html><html lang="en"><head><title>t</title></head><body>{}</body></html>'


@pytest.fixture(autouse=True)
def _own_printers() -> Iterator[None]:
    pdf_pool.close()
    yield
    pdf_pool.close()


def limits(settings: Settings, **changes: int) -> None:
    settings.COMPANION_LIMITS = {**settings.COMPANION_LIMITS, **changes}


def children() -> set[int]:
    """Processes that this test run started and that are still there."""
    found = set()
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if entry.isdigit() and fields[1] == str(os.getpid()) and fields[0] != "Z":
            found.add(int(entry))
    return found


def test_a_page_is_printed() -> None:
    assert pdf_pool.print_pdf(PAGE.format("<p>Hello</p>"), language="en").startswith(b"%PDF")


def test_a_child_stays_warm_and_keeps_nothing_of_the_page(settings: Settings) -> None:
    limits(settings, letters_at_once=1)
    before = children()
    pdf_pool.print_pdf(PAGE.format("<p>CANARY-4711</p>"), language="en")
    (child,) = children() - before
    pdf_pool.print_pdf(PAGE.format("<p>next</p>"), language="en")
    assert children() - before == {child}, "the second page used the same child"
    with (
        open(f"/proc/{child}/maps", encoding="utf-8") as maps,
        open(f"/proc/{child}/mem", "rb") as memory,
    ):
        for line in maps:
            region, mode = line.split()[:2]
            if not mode.startswith("rw") or "[v" in line:
                continue
            start, end = (int(part, 16) for part in region.split("-"))
            memory.seek(start)
            body = memory.read(end - start)
            assert body.count(b"<p>CANARY-4711</p></body>") == 0


def test_a_page_that_takes_too_long_is_given_up(settings: Settings) -> None:
    limits(settings, letters_at_once=1)
    pdf_pool.print_pdf(PAGE.format("warm"), language="en")
    limits(settings, letter_seconds=2)
    began = time.monotonic()
    with pytest.raises(pdf_pool.TooLong):
        pdf_pool.print_pdf(PAGE.format("<p>word " * 60_000), language="en")
    assert time.monotonic() - began < 30
    limits(settings, letter_seconds=60)
    assert pdf_pool.print_pdf(PAGE.format("<p>Hello</p>"), language="en").startswith(b"%PDF")


@pytest.mark.parametrize("memory", MEMORY)
def test_a_page_that_takes_too_much_memory_is_given_up(settings: Settings, memory: int) -> None:
    limits(settings, letter_memory=memory, letter_seconds=60, letters_at_once=1)
    with pytest.raises(pdf_pool.TooLong):
        pdf_pool.print_pdf(PAGE.format("<p>word</p>" * 8_000), language="en")
    limits(settings, letter_memory=512 * 1024 * 1024)
    assert pdf_pool.print_pdf(PAGE.format("<p>Hello</p>"), language="en").startswith(b"%PDF")


def test_a_killed_child_is_replaced(settings: Settings) -> None:
    limits(settings, letters_at_once=1)
    before = children()
    pdf_pool.print_pdf(PAGE.format("one"), language="en")
    for child in children() - before:
        os.kill(child, signal.SIGKILL)
    time.sleep(0.2)
    assert pdf_pool.print_pdf(PAGE.format("two"), language="en").startswith(b"%PDF")


def test_a_page_that_nobody_waits_for_any_more_reaches_nobody(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits(settings, letters_at_once=1)
    one = pdf_pool.print_pdf(PAGE.format("one"), language="en")

    def out_of_memory(*_: object) -> bytes:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(pdf_pool, "_read", out_of_memory)
        with pytest.raises(MemoryError):
            pdf_pool.print_pdf(PAGE.format("<p>Jane Doe</p>" * 50), language="en")

    assert len(pdf_pool.print_pdf(PAGE.format("two"), language="en")) == pytest.approx(
        len(one), rel=0.02
    )


def test_a_server_with_many_open_files_still_prints() -> None:
    with ExitStack() as stack:
        for _ in range(1_100):
            stack.enter_context(open(os.devnull, encoding="utf-8"))
        assert pdf_pool.print_pdf(PAGE.format("one"), language="en").startswith(b"%PDF")


def test_when_all_printers_are_at_work_others_wait_and_are_then_told(
    settings: Settings,
) -> None:
    limits(settings, letters_at_once=1, wait_seconds=0, letter_seconds=120)
    pdf_pool.print_pdf(PAGE.format("warm"), language="en")
    long = threading.Thread(
        target=pdf_pool.print_pdf,
        args=(PAGE.format("<p>word</p>" * 1_500),),
        kwargs={"language": "en"},
    )
    long.start()
    time.sleep(0.3)
    with pytest.raises(pdf_pool.Busy):
        pdf_pool.print_pdf(PAGE.format("two"), language="en")
    long.join()


def test_a_page_that_cannot_be_printed_is_told_without_its_words() -> None:
    with pytest.raises(pdf_pool.Failed) as caught:
        pdf_pool.print_pdf(PAGE.format("CANARY"), language="xx")
    assert "CANARY" not in repr(caught.value)
