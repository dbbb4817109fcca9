"""The small grammar of ``when`` in the checklist files.

    body is head
    worry is leaks or worry is companies
    research is yes and not who is me
    always

``always`` is true; ``FACT is VALUE`` is true when the patient gave that value for the
fact (one of them, where several may be given). ``not`` binds closest, then ``and``,
then ``or``; parentheses group. A fact or a value that the files do not declare is an
error at start, not a condition that is silently never true.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

Facts = Mapping[str, tuple[str, ...]]
"""What the patient said: fact -> its values; a fact not given is missing or empty."""

_WORD = re.compile(r"\s*([()]|[A-Za-z0-9-]+)")
_MOST_WORDS = 200


class ConditionError(ValueError):
    """A condition that does not follow the grammar, or names an unknown fact."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One parsed condition. ``holds(facts)`` says whether it is true."""

    text: str
    root: _Node

    def holds(self, facts: Facts) -> bool:
        return _holds(self.root, facts)


@dataclass(frozen=True, slots=True)
class _Always:
    pass


@dataclass(frozen=True, slots=True)
class _Is:
    fact: str
    value: str


@dataclass(frozen=True, slots=True)
class _Not:
    what: _Node


@dataclass(frozen=True, slots=True)
class _All:
    parts: tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class _Any:
    parts: tuple[_Node, ...]


_Node = _Always | _Is | _Not | _All | _Any


def parse(text: str, known: Mapping[str, tuple[str, ...]]) -> Condition:
    """Parse ``text``; ``known`` holds each fact that may be named and its values.

    Raises ``ConditionError`` with the reason.
    """
    words = _words(text)
    root, rest = _or(words, known)
    if rest:
        raise ConditionError(f"{rest[0]!r} is not expected here")
    return Condition(text, root)


def _words(text: str) -> list[str]:
    words: list[str] = []
    at = 0
    while text[at:].strip():
        match = _WORD.match(text, at)
        if match is None:
            raise ConditionError(f"{text[at:].strip()[0]!r} has no meaning here")
        words.append(match[1])
        at = match.end()
    if not words:
        raise ConditionError("is empty; write 'always' when it always holds")
    if len(words) > _MOST_WORDS:
        raise ConditionError("is too long")
    return words


def _or(words: list[str], known: Facts) -> tuple[_Node, list[str]]:
    part, words = _and(words, known)
    parts = [part]
    while words and words[0] == "or":
        part, words = _and(words[1:], known)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else _Any(tuple(parts))), words


def _and(words: list[str], known: Facts) -> tuple[_Node, list[str]]:
    part, words = _term(words, known)
    parts = [part]
    while words and words[0] == "and":
        part, words = _term(words[1:], known)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else _All(tuple(parts))), words


def _term(words: list[str], known: Facts) -> tuple[_Node, list[str]]:
    if not words:
        raise ConditionError("ends too early")
    first, rest = words[0], words[1:]
    if first == "not":
        node, rest = _term(rest, known)
        return _Not(node), rest
    if first == "(":
        node, rest = _or(rest, known)
        if not rest or rest[0] != ")":
            raise ConditionError("a parenthesis is not closed")
        return node, rest[1:]
    if first == "always":
        return _Always(), rest
    if first not in known:
        raise ConditionError(f"{first!r} is not a fact; known are {', '.join(known)}")
    if len(rest) < 2 or rest[0] != "is":
        raise ConditionError(f"after {first!r} comes 'is' and a value")
    if rest[1] not in known[first]:
        raise ConditionError(f"{rest[1]!r} is not a value of {first!r}")
    return _Is(first, rest[1]), rest[2:]


def _holds(node: _Node, facts: Facts) -> bool:
    match node:
        case _Always():
            return True
        case _Is(fact, value):
            return value in facts.get(fact, ())
        case _Not(what):
            return not _holds(what, facts)
        case _All(parts):
            return all(_holds(part, facts) for part in parts)
        case _Any(parts):
            return any(_holds(part, facts) for part in parts)
