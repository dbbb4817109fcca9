"""One data set, cleaned in place: every element by its step, every sequence item by item."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

from pydicom import DataElement, Dataset, Sequence
from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import RawDataElement
from pydicom.multival import MultiValue

from companion.cleaning.colour_profiles import bare_profile
from companion.cleaning.new_values import NO_DAY, NO_TIME, NewDays, NewUids
from companion.cleaning.originals import Originals
from companion.cleaning.shapes import Action
from companion.cleaning.steps import Plan, Step, vr_of
from companion.cleaning.wording import is_code, is_meaning, is_plain, is_term
from companion.scans.dicom import tags
from companion.scans.rules.own_copies import OLDEST

DUMMY = "REMOVED"
"""What stands where a text was that may not be missing; ``placeholders.toml`` knows it."""
_DEEPEST = 64
_MOST_REMEMBERED = 20_000
_DUMMIES: dict[str, object] = {
    "DA": NO_DAY, "TM": NO_TIME, "DT": NO_DAY + NO_TIME, "AS": "000Y", "DS": "0", "IS": "0",
    "US": 0, "SS": 0, "UL": 0, "SL": 0, "UV": 0, "SV": 0, "FL": 0.0, "FD": 0.0, "AT": 0,
    "OB": b"\0\0", "OW": b"\0\0",
}  # fmt: skip
_COMPUTED = frozenset(
    ["US", "SS", "UL", "SL", "UV", "SV", "FL", "FD", "AT", "OW", "OF", "OD", "OL", "OV", "OB"]
)
_COUNTED = frozenset(["UL", "SL", "UV", "SV", "FL", "FD"])
"""Binary VRs in which a day or a number may stand."""
_MOST_COUNTED = 64
_SEVERAL = frozenset(["CS", "LO", "SH", "UC"])
"""VRs of texts of which an element may have several."""
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_AGE = re.compile(r"\d{1,3}[DWMY]")
_TELLING_DIGITS = 7
_SHARED_ROOTS = ("1.2.840.10008.", "2.16.840.1.113883.6.")
"""Of UIDs that are everybody's: the standard's own, and those of coding systems (HL7)."""
_VALUES = frozenset({"CodeValue", "LongCodeValue", "URNCodeValue"})
_MEANINGS = frozenset({"CodeMeaning", "ExtendedCodeMeaning"})
_CODE_TEXTS = _VALUES | _MEANINGS
_OLDEST = 89
"""Years beyond which an age is one of the identifiers of 45 CFR 164.514(b)(2)(i)(C)."""


@dataclass(slots=True)
class Counted:
    """What was done in one file; counted once for each element."""

    done: set[tuple[Action, str, str, str]] = field(default_factory=set)
    """Action, rule, tag and name."""
    kept_words: bool = False

    def note(self, action: Action, rule: str, tag: int, name: str) -> None:
        self.done.add((action, rule, f"{tag:08X}" if tag else "", name))


class Cleaner:
    """Cleans the headers of one set: the same plan, key and person for all its files."""

    def __init__(
        self, plan: Plan, uids: NewUids, days: NewDays, originals: Originals, person: str
    ) -> None:
        self._plan = plan
        self._uids = uids
        self._days = days
        self._originals = originals
        self._person = person
        self._texts: dict[str, bool] = {}
        self._standing: dict[str, bool] = {}
        self._fitting: dict[tuple[str, str], bool] = {}
        self._numbers = frozenset((*originals.numbers, *originals.days))
        self.referenced: set[str] = set()
        """New UIDs of the files that the set's files name."""
        self._actions: dict[Step, Callable[[Dataset, int, str], Action | None]] = {
            Step.EMPTY: self._empty,
            Step.DUMMY: self._dummy,
            Step.UID: self._uid,
            Step.DAY: self._day,
            Step.PERSON: self._code,
            Step.DESCRIBE: self._describe,
            Step.DESCRIBE_OR_REMOVE: self._describe_or_remove,
            Step.CODED: self._coded,
            Step.KEEP: self._keep,
        }

    def clean(self, data_set: Dataset, counted: Counted) -> bytes:
        """Clean a data set; returns a mark of all in it that is no number, UID or day.

        Two files with the same mark say the same in words.
        """
        mark = blake2b(digest_size=16)
        for tag in (tags.PATIENT_NAME, tags.PATIENT_ID):  # every file is the same person's
            data_set[tag] = DataElement(tag, vr_of(tag, None), self._person)
        self._items(data_set, counted, mark, strictly=False, depth=0)
        return mark.digest()

    def value_of(
        self, tag: int, vr: str, value: bytes
    ) -> tuple[bytes | None, Action | None, str] | None:
        """What becomes of a number, a day or a UID that stands at the top of a data set.

        The new value, None where it is the old one; what was done; and the rule. None in all
        where more has to be known than the value.
        """
        step, rule = self._plan.step(tag, vr)
        text = value.decode("latin-1")
        if not value:
            return None
        if step is Step.UID:
            new = self._new_uids(text)
            return (None, None, rule) if new == text else (new.encode(), Action.RENUMBERED, rule)
        if step is Step.DAY:
            day = self._days.of(text, vr)
            return day.encode(), self._done_with(day), rule
        if step is not Step.KEEP or vr not in ("DS", "IS", "US", "SS", "AT"):
            return None
        if vr in ("DS", "IS") and not self._are_numbers(text, vr):
            return None
        return None, Action.KEPT, rule

    def _items(
        self,
        data_set: Dataset,
        counted: Counted,
        mark: blake2b,
        *,
        strictly: bool,
        depth: int,
    ) -> None:
        standard = strictly or _is_code(data_set)
        for tag in list(data_set.keys()):
            element = data_set.get_item(tag)
            vr = vr_of(tag, element.VR)
            step, rule = self._plan.step(tag, vr)
            name = keyword_for_tag(tag) or ("private" if tag >> 16 & 1 else "unknown")
            if standard and name in _CODE_TEXTS and not strictly:
                step = self._code_step(data_set)
            if strictly and step in (Step.DESCRIBE, Step.CODED, Step.KEEP) and vr in _WORDED:
                step = Step.DUMMY
            if step in (Step.ENTER, Step.ENTER_STRICTLY):
                self._enter(
                    data_set, tag, counted, mark,
                    strictly=strictly or step is Step.ENTER_STRICTLY, depth=depth,
                )  # fmt: skip
                continue
            if step is Step.REMOVE or (vr == "SQ" and depth >= _DEEPEST):
                del data_set[tag]
                counted.note(Action.REMOVED, rule, 0 if tag >> 16 & 1 else tag, _kind(tag, name))
                continue
            if not element.value and element.value != 0:
                continue
            try:
                action = self._actions[step](data_set, tag, vr)
            except Exception:  # noqa: BLE001 - pydicom raises anything for what is no value
                action = Action.REMOVED
            if action is Action.REMOVED:
                del data_set[tag]
            elif action is not Action.RENUMBERED and action is not Action.SHIFTED:
                _mark(mark, data_set, tag, vr)
            if action is not None:
                if action is not Action.KEPT or rule:
                    counted.note(action, rule, tag, name)
                if action is Action.KEPT and step in (Step.DESCRIBE, Step.DESCRIBE_OR_REMOVE):
                    counted.kept_words = True

    def _enter(
        self,
        data_set: Dataset,
        tag: int,
        counted: Counted,
        mark: blake2b,
        *,
        strictly: bool,
        depth: int,
    ) -> None:
        """Clean the items of a sequence."""
        value = data_set[tag].value
        if not isinstance(value, Sequence):
            del data_set[tag]
            return
        mark.update(tag.to_bytes(4))
        for item in value:
            self._items(item, counted, mark, strictly=strictly, depth=depth + 1)

    # --- what is done with one element: it has a value, and the answer says what was done -----

    def _empty(self, data_set: Dataset, tag: int, vr: str) -> Action:
        data_set[tag] = DataElement(tag, vr, None)
        return Action.EMPTIED

    def _dummy(self, data_set: Dataset, tag: int, vr: str) -> Action:
        data_set[tag] = DataElement(tag, vr, _DUMMIES.get(vr, DUMMY))
        return Action.REPLACED

    def _uid(self, data_set: Dataset, tag: int, _vr: str) -> Action | None:
        old = _raw_text(data_set, tag)
        new = self._new_uids(old)
        if new == old:
            return None
        data_set[tag] = DataElement(tag, "UI", new)
        if tag == tags.REFERENCED_SOP_INSTANCE_UID:
            self.referenced.add(new)
        return Action.RENUMBERED

    def _new_uids(self, text: str) -> str:
        return "\\".join(
            one if not one or one.startswith(_SHARED_ROOTS) else self._uids.of(one)
            for one in (part.strip(" \0") for part in text.split("\\"))
        )

    def _day(self, data_set: Dataset, tag: int, vr: str) -> Action:
        new = self._days.of(_raw_text(data_set, tag), vr)
        data_set[tag] = DataElement(tag, vr, new or None)
        return self._done_with(new)

    def _done_with(self, day: str) -> Action:
        if not day:
            return Action.EMPTIED
        return Action.SHIFTED if self._days.moves else Action.REPLACED

    def _code(self, data_set: Dataset, tag: int, vr: str) -> Action:
        data_set[tag] = DataElement(tag, vr, self._person)
        return Action.REPLACED

    def _describe(self, data_set: Dataset, tag: int, vr: str) -> Action:
        return Action.KEPT if self._is_clean(data_set, tag) else self._dummy(data_set, tag, vr)

    def _describe_or_remove(self, data_set: Dataset, tag: int, _vr: str) -> Action:
        return Action.KEPT if self._is_clean(data_set, tag) else Action.REMOVED

    def _coded(self, data_set: Dataset, tag: int, vr: str) -> Action:
        text = _text(data_set, tag)
        if self._stands_in(text):
            return self._dummy(data_set, tag, vr)
        name = keyword_for_tag(tag)
        fits = is_code if name in _VALUES else is_meaning if name in _MEANINGS else is_term
        values = text.split("\\") if vr in _SEVERAL else [text]
        kept = [one if self._fits(fits, one) else DUMMY for one in values]
        if kept == values:
            return Action.KEPT
        data_set[tag] = DataElement(tag, vr, "\\".join(kept))
        return Action.REPLACED

    def _fits(self, fits: Callable[[str], bool], text: str) -> bool:
        """The answer of ``fits``, which is the same for equal texts."""
        key = fits.__name__, text
        found = self._fitting.get(key)
        if found is None:
            found = fits(text)
            if len(self._fitting) < _MOST_REMEMBERED:
                self._fitting[key] = found
        return found

    def _keep(self, data_set: Dataset, tag: int, vr: str) -> Action:
        if vr == "AS":
            return self._age(data_set, tag)
        if tag == tags.ICC_PROFILE:
            return self._profile(data_set, tag)
        if vr in _COMPUTED:
            stands = vr in _COUNTED and self._is_a_number_of(data_set[tag])
            return self._empty(data_set, tag, vr) if stands else Action.KEPT
        text = _raw_text(data_set, tag)
        fits = self._are_numbers(text, vr) if vr in ("DS", "IS") else not self._stands_in(text)
        return Action.KEPT if fits else self._empty(data_set, tag, vr)

    def _are_numbers(self, text: str, vr: str) -> bool:
        """Whether a text of numbers has nothing else in it, and none of them is the patient's."""
        values = [one.strip(" \0") for one in text.split("\\")]
        if any(one and not _NUMBER.fullmatch(one) for one in values):
            return False
        # A counter of eight digits that reads as a day is one.
        counts_days = vr == "IS" and any(map(_DAY.fullmatch, values))
        return not counts_days and not any(map(self._is_number, values))

    def _is_a_number_of(self, element: DataElement) -> bool:
        """Whether one of a few binary values is a number or a day of the patient's."""
        values = element.value if element.VM > 1 else [element.value]
        return len(values) <= _MOST_COUNTED and any(
            self._is_number(format(value, ".0f")) for value in values if math.isfinite(value)
        )

    def _is_number(self, text: str) -> bool:
        whole, _, part = text.strip(" \0+").partition(".")
        if not part.strip("0"):
            return whole in self._numbers
        digits = whole + part
        return text.strip(" \0+") in self._numbers or (
            len(digits) >= _TELLING_DIGITS and digits in self._numbers
        )

    def _profile(self, data_set: Dataset, tag: int) -> Action:
        """A colour profile, which names the machine and whoever set it up."""
        bare = bare_profile(bytes(data_set[tag].value))
        if bare is None:
            return Action.REMOVED
        data_set[tag] = DataElement(tag, "OB", bare)
        return Action.KEPT

    def _age(self, data_set: Dataset, tag: int) -> Action:
        """An age; beyond 89 years it is said to be 90."""
        text = _raw_text(data_set, tag).strip(" \0")
        if not _AGE.fullmatch(text):
            return self._empty(data_set, tag, "AS")
        if text[:3].isdigit() and text[3:] == "Y" and int(text[:3]) > _OLDEST:
            data_set[tag] = DataElement(tag, "AS", OLDEST)
            return Action.REPLACED
        return Action.KEPT

    def _is_clean(self, data_set: Dataset, tag: int) -> bool:
        """Whether every word of a text is one of imaging, and none is the patient's."""
        text = _text(data_set, tag)
        found = self._texts.get(text)
        if found is None:
            # A code string is put together of medicine's words; who types, types sentences.
            fits = is_meaning if data_set[tag].VR == "CS" else is_plain
            found = fits(text) and not self._stands_in(text)
            if len(self._texts) < _MOST_REMEMBERED:
                self._texts[text] = found
        return found

    def _stands_in(self, text: str) -> bool:
        found = self._standing.get(text)
        if found is None:
            found = self._originals.stands_in(text)
            if len(self._standing) < _MOST_REMEMBERED:
                self._standing[text] = found
        return found

    def _code_step(self, data_set: Dataset) -> Step:
        """A code of a scheme that everybody shares stays; a hospital's own has to be plain."""
        scheme = str(data_set[tags.CODING_SCHEME_DESIGNATOR].value)
        return Step.CODED if scheme in self._plan.facts.schemes else Step.DESCRIBE


_WORDED = frozenset(["LO", "SH", "UC", "ST", "LT", "UT", "CS", "UN", "OB", "PN", "AE", "DS", "IS"])


def _is_code(data_set: Dataset) -> bool:
    return tags.CODING_SCHEME_DESIGNATOR in data_set


def _kind(tag: int, name: str) -> str:
    """What a removed element is called in the account: those of a kind together."""
    if tag >> 24 in (0x50, 0x60) and not tag >> 16 & 1:
        return "overlay" if tag >> 24 == 0x60 else "curve"
    return name


def _text(data_set: Dataset, tag: int) -> str:
    value = data_set[tag].value
    return "\\".join(map(str, value)) if isinstance(value, MultiValue) else str(value)


def _raw_text(data_set: Dataset, tag: int) -> str:
    """The value as the file has it, without decoding where it is still raw."""
    element = data_set.get_item(tag)
    if isinstance(element, RawDataElement):
        return (element.value or b"").decode("latin-1")
    value = element.value
    return "\\".join(map(str, value)) if element.VM > 1 else str(value)


def _mark(mark: blake2b, data_set: Dataset, tag: int, vr: str) -> None:
    mark.update(tag.to_bytes(4))
    if vr in _COMPUTED or vr in ("DS", "IS"):
        return
    element = data_set.get_item(tag)
    value = element.value
    mark.update(value if isinstance(value, bytes) else repr(value).encode())
