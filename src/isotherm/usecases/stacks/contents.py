"""What a stack is made of, in the form of exports, by which stacks are adopted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from isotherm.core.values import REDACTED, Secret, Unknown, Value, reveal, transform
from isotherm.engine.recording.parts import (
    DATA,
    INSIDE,
    MORE_DATA,
    PHYSICAL_NAME,
    PROPERTIES,
    part_of,
)
from isotherm.planning.replacement import current_rows
from isotherm.ports.records import Snapshot, Source, Stack, replace
from isotherm.template import UNLIMITED_SIZE, load_template
from isotherm.usecases.definitions import definition_of
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.environments import own_environment
from isotherm.usecases.stacks.show import shown_environment


@dataclass(frozen=True, slots=True)
class Contents:
    """``stack`` as it is, or was; ``resources`` by name, those of nested stacks as contents of
    their own."""

    stack: Stack
    template: Mapping[str, Any]
    environment: Mapping[str, Any]
    files: Mapping[str, str]
    resources: Mapping[str, Any]


async def contents_of_stack(services: Services, stack: Stack) -> Contents:
    """All that is needed to adopt it elsewhere, secrets opened."""
    source = await services.store.source(stack.source_id)
    rows = current_rows(await services.store.resources(stack.id))
    resources: dict[str, Any] = {
        name: _portable(_without(reveal(part_of(row)), PROPERTIES)) for name, row in rows.items()
    }
    for child in await services.store.children(stack.id):
        name = child.parent_resource or ""
        if name in rows and rows[name].physical_id == child.id:
            resources[name] = await contents_of_stack(services, child)
    environment = {**_EMPTY, **reveal(await own_environment(services, stack, source))}
    return Contents(stack, _template(source), environment, source.files, resources)


async def contents_of_snapshot(services: Services, stack: Stack, snapshot: Snapshot) -> Contents:
    """What a snapshot holds, without its secrets."""
    source = await services.store.source(snapshot.source_id)
    definition = await definition_of(services, replace(stack, source_id=snapshot.source_id))
    parts = transform(snapshot.resources, _shown)
    return Contents(
        replace(stack, tags=snapshot.tags),
        _template(source),
        _without(shown_environment(source.environment, definition), "encrypted_param_names"),
        source.files,
        {name: _without(part, INSIDE, PHYSICAL_NAME, PROPERTIES) for name, part in parts.items()},
    )


_EMPTY: Mapping[str, Any] = {
    "resource_registry": {"resources": {}},
    "parameters": {},
    "parameter_defaults": {},
    "event_sinks": [],
}


def _portable(part: dict[str, Any]) -> dict[str, Any]:
    """The part in a form that other services adopt, too: they keep texts as data of a resource, and
    leave alone what they do not know."""
    texts = {name: value for name, value in part[DATA].items() if isinstance(value, str)}
    more = {name: value for name, value in part[DATA].items() if name not in texts}
    return {**part, DATA: texts, MORE_DATA: more} if more else part


def _template(source: Source) -> Mapping[str, Any]:
    return load_template(source.template, limits=UNLIMITED_SIZE).data


def _without(values: Mapping[str, Any], *left_out: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in left_out}


def _shown(marker: Secret | Unknown) -> Value:
    return REDACTED if isinstance(marker, Secret) else None
