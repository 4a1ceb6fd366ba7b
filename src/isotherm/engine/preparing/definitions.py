"""From the source of a stack to its definition: what it is to be, with all it reads."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RemoteError
from isotherm.core.ids import ProjectId, StackId
from isotherm.core.states import Action
from isotherm.core.values import Unknown, Value
from isotherm.engine.heavy_work import worked_out
from isotherm.engine.preparing.stand_ins import missing, with_stand_ins
from isotherm.engine.recording.scopes import RecordedScope
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.registry import Registry
from isotherm.kit.template_type import with_templates
from isotherm.planning.dependencies import AllUnknown
from isotherm.planning.replacement import current_rows
from isotherm.ports.cloud import Cloud
from isotherm.ports.records import Source, Stack
from isotherm.ports.store import StackQuery, Store
from isotherm.template import (
    EMPTY_ENVIRONMENT,
    UNLIMITED_SIZE,
    Environment,
    Expression,
    FileTypes,
    Outside,
    PseudoParameters,
    StackDefinition,
    Template,
    bind,
    facade_of,
    load_environment,
    load_template,
    merge_environments,
)

ZONES = "Fn::GetAZs"
IMPORTS = "Fn::ImportValue"
FACADES = frozenset({"resource_facade", "Fn::ResourceFacade"})


@dataclass(frozen=True, slots=True)
class Export:
    """A value that the outputs of a stack offer to the other stacks of its project."""

    name: str
    value: Value
    stack: Stack


@dataclass(frozen=True, slots=True)
class Definer:
    """``base`` is the operator's own environment; it lies below all others."""

    store: Store
    cloud: Cloud
    types: Registry
    base: Environment = EMPTY_ENVIRONMENT

    async def define(self, stack: Stack, api: CloudApi | None = None) -> StackDefinition:
        """What a recorded stack is to be. Without ``api``, what only the cloud can tell
        stays unknown. Raises InvalidDocument, RemoteError."""
        source = await self.store.source(stack.source_id)
        environment = await self._environment_here(stack, source)
        template = template_of(source, environment)
        return await self._bound(stack, source, api, environment=environment, template=template)

    async def define_outputs(
        self, stack: Stack, api: CloudApi | None = None
    ) -> StackDefinition | None:
        """The same for who asks for outputs, without the resources; None where the stack's template
        has no outputs."""
        source = await self.store.source(stack.source_id)
        environment = await self._environment_here(stack, source)
        template = template_of(source, environment)
        if not template.outputs:
            return None
        return await self._bound(
            stack, source, api, environment=environment, template=template, resources=False
        )

    async def _bound(
        self,
        stack: Stack,
        source: Source,
        api: CloudApi | None,
        *,
        environment: Environment,
        template: Template,
        resources: bool = True,
    ) -> StackDefinition:
        pseudo = await self.pseudo_parameters(
            StackId(stack.id), stack.name, ProjectId(stack.project_id)
        )
        return await worked_out(
            template.runs_queries,
            stack.project_id,
            bind,
            template,
            environment,
            pseudo=pseudo,
            files=source.files,
            facade=await self._facade(stack, template, api),
            outside=await self.outside(template, pseudo, api),
            types=self.types,
            resources=resources,
        )

    async def types_told(self, stack: Stack) -> dict[tuple[str, str], str]:
        """What the template of a recorded stack calls the types of its resources, by name and
        type, where it may call any of them by another name at all."""
        source = await self.store.source(stack.source_id)
        try:
            environment = await self._environment_here(stack, source)
            registry, text = environment.registry, source.text
            if not any(each.rstrip("*") in text for each in registry.types):
                return {}
            template = template_of(source, environment)
        except (InvalidDocument, RemoteError):
            return {}
        told = {name: each.type for name, each in template.resources.items()}
        return {(n, registry.resolve(each, n, self.types)): each for n, each in told.items()}

    def environment_of(self, stack: Stack, source: Source) -> Environment:
        """The environment of a stack from its source. Raises InvalidDocument."""
        if stack.parent_id is None:
            return self.environment(source)
        # What the operator says came with the environment of the stack above.
        return load_environment(source.environment)

    async def _environment_here(self, stack: Stack, source: Source) -> Environment:
        return await self.standing_in(self.environment_of(stack, source), source, stack.id)

    async def standing_in(
        self, environment: Environment, source: Source, stack_id: str
    ) -> Environment:
        """``environment`` with what stands in for types whose service the cloud lacks, and for
        those of which the stack has a stand-in already. Raises RemoteError."""
        texts = source.texts if self.types.stand_ins else ()
        named = [each for each in self.types.stand_ins if any(each in text for text in texts)]
        if not named:
            return environment
        rows = await self.store.resources(stack_id)
        lacking = missing(named, self.types, await self.cloud.services())
        return with_stand_ins(environment, named, lacking, current_rows(rows).values())

    def environment(self, source: Source) -> Environment:
        """The source's environment with the operator's below. Raises InvalidDocument."""
        return merge_environments([load_environment(source.environment)], base=self.base)

    async def _facade(
        self, stack: Stack, template: Template, api: CloudApi | None
    ) -> dict[str, Value] | None:
        """What a nested stack's template reads of the resource that it stands behind."""
        if stack.parent_id is None or template.functions_called.isdisjoint(FACADES):
            return None
        above = await self.store.stack(stack.parent_id)
        if above is None:
            return None
        definition = await self.define(above, api)
        resource = definition.resources.get(stack.parent_resource or "")
        if resource is None:
            return None
        rows = await self.store.resources(above.id)
        return facade_of(definition, resource, RecordedScope(current_rows(rows), self.types))

    async def pseudo_parameters(
        self, stack_id: StackId, name: str, project_id: ProjectId
    ) -> PseudoParameters:
        return PseudoParameters(
            stack_id=stack_id,
            stack_name=name,
            region=await self.cloud.region(),
            project_id=project_id,
        )

    async def outside(
        self, template: Template, pseudo: PseudoParameters, api: CloudApi | None
    ) -> Outside:
        """What the template reads from outside its stack. Raises RemoteError."""
        calls, found = template.functions_called, Outside()
        if ZONES in calls and api is not None:
            found = replace(found, zones=await availability_zones(api))
        if IMPORTS in calls:
            exports = await self.exports(pseudo.project_id, but={pseudo.stack_id})
            found = replace(found, exports={name: each.value for name, each in exports.items()})
        return found

    async def exports(self, project_id: str, *, but: Collection[str] = ()) -> dict[str, Export]:
        """What the stacks of a project export by name; those with the ids ``but`` left out."""
        query = StackQuery(
            project_id=project_id, show_nested=True, sort_keys=("created_at",), descending=False
        )
        found: dict[str, Export] = {}
        # An importer is younger than what it imports: the older ones are known when it comes.
        for stack in await self.store.stacks(query):
            if stack.id not in but and stack.action is not Action.DELETE:
                for export in await self.exports_of(stack, found):
                    found.setdefault(export.name, export)
        return found

    async def has_exports(self, stack: Stack) -> bool:
        """Whether a stack's template exports anything at all."""
        source = await self.store.source(stack.source_id)
        try:
            outputs = load_template(source.template, limits=UNLIMITED_SIZE).outputs
        except InvalidDocument:
            return False
        return any(each.export for each in outputs.values())

    async def imports_of(self, stack: Stack) -> set[str]:
        """Names of the exports that a stack's template reads."""
        source = await self.store.source(stack.source_id)
        template = load_template(source.template, limits=UNLIMITED_SIZE)
        if IMPORTS not in template.functions_called:
            return set()
        asked = _Asked()
        pseudo = await self.pseudo_parameters(
            StackId(stack.id), stack.name, ProjectId(stack.project_id)
        )
        outside = Outside(exports=asked)
        try:
            environment = self.environment(source)
            template = template_of(source, environment)
            definition = await worked_out(
                template.runs_queries,
                stack.project_id,
                bind,
                template,
                environment,
                pseudo=pseudo,
                files=source.files,
                outside=outside,
                types=self.types,
            )
        except InvalidDocument:
            return asked.names
        await worked_out(template.runs_queries, stack.project_id, _evaluate_all, definition)
        return asked.names

    async def exports_of(self, stack: Stack, known: Mapping[str, Export]) -> list[Export]:
        """What one stack exports; ``known`` are the exports that it may import itself."""
        if not await self.has_exports(stack):
            return []
        source = await self.store.source(stack.source_id)
        outside = Outside(exports={name: each.value for name, each in known.items()})
        try:
            pseudo = await self.pseudo_parameters(
                StackId(stack.id), stack.name, ProjectId(stack.project_id)
            )
            environment = self.environment(source)
            template = template_of(source, environment)
            definition = await worked_out(
                template.runs_queries,
                stack.project_id,
                bind,
                template,
                environment,
                pseudo=pseudo,
                files=source.files,
                outside=outside,
                types=self.types,
            )
        except InvalidDocument:
            return []
        rows = current_rows(await self.store.resources(stack.id))
        scope = RecordedScope(rows, self.types)
        heavy = template.runs_queries
        return await worked_out(heavy, stack.project_id, _evaluated, definition, scope, stack)


def types_in(definition: StackDefinition, types: Registry) -> Registry:
    """The catalogue with those of the stack's files that are types in its template."""
    around = definition.environment
    files = FileTypes(types, definition.files, environment=around, limits=UNLIMITED_SIZE)
    named = {each.type for each in definition.resources.values()}
    return with_templates(types, files.templates_among(sorted(named)))


def declared_types(definition: StackDefinition) -> dict[tuple[str, str], str]:
    """What a template calls types that mean others, by resource and type."""
    told = {(name, each.type): each.declared_type for name, each in definition.resources.items()}
    return {key: declared for key, declared in told.items() if key[1] != declared}


def _evaluated(definition: StackDefinition, scope: RecordedScope, stack: Stack) -> list[Export]:
    found = []
    for output in definition.outputs.values():
        if output.export is None:
            continue
        try:
            name = definition.evaluate(output.export, scope)
            value = definition.evaluate(output.value, scope)
        except InvalidDocument:
            continue
        if isinstance(name, str):
            found.append(Export(name, value, stack))
    return found


class _Asked(Mapping[str, Value]):
    """Exports of any name, whose values are not known; notes the names asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> Value:
        self.names.add(name)
        return Unknown(f"the export {name}")

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def _evaluate_all(definition: StackDefinition) -> None:
    for part in definition.resources.values():
        for expression in (
            *(part.properties, part.metadata, part.update_policy, part.creation_policy),
        ):
            _evaluate(definition, expression)
    for output in definition.outputs.values():
        _evaluate(definition, output.value)


def _evaluate(definition: StackDefinition, expression: Expression) -> None:
    with contextlib.suppress(InvalidDocument):
        definition.evaluate(expression, AllUnknown())


def template_of(source: Source, environment: Environment) -> Template:
    """The source's template, its loops over the values of ``environment``.

    Raises InvalidDocument.
    """
    template = load_template(source.template, limits=UNLIMITED_SIZE)
    values = loop_values(template, environment)
    return (
        load_template(source.template, limits=UNLIMITED_SIZE, values=values) if values else template
    )


def loop_values(template: Template, environment: Environment) -> dict[str, Value]:
    """Values given for the parameters that loops of the template go over."""
    given = {name: environment.value(name) for name in template.loop_parameters}
    return {name: value for name, (known, value) in given.items() if known}


async def availability_zones(api: CloudApi) -> tuple[str, ...]:
    """Names of the compute service's zones that can be used. Raises RemoteError."""
    answer = await api.call("compute", "GET", "/os-availability-zone")
    return tuple(
        zone["zoneName"]
        for zone in answer["availabilityZoneInfo"]
        if zone.get("zoneState", {}).get("available", True)
    )
