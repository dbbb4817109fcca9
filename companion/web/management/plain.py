"""What our commands share: wrong input gets one clear line, with exit code 2."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser


class WrongInputError(Exception):
    """What was asked for cannot be done; the text says why, in one line."""


def printable(text: str) -> str:
    """``text`` with control and bidirectional characters made visible: a terminal obeys them."""
    return "".join(
        character if character.isprintable() else f"\\u{ord(character):04x}" for character in text
    )


def write_file(path: Path | str, data: bytes | str) -> None:
    """Write what somebody asked for; raises ``WrongInputError`` where it cannot be written."""
    try:
        Path(path).write_bytes(data.encode() if isinstance(data, str) else data)
    except OSError as error:
        raise WrongInputError(f"{printable(str(path))}: {error.strerror}") from None


class _Parser(CommandParser):
    def error(self, message: str) -> NoReturn:
        raise WrongInputError(f"{message} (see --help)")


class PlainCommand(BaseCommand):
    """A command for people: no traceback and no usage text for a slip of the pen."""

    requires_system_checks: list[str] = []  # noqa: RUF012  as Django declares it

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(
            prog_name, subcommand, formatter_class=argparse.HelpFormatter, **kwargs
        )
        parser.__class__ = _Parser
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except WrongInputError as error:
            self.stderr.write(" ".join(str(error).split()))
            sys.exit(2)
        except BrokenPipeError:
            # The reader (``| head``) has seen enough: what is left has nowhere to go.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(141)
