"""The questions that are asked before a copy is made, each with its answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from companion.cleaning import FaceChoice, Preset
from companion.web.words import page_language, screen


def asking(question: str, answers: Iterable[Preset | FaceChoice]) -> dict[str, Any]:
    """A question with the answers that there are, each with its hint."""
    words = screen("clean", page_language())
    keys = {answer: answer.replace("-", "_") for answer in answers}
    listed = [
        {"value": answer, "title": words[question][key], "hint": words[question][f"{key}_hint"]}
        for answer, key in keys.items()
    ]
    return {"words": words, "answers": listed}
