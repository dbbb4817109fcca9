"""Companies and programs where a person's name belongs: some devices sign as the author."""

from __future__ import annotations

import re
from functools import cache

from companion.content import ai_makers, identifiers
from companion.folding import fold_value

_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"\b([a-z])\.(?=[a-z]\b)")


def is_company(text: str) -> bool:
    """Whether a name has a company's legal form ("Inc.", "GmbH", "S.A.") or is a maker's
    or a program's ("SyngoWorkflow^RIS").

    A person may be called Ag or Co: a legal form counts behind another word only, and not
    where family and given name stand apart.
    """
    folded = fold_value(text)
    words = _WORD.findall(_DOTTED.sub(r"\1", folded))
    if not words:
        return False
    makers = identifiers.maker_words()
    if all(word in makers or word.isdigit() for word in words):
        return True
    if " ".join(words) in _makers_of_programs():
        return True
    programs = identifiers.name_words("programs")
    if words[0] in programs and all(len(word) <= 4 or word in programs for word in words):
        return True
    return (
        "^" not in text.strip("^ ")
        and len(words) > 1
        and any(word in identifiers.name_words("legal-forms") for word in words[1:])
    )


def is_maker(text: str) -> bool:
    """Whether a name is that of a maker of devices and of nobody else: a hospital may have a
    company's legal form too."""
    words = _WORD.findall(_DOTTED.sub(r"\1", fold_value(text)))
    makers = identifiers.maker_words()
    around = makers | identifiers.name_words("legal-forms")
    return bool(words) and words[0] in makers and all(word in around for word in words)


@cache
def _makers_of_programs() -> frozenset[str]:
    """Makers of AI programs, as they write themselves without a legal form ("Quibim")."""
    forms = (form for one in ai_makers.names() if one.is_maker for form in one.forms)
    return frozenset(" ".join(_WORD.findall(form)) for form in forms)
