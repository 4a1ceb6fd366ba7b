"""Rows of nested stacks to which an update brings nothing but what lies inside of the stack."""

from __future__ import annotations

from isotherm.core.states import Action, Status
from isotherm.kit.resource_type import AnyType
from isotherm.planning.decision import Want
from isotherm.planning.recorded import Recorded

_AT_REST = frozenset({Action.CREATE, Action.UPDATE})


def stands(resource_type: AnyType, row: Recorded, want: Want) -> bool:
    """Whether the row is at rest and as wanted, secrets included, so that only its stack can tell
    whether there is anything to do."""
    return (
        resource_type.nests
        and not resource_type.Properties.lookups
        and row.type == want.type
        and row.action in _AT_REST
        and row.status is Status.COMPLETE
        and row.applying is None
        and not (row.external or want.external_id or row.gave_way)
        and dict(row.properties) == dict(want.properties)
        and dict(row.metadata) == dict(want.metadata)
    )
