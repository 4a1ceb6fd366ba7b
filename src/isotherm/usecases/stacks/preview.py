"""Say what a create would do, without doing it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from isotherm.core.ids import ProjectId, StackId
from isotherm.core.schema import PropertySchema
from isotherm.core.values import REDACTED, Secret, Unknown, Value, transform
from isotherm.engine.heavy_work import is_heavy, worked_out
from isotherm.planning.dependencies import AllUnknown
from isotherm.planning.wants import want
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Stack, replace
from isotherm.template import NestedStack, StackDefinition
from isotherm.usecases.outputs import Output, foreseen_outputs
from isotherm.usecases.resources import ResourceDetail, describe_resources
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.create import (
    CreateRequest,
    adopted_data,
    drafted,
    requested_source,
    require_room,
)
from isotherm.usecases.stacks.show import description_of, shown_parameters
from isotherm.usecases.validation import Examination, require_valid


@dataclass(frozen=True, slots=True)
class PreviewedResource:
    """``properties`` as far as they are known before anything runs."""

    detail: ResourceDetail
    properties: Mapping[str, Value]


Previewed = PreviewedResource | list["Previewed"]
"""A resource, or those of the stack that a resource is."""


@dataclass(frozen=True, slots=True)
class CreatePreview:
    stack: Stack
    description: str
    parameters: Mapping[str, str]
    outputs: list[Output]
    resources: list[Previewed]


async def preview_create(
    services: Services, caller: Caller, request: CreateRequest
) -> CreatePreview:
    """Raises RequestError or InvalidDocument, as creating would."""
    stack = drafted(services, caller, request, "None")
    await require_room(services, caller, stack.name)
    source = await requested_source(services, caller, request, adopted_data(services, request))
    pseudo = await services.definer.pseudo_parameters(
        StackId(stack.id), stack.name, ProjectId(caller.project_id)
    )
    examined = await require_valid(services, caller, source, pseudo)
    heavy = is_heavy(examined.source)
    return await worked_out(heavy, caller.project_id, _foreseen_stack, services, stack, examined)


def _foreseen_stack(services: Services, stack: Stack, examined: Examination) -> CreatePreview:
    definition = examined.definition
    services = dataclasses.replace(services, registry=examined.types)
    return CreatePreview(
        stack=stack,
        description=description_of(definition),
        parameters=shown_parameters(definition),
        outputs=foreseen_outputs(definition),
        resources=_previewed(services, stack, definition, examined.tree.children),
    )


def _previewed(
    services: Services,
    stack: Stack,
    definition: StackDefinition,
    children: Mapping[str, NestedStack],
) -> list[Previewed]:
    found: list[Previewed] = []
    for detail in describe_resources(services, stack, definition, {}):
        if child := children.get(detail.name):
            name = f"{stack.name}-{detail.name}"
            below = replace(stack, name=name, parent_resource=detail.name)
            found.append(_previewed(services, below, child.definition, child.children))
        else:
            found.append(_foreseen(services, definition, detail))
    return found


def _foreseen(
    services: Services, definition: StackDefinition, detail: ResourceDetail
) -> PreviewedResource:
    """A resource with all its properties and attributes; null is what is not known yet."""
    resource = definition.resources[detail.name]
    wanted = want(definition, resource, AllUnknown(), services.registry)
    resource_type = services.registry[resource.type]
    attributes: dict[str, Value] = {each.name: None for each in resource_type.attributes}
    attributes |= transform(resource_type.foreseen(wanted.properties), _shown)
    properties = transform(wanted.properties, _shown)
    return PreviewedResource(
        dataclasses.replace(detail, attributes=attributes),
        _filled(resource_type.Properties.schema, properties),
    )


def _filled(fields: Mapping[str, PropertySchema], values: Mapping[str, Value]) -> dict[str, Value]:
    """``values`` with nulls for the fields that have none, at every level."""
    known = {name: _filled_inside(schema, values.get(name)) for name, schema in fields.items()}
    return {**known, **{name: each for name, each in values.items() if name not in fields}}


def _filled_inside(schema: PropertySchema, value: Value) -> Value:
    if isinstance(value, Mapping) and schema.fields:
        return _filled(schema.fields, value)
    if isinstance(value, list) and schema.items:
        return [_filled_inside(schema.items, each) for each in value]
    return value


def _shown(marker: Unknown | Secret) -> Value:
    return REDACTED if isinstance(marker, Secret) else None
