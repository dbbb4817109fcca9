"""Every place where identity hides: a token planted there is found, with the right place,
and the clean twin of the same file yields nothing of the kind."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from companion.scans.findings import Finding
from companion.scans.inspection import Entry, inspect
from tests.scans.plants import Files, Plant, plants

PLANTS = list(plants())
ROWS = {str(number) for number in range(1, 37)} | {"10a", "10b", "10c"}


def findings_in(files: Files) -> tuple[Finding, ...]:
    return inspect(Entry(name, [data]) for name, data in files.items()).findings


def reports(plant: Plant, finding: Finding, token: str) -> bool:
    if finding.place != plant.place or (plant.rule and finding.rule != plant.rule):
        return False
    if plant.kind == "=":
        return True
    return any(token.casefold() in value.casefold() for value in finding.values)


def key(finding: Finding) -> tuple[str, str, str, str]:
    return finding.rule, finding.place, finding.path, finding.name


def found_by(plant: Plant, token: str) -> list[Finding]:
    made = plant.build(token or ("x" if plant.kind == "=" else ""))
    return [finding for finding in findings_in(made) if reports(plant, finding, token)]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.id)
def test_a_planted_token_is_found_in_its_place(plant: Plant) -> None:
    token = plant.token(random.Random(plant.id))

    assert found_by(plant, token)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.id)
def test_the_clean_twin_yields_nothing_of_the_kind(plant: Plant) -> None:
    token = plant.token(random.Random(plant.id))
    telling = {key(finding) for finding in found_by(plant, token)}

    clean = findings_in(plant.build(""))

    assert telling
    assert not telling & {key(finding) for finding in clean}


def test_every_row_has_a_plant() -> None:
    assert {plant.row for plant in PLANTS} == ROWS


def test_recall_and_false_alarms_over_many_random_tokens(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    alarms = 0
    for plant in PLANTS:
        kinds = set()
        for seed in range(2):
            token = plant.token(random.Random(f"{plant.id}{seed}"))
            hits = found_by(plant, token)
            kinds |= {key(hit) for hit in hits}
            tried[plant.row] += 1
            found[plant.row] += bool(hits)
        clean = {key(one) for one in findings_in(plant.build(""))}
        alarms += bool(kinds & clean)
    with capsys.disabled():
        print(
            f"\nplaces {len(PLANTS)}, recall {sum(found.values())}/{sum(tried.values())},", end=""
        )
        print(f" false alarms on clean twins {alarms}/{len(PLANTS)}")

    assert found == tried
    assert alarms == 0


def test_a_scan_without_identifiers_yields_only_its_uids_and_its_picture() -> None:
    from tests.builders import make_scan

    rules = {finding.rule for finding in findings_in({"IM0001.dcm": make_scan()})}

    assert rules <= {"uid-study", "software", "picture-not-read"}
