"""What an environment forbids, held against what is to become of a resource."""

from __future__ import annotations

import pytest
from tests.planning.builders import row

from isotherm.core.values import Secret
from isotherm.kit.changes import Change, Changes
from isotherm.planning.decision import Decision, Want
from isotherm.planning.plan import Kind
from isotherm.planning.restrictions import REPLACE, UPDATE, forbidden

CHANGES = Changes({"size": Change(1, 2)})
BOTH = frozenset({UPDATE, REPLACE})


@pytest.mark.parametrize(
    ("restricted", "decision", "expected"),
    [
        (BOTH, Decision(Kind.REPLACE, CHANGES), REPLACE),
        (BOTH, Decision(Kind.UPDATE, CHANGES), UPDATE),
        ({UPDATE}, Decision(Kind.REPLACE, CHANGES), None),
        ({REPLACE}, Decision(Kind.UPDATE, CHANGES), None),
        (BOTH, Decision(Kind.UPDATE), None),  # a stack inside is asked, nothing has changed
        (BOTH, Decision(Kind.REVERT), None),
        (BOTH, Decision(Kind.KEEP), None),
        ((), Decision(Kind.REPLACE, CHANGES), None),
    ],
)
def test_only_what_is_restricted_is_forbidden(
    restricted: frozenset[str], decision: Decision, expected: str | None
) -> None:
    assert forbidden(restricted, row("a"), Want("a", "Test::Thing", {}), decision) == expected


def test_other_metadata_are_a_change() -> None:
    before = row("a", metadata={"k": Secret("v")})
    same, other = (Want("a", "Test::Thing", {}, metadata={"k": each}) for each in ("v", "w"))
    assert forbidden(BOTH, before, same, Decision(Kind.UPDATE)) is None
    assert forbidden(BOTH, before, other, Decision(Kind.UPDATE)) == UPDATE
