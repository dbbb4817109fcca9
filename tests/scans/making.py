"""Inventories and scans for tests of rules and detectors, without a detour through bytes."""

from __future__ import annotations

from typing import Any

from companion.scans.assess import findings
from companion.scans.findings import FileRecord, Finding, Kind, Place, Status
from companion.scans.inspection import Entry, inspect
from companion.scans.inventory import Inventory
from companion.scans.rules.table import dictionary_vr
from tests.builders import make_scan


def make_inventory(
    *elements: tuple[str, str] | tuple[str, str, str], files: tuple[str, ...] = ("IM0001.dcm",)
) -> Inventory:
    """One file with ``(path, value)`` or ``(path, value, VR)`` elements."""
    inventory = Inventory()
    for name in files:
        inventory.begin(name)
        for path, value, *vr in elements:
            add_element(inventory, path, value, vr[0] if vr else "")
        inventory.add_file(FileRecord(name, Kind.DICOM, Status.READ, "CT"))
    return inventory


def add_element(
    inventory: Inventory,
    path: str,
    value: str,
    vr: str = "",
    *,
    creator: str = "",
    name: str = "",
    place: Place | None = None,
) -> None:
    """Note a value at ``path`` in the current file."""
    from pydicom.datadict import keyword_for_tag

    tag = path.rsplit(".", 1)[-1][:8]
    around = Place.NESTED if "." in path else Place.HEADER
    place = place or (Place.PRIVATE if creator else around)
    element = inventory.element(
        path,
        place,
        tag,
        path,
        vr or dictionary_vr(tag) or "LO",
        name or keyword_for_tag(int(tag, 16)),
        creator,
    )
    assert element is not None
    inventory.observe(element, value)


def rules_in(inventory: Inventory) -> set[str]:
    """Ids of the rules that report something."""
    return {finding.rule for finding in findings(inventory)}


def make_report(name: str = "IM0001.dcm", **elements: Any) -> tuple[Finding, ...]:
    """Findings in one made scan, by way of its bytes."""
    data = make_scan(**elements)
    return inspect([Entry(name, [data])]).findings
