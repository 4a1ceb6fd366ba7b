"""The maths of groups."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isotherm.core.values import Secret
from isotherm.kit.groups import (
    Adjustment,
    Batch,
    Pace,
    adjusted_size,
    growing_batch,
    numbered_names,
    rolling_batch,
    with_index,
)


def test_names_are_numbers_but_for_those_skipped() -> None:
    assert numbered_names(3) == ["0", "1", "2"]
    assert numbered_names(3, {"0", "2"}) == ["1", "3", "4"]
    assert numbered_names(0) == []


def test_the_number_of_a_member_reaches_every_depth_but_no_key() -> None:
    value = {"a%index%": ["x%index%y", {"deep": "%index%"}], "n": 7, "s": Secret("p%index%")}
    assert with_index(value, "%index%", "4") == {
        "a%index%": ["x4y", {"deep": "4"}],
        "n": 7,
        "s": Secret("p4"),
    }


def test_a_group_grows_batch_by_batch() -> None:
    wanted, pace = numbered_names(5), Pace(batch=2)
    assert growing_batch((), wanted, pace) == Batch(("0", "1"), frozenset({"0", "1"}))
    assert growing_batch(["0", "1", "2", "3"], wanted, pace).members == tuple(wanted)


def batches(present: int, size: int, pace: Pace) -> list[str]:
    """All batches of a change of definition and size: ``+`` new, ``~`` renewed, ``-`` gone."""
    names = numbered_names(present)
    old, wanted = set(names), numbered_names(size)
    told: list[str] = []
    while True:
        batch = rolling_batch(names, old & set(wanted), wanted, numbered_names, pace)
        made = [f"+{each}" for each in batch.members if each not in names]
        renewed = [f"~{each}" for each in batch.members if each in batch.renewed & old]
        gone = [f"-{each}" for each in names if each not in batch.members]
        if not made + renewed + gone:
            return told
        told.append(" ".join(made + renewed + gone))
        names = list(batch.members)
        old -= batch.renewed


@pytest.mark.parametrize(
    ("present", "size", "pace", "told"),
    [
        (3, 3, Pace(2, 3), ["+3 +4", "~1 ~2", "~0 -4", "-3"]),
        (3, 7, Pace(2, 2), ["+3 +4", "+5 +6", "~1 ~2", "~0"]),
        (3, 2, Pace(5, 9), ["~1 +3", "~0 -3", "-2"]),
        (12, 5, Pace(2, 1), ["~3 ~4 -5 -6 -7 -8 -9 -10 -11", "~1 ~2", "~0"]),
        (2, 0, Pace(1, 1), ["-0 -1"]),
    ],
)
def test_a_new_definition_rolls_through_the_group(
    present: int, size: int, pace: Pace, told: Sequence[str]
) -> None:
    """The batches that users of such groups know."""
    found = [" ".join(sorted(each.split())) for each in batches(present, size, pace)]
    assert found == [" ".join(sorted(each.split())) for each in told]


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), st.integers(0, 9))
def test_as_many_as_have_to_stay_are_in_service_at_any_time(
    present: int, size: int, batch: int, in_service: int
) -> None:
    names, wanted = numbered_names(present), numbered_names(size)
    old, pace = set(names), Pace(batch, in_service)
    for _ in range(40):
        change = rolling_batch(names, old & set(wanted), wanted, numbered_names, pace)
        untouched = [
            each for each in names if each in change.members and each not in change.renewed
        ]
        if old & set(wanted):
            assert len(change.renewed) <= batch
            assert len(untouched) >= min(in_service, size, present)
        names, old = list(change.members), old - change.renewed
    assert names == wanted
    assert not old & set(wanted)


@pytest.mark.parametrize(
    ("kind", "amount", "least", "size"),
    [
        (Adjustment.CHANGE, 2, None, 6),
        (Adjustment.CHANGE, -9, None, 1),
        (Adjustment.CHANGE, 0, 3, 4),
        (Adjustment.EXACT, 7, None, 7),
        (Adjustment.EXACT, 70, None, 8),
        (Adjustment.PERCENT, 60, None, 6),
        (Adjustment.PERCENT, 10, None, 5),
        (Adjustment.PERCENT, -10, None, 3),
        (Adjustment.PERCENT, -60, None, 2),
        (Adjustment.PERCENT, 10, 3, 7),
        (Adjustment.PERCENT, -10, 2, 2),
        (Adjustment.PERCENT, 0, 2, 4),
    ],
)
def test_a_policy_changes_the_size_within_the_limits(
    kind: Adjustment, amount: float, least: int | None, size: int
) -> None:
    assert adjusted_size(4, kind, amount, (1, 8), least) == size


def test_members_whose_names_are_given_change_in_batches_too() -> None:
    wanted = ["a", "b", "c", "d"]
    batch = rolling_batch(wanted, wanted, wanted, lambda size: [], Pace(2, 0))
    assert batch.members == ("a", "b", "c", "d")
    assert batch.renewed == {"c", "d"}
