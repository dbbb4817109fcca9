"""Switches in Siemens' private protocol text, read where they stand.

The text lies in binary elements, as lines of a name, a tab, ``=``, a tab and a value, or as
XProtocol maps with the value in braces. The search for loose text keeps long words only, and
would lose a value such as ``0x1``. ``DeepResolve`` stands in the protocols of syngo MR XA60
and XA61 whether the reconstruction was on or not.
"""

from __future__ import annotations

import re

from companion.scans.dicom.structure import DataSetParse
from companion.scans.findings import Place
from companion.scans.inventory import FactKind, Inventory

ON, OFF, UNSAID = "on", "off", "unsaid"
"""What a protocol says of the switch: the details of the fact."""
_NAME = b"DeepResolve"
_SETTING = re.compile(rb"DeepResolve[\w.\[\]]{0,80}\"?>?\s{0,20}[=:{]\s{0,20}\"?([\w.+-]{1,40})")
_IS_OFF = re.compile(rb"0x0+|0+(?:\.0*)?|off|false|no|none|disabled", re.IGNORECASE)
_MOST_SETTINGS = 200


def note_settings(inventory: Inventory, parse: DataSetParse, start: int, end: int) -> None:
    """Note whether deep-learning reconstruction was on, by the bytes before the pixels."""
    if parse.data.find(_NAME, start, end) < 0:
        return
    said = UNSAID
    for number, match in enumerate(_SETTING.finditer(parse.data, start, end)):
        if not _IS_OFF.fullmatch(match[1]):
            said = ON
            break
        said = OFF
        if number > _MOST_SETTINGS:
            break
    inventory.add_fact(FactKind.DEEP_RESOLVE, Place.PRIVATE, detail=said)
