"""The resources of a stack as the one that it is nested in sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from isotherm.core.states import Status
from isotherm.kit.nested_stacks import Inside
from isotherm.planning.replacement import current_rows
from isotherm.ports.records import Resource


def inside_of(rows: Iterable[Resource]) -> Mapping[str, Inside]:
    """By name, those made first first."""
    return {
        row.name: Inside(row.reference, failed=row.status is Status.FAILED)
        for row in sorted(
            current_rows(rows).values(), key=lambda each: (each.created_at, each.name)
        )
    }
