"""Every element of a made-up set has an answer, and a copy fulfils them all."""

from __future__ import annotations

import pytest

from companion.cleaning import Preset
from tests.cleaning.answers import score


@pytest.mark.parametrize("preset", Preset)
def test_all_required_actions_are_done_and_what_is_to_be_kept_is_kept(preset: Preset) -> None:
    right, asked, wrong = score(preset, files=6)

    assert (right, wrong) == (asked, {})
