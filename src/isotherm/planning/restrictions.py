"""What an environment forbids to do with a resource."""

from __future__ import annotations

from collections.abc import Collection

from isotherm.core.values import Value, reveal
from isotherm.planning.decision import Decision, Want
from isotherm.planning.plan import Kind
from isotherm.planning.recorded import Recorded

UPDATE = "update"
REPLACE = "replace"


def forbidden(
    restricted: Collection[str], row: Recorded, want: Want, decision: Decision
) -> str | None:
    """Which of the restricted actions the decision would be, if any.

    The way back to an object of before is none of them, nor is removal.
    """
    if decision.kind is Kind.REPLACE and REPLACE in restricted:
        return REPLACE
    if decision.kind is Kind.UPDATE and UPDATE in restricted and _touches(row, want, decision):
        return UPDATE
    return None


def _touches(row: Recorded, want: Want, decision: Decision) -> bool:
    """Whether there is anything to change: stacks inside are asked in any case."""
    return bool(decision.changes) or _differ(row.metadata, want.metadata)


def _differ(before: Value, after: Value) -> bool:
    return bool(reveal(before) != reveal(after))
