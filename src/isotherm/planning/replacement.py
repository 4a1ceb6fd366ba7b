"""Several rows for one name: which counts, and whether an older one can serve again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import TypeVar

from isotherm.core.states import Action, Status
from isotherm.kit.registry import Registry
from isotherm.planning.decision import Decision, Want
from isotherm.planning.diff import Verdict, compare
from isotherm.planning.plan import Kind
from isotherm.planning.recorded import Recorded

R = TypeVar("R", bound=Recorded)


def current_rows(rows: Iterable[R]) -> dict[str, R]:
    """The current row of each name, in order of first appearance."""
    return {row.name: row for row in rows if row.current}


def row_to_revert_to(
    rows: Sequence[R], decision: Decision, want: Want, types: Registry
) -> R | None:
    """A sound leftover that already is what is wanted, where otherwise a new one would be made.

    This is how a roll-back returns to the very object that was replaced, with its data.
    """
    if types[want.type].renews:
        candidates = _before_current(rows, want) if want.renewed_in is None else []
    elif decision.kind in (Kind.REPLACE, Kind.CREATE, Kind.FINISH):
        candidates = [row for row in reversed(rows) if row.name == want.name and not row.current]
    else:
        return None
    for row in candidates:
        if row.type != want.type:
            continue
        if row.status is not Status.COMPLETE or row.action is Action.DELETE:
            continue
        found = compare(types[row.type], row.properties, want.properties, row.applying)
        if found.verdict is Verdict.SAME and not found.unknown:
            return row
    return None


def _before_current(rows: Sequence[R], want: Want) -> list[R]:
    """What is older than the present object, oldest first: of objects that every update makes
    anew, all but the first are of updates that did not succeed."""
    of_name = (row for row in rows if row.name == want.name)
    return list(takewhile(lambda row: not row.current, of_name))
