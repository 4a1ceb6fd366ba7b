"""Whether enough of the members that an update makes have told that they work."""

from __future__ import annotations

import pytest

from isotherm.kit.readiness import Readiness


@pytest.mark.parametrize(
    ("made", "ahead", "given_up", "share", "heard", "silent", "hopeless"),
    [
        (1, 2, 0, 100, "", 1, False),
        (1, 2, 0, 100, "S", 0, False),
        (1, 2, 0, 100, "F", 0, True),
        (2, 2, 0, 50, "FF", 0, False),
        (3, 1, 0, 50, "FFF", 0, True),
        (2, 2, 2, 50, "", 0, False),
        (3, 0, 1, 66, "S", 1, False),
        (3, 0, 1, 67, "S", 1, True),
        (2, 0, 0, 0, "FF", 0, False),
        (1, 0, 0, 100, "SSS", 0, False),
        (0, 0, 0, 100, "", 0, False),
    ],
)
def test_what_is_heard_is_enough_or_cannot_be_any_more(
    made: int, ahead: int, given_up: int, share: int, heard: str, silent: int, hopeless: bool
) -> None:
    words = {"S": "SUCCESS", "F": "FAILURE"}
    told = {str(n): words[each] for n, each in enumerate(heard)}
    found = Readiness(made, ahead, given_up, share, told)
    assert (found.silent, found.is_hopeless) == (silent, hopeless)


def test_a_failure_tells_what_was_heard_and_what_was_not() -> None:
    text = Readiness(3, 1, 1, 75, {"b": "SUCCESS", "a": "FAILURE"}).failure()
    assert text == (
        "3 of 4 new instances must signal success, received a: FAILURE, b: SUCCESS;"
        " 1 did not signal in time"
    )
    assert Readiness(1, 0, 0, 100, {}).failure().endswith("received none")
