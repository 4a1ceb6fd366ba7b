"""What a verb of a resource type is given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from isotherm.core.states import DeletionPolicy
from isotherm.core.values import reveal
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.context import Context, Intent, Neighbour, StackIdentity
from isotherm.kit.nested_stacks import NestedStacks
from isotherm.kit.resource_type import AnyType
from isotherm.ports.records import Resource, Stack


def neighbour_of(row: Resource) -> Neighbour:
    """The row as other resources of the stack see it."""
    return Neighbour(
        row.name,
        row.type,
        row.present_metadata,
        row.properties,
        row.data,
        row.physical_id or "",
        row.reference,
    )


def context_of(
    stack: Stack,
    row: Resource,
    resource_type: AnyType,
    *,
    api: CloudApi,
    now: datetime,
    stacks: NestedStacks,
    reads: frozenset[str] = frozenset(),
    desired: Mapping[str, Any] | None = None,
) -> Context[Any]:
    """The context of a verb on ``row``; ``desired`` are new properties, names as ids."""
    group = resource_type.Properties
    applied = group.of(reveal({**row.properties, **row.resolved}))
    return Context(
        stack=StackIdentity(stack.id, stack.name, stack.project_id, stack.user_id),
        resource=row.name,
        props=applied if desired is None else group.of(reveal(desired)),
        recorded=applied if desired is not None else None,
        physical_name=row.physical_name,
        intent=Intent(row.token, row.attempt, row.intent_at or row.created_at),
        api=api,
        now=now,
        physical_id=row.physical_id or "",
        stage=row.stage,
        data=dict(row.data),
        metadata=row.present_metadata,
        sealed=row.properties if row.applying is None else row.applying,
        stacks=stacks,
        reads=reads,
        heard=row.heard,
        keep_copy=row.deletion_policy is DeletionPolicy.SNAPSHOT and row.reference is not None,
    )
