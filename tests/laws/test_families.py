"""Whatever happens to a family of stacks, nothing is lost, doubled or stuck."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.families import Act, Become, Event, Family, events, families
from tests.laws.family_story import tell
from tests.laws.strategies import Sleep

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]


def as_test(first: Family, story: list[Event], last: Family, rolls_back: bool, seed: int) -> str:
    """A case as the test to be added below, once its fault is mended."""
    happened = "".join(f"        {each!r},\n" for each in story)
    text = (
        "def test_NAME_WHAT_WAS_WRONG() -> None:\n"
        f"    story: list[Event] = [\n{happened}    ]\n"
        f"    first = {first!r}\n    last = {last!r}\n"
        f"    tell(first, story, last, rolls_back={rolls_back}, seed={seed})\n"
    )
    return re.sub(r"<(Point\.\w+): [^>]*>", r"\1", text)


@examples
@given(
    first=families(),
    story=events(),
    last=families(),
    rolls_back=st.booleans(),
    seed=st.integers(0, 1_000_000),
)
def test_every_family_comes_to_an_end_with_nothing_lost(
    first: Family, story: list[Event], last: Family, rolls_back: bool, seed: int
) -> None:
    note(as_test(first, story, last, rolls_back, seed))
    tell(first, story, last, rolls_back=rolls_back, seed=seed)


def test_what_was_stopped_has_a_reference_once_it_is_mended() -> None:
    group = Family(scaled=(1, 3))
    story: list[Event] = [Become(group), Sleep(0.01), Act("stop")]
    tell(Family(), story, Family(scaled=(0, 3)), rolls_back=False, seed=0)
