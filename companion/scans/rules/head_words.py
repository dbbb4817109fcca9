"""Whether a description says that a picture shows a head, or another part of the body."""

from __future__ import annotations

import re
from itertools import pairwise

from companion.content import identifiers
from companion.folding import fold_value
from companion.scans.rules.wording import NAME_WORD

_SEQUENCES = frozenset({"mprage", "mp2rage"})
"""Sequences known by a part of their names, whatever the maker sets before it."""
_WORD = re.compile(r"[^\W\d_]+")
_HEAD_OF_A_BONE = re.compile(
    r"(?:femoral|femur|humeral|humerus|radial|radius|fibular?|metatarsal|metacarpal|pancrea\w*)"
    r"[ _-]+head"
    r"|head[ _-]+(?:of[ _-]+)?(?:the[ _-]+)?(?:femur|humerus|radius|fibula|pancreas|first)"
    r"|(?:cabeza|cabe[cç]a|testa|t[eê]te|kopf|hoofd)[ _-]+"
    r"(?:(?:del?|della|du|do|da|des|van)[ _-]+)?(?:la[ _-]+|de[ _-]+l['’])?"
    r"(?:f[eé]m|h[uú]mer|om[eé]r|radi|p[aá]ncrea|oberarm|oberschenkel)\w*"
    # Of hips, and of what is put there, the head and its neck are one word.
    r"|head[ _-]*neck(?=.{0,80}\b(?:hips?|fem\w{1,10}|implants?|h[uü]ft\w{0,10})\b)"
    r"|(?<=hip[ _-])head[ _-]*neck|(?<=femur[ _-])head[ _-]*neck",
    re.IGNORECASE,
)


def names_a_head(text: str) -> bool:
    """Whether a part of the head or neck is named; the head of a bone is none."""
    text = _HEAD_OF_A_BONE.sub(" ", text)
    folded = fold_value(text)
    words = [*_WORD.findall(folded), *map(str.lower, NAME_WORD.findall(text))]
    beginnings = tuple(identifiers.picture_words("head-beginnings"))
    if "whole body" in " ".join(words) or "c spine" in " ".join(words):
        return True
    if any(word in folded for word in identifiers.picture_words("head-anywhere") - _SEQUENCES):
        return True
    return any(
        word in identifiers.picture_words("head") or word.startswith(beginnings) for word in words
    )


def is_of_heads(text: str) -> bool:
    """Whether a sequence is named that is made of heads more than of anything else."""
    folded = fold_value(text)
    words = re.findall(r"[^\W_]+", folded)
    known = identifiers.picture_words("head-sequences")
    return any(word in folded for word in _SEQUENCES) or any(
        name in known for name in (*words, *map(" ".join, pairwise(words)))
    )


def is_elsewhere(text: str) -> bool:
    """Whether another part of the body is named."""
    beginnings = tuple(identifiers.picture_words("elsewhere"))
    return any(word.startswith(beginnings) for word in _WORD.findall(fold_value(text)))
