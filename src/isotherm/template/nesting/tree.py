"""Templates inside templates: the tree below a stack, bound and checked as far as it is known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from isotherm.core.diagnostics import Diagnostic, Diagnostics
from isotherm.core.schema import Members, StackProperties
from isotherm.core.values import Unknown, Value
from isotherm.template.binding.binder import try_bind
from isotherm.template.binding.definition import ResourceDefinition, StackDefinition
from isotherm.template.binding.surroundings import NOTHING_OUTSIDE, NothingKnown, Outside
from isotherm.template.document import Path, dotted
from isotherm.template.environments.registry import is_template
from isotherm.template.limits import UNLIMITED_SIZE
from isotherm.template.model import Template
from isotherm.template.nesting.file_types import FileTypes
from isotherm.template.nesting.handing_down import (
    child_environment,
    facade_of,
    known_properties,
    unreadable,
)
from isotherm.template.nesting.substitution import mismatches
from isotherm.template.nesting.ways import TOO_DEEP, TOP, Way
from isotherm.template.parameters import PseudoParameters
from isotherm.template.parsing.loading import parse_template
from isotherm.template.validation.validator import validate

_NESTED_STACK = "nested_stack"
"""How the template of a group's members is called in the way to it."""
_MOST_RESOURCES = 100_000
"""Where operators set no limit, checking still has an end."""


@dataclass(frozen=True, slots=True)
class TreeLimits:
    """``depth`` of templates below the stack's own; ``resources`` of the whole tree (negative:
    no limit)."""

    depth: int = 5
    resources: int = 1000


@dataclass(frozen=True, slots=True)
class NestedStack:
    """The template behind a resource, with the values that the resource gives it, and the
    ``way`` to it."""

    resource: ResourceDefinition
    definition: StackDefinition
    children: Mapping[str, NestedStack] = field(default_factory=dict)
    way: Way = TOP

    def stacks(self) -> Iterator[tuple[StackDefinition, Way]]:
        """The stack and all that is nested in it, each with the way to it."""
        yield self.definition, self.way
        for child in self.children.values():
            yield from child.stacks()

    def behind(self, resource: ResourceDefinition, above: Way) -> NestedStack:
        """The same behind another resource of a stack that lies on the way ``above``."""
        way = above.through(resource, self.way.names[-1])
        children = {name: each.behind(each.resource, way) for name, each in self.children.items()}
        return NestedStack(resource, self.definition, children, way)


@dataclass(frozen=True, slots=True)
class Tree:
    """A stack with all that is nested in it. ``resources`` counts them all, as far as it was
    looked at before a limit was reached."""

    definition: StackDefinition
    children: Mapping[str, NestedStack]
    resources: int

    def stacks(self) -> Iterator[tuple[StackDefinition, Way]]:
        """The stack and all that is nested in it, each with the way to it."""
        yield self.definition, TOP
        for child in self.children.values():
            yield from child.stacks()


def check_tree(
    definition: StackDefinition,
    types: FileTypes,
    limits: TreeLimits,
    *,
    pseudo: PseudoParameters,
    outside: Outside = NOTHING_OUTSIDE,
    now: datetime | None = None,
    complete: bool = False,
) -> tuple[Tree, Diagnostics]:
    """The tree below a definition, and what is wrong with its templates and their values.

    The definition itself is checked, too. With ``now``, dates that must lie ahead of it are
    refused if they do not. If ``complete``, the parameters of templates that stack resources
    name need values.
    """
    walk = _Walk(types, limits, outside, now, complete)
    walk.found.extend(validate(definition, types))
    children = walk.children(definition, pseudo, TOP)
    return Tree(definition, children, walk.resources), walk.found


@dataclass(frozen=True, slots=True)
class _Inside:
    """The template behind a resource.

    ``parameters`` are None where the properties of the resource are its parameters; a
    template that is not ``own`` makes a stack apart from this one.
    """

    way: Way
    template: Template
    parameters: Mapping[str, Value] | None = None
    own: bool = True


@dataclass(frozen=True)
class _FoundRight:
    """A template behind a resource, with all that is nested in it: nothing is wrong there, so
    nothing is where a sibling gives the same to the same template. (Groups have hundreds.)"""

    given: object
    nested: NestedStack
    resources: int

    @cached_property
    def tells_siblings_apart(self) -> bool:
        """Whether anything inside may read the name of its stack."""
        templates = {id(each.template): each.template for each, _ in self.nested.stacks()}
        return any(_mentions_its_name(each) for each in templates.values())


class _Walk:
    def __init__(
        self,
        types: FileTypes,
        limits: TreeLimits,
        outside: Outside,
        now: datetime | None,
        complete: bool,
    ) -> None:
        self.types, self.limits, self.outside = types, limits, outside
        self.now, self.complete = now, complete
        self.found = Diagnostics()
        self.resources = 0
        self.most = limits.resources if limits.resources >= 0 else _MOST_RESOURCES

    def children(
        self, definition: StackDefinition, pseudo: PseudoParameters, way: Way
    ) -> dict[str, NestedStack]:
        self.resources += len(definition.resources)
        nested: dict[str, NestedStack] = {}
        siblings: dict[str, _FoundRight] = {}
        for name, resource in definition.resources.items():
            alike = siblings.get(resource.type) if self.resources <= self.most else None
            if alike is not None and _is_alike(definition, resource, alike):
                nested[name] = alike.nested.behind(resource, way)
                self.resources += alike.resources
                continue
            problems, counted = len(self.found), self.resources
            inside = self._inside(definition, resource, way)
            if inside is None or self.resources > self.most:
                continue
            if len(way.names) >= self.limits.depth:
                self._report([self._too_deep(resource, inside.way)], way)
                continue
            self._report(self._misfits(definition, resource, inside), way)
            inner = replace(pseudo, stack_id="None", stack_name=f"{pseudo.stack_name}-{name}")
            bound = self._bound(definition, resource, inside, inner)
            children = self.children(bound, inner, inside.way)
            if inside.own:
                nested[name] = NestedStack(resource, bound, children, inside.way)
                if len(self.found) == problems:
                    siblings[resource.type] = _FoundRight(
                        _given(definition, resource), nested[name], self.resources - counted
                    )
            else:
                self.resources = counted
        return nested

    def _inside(
        self, parent: StackDefinition, resource: ResourceDefinition, way: Way
    ) -> _Inside | None:
        """What lies behind a resource; None where that is nothing, or cannot be known."""
        if is_template(resource.type):
            template, problems = self.types.template(resource.type)
            way = way.through(resource, resource.type)
            self._report(problems, way)
            return _Inside(way, template) if template else None
        schema = self.types.lookup(resource.type)
        if schema is not None and schema.members is not None:
            return self._members(parent, resource, schema.members, way)
        if schema is None or schema.stack is None:
            return None
        values = known_properties(parent, resource)
        if not isinstance(values, Mapping) or values.get(schema.stack.elsewhere):
            return None
        return self._described(parent, resource, schema.stack, way)

    def _members(
        self, parent: StackDefinition, resource: ResourceDefinition, members: Members, way: Way
    ) -> _Inside | None:
        """The template that a group makes of its properties; whether these are right is
        judged with the group."""
        values = known_properties(parent, resource)
        if not isinstance(values, Mapping):
            return None
        blueprint = members(values, parent.attributes_read.get(resource.name, set()))
        if blueprint is None:
            return None
        # Nobody wrote its lines, so findings in it stand where the group does.
        data = json.loads(blueprint.template)
        template, problems = parse_template(data, file=_NESTED_STACK, limits=UNLIMITED_SIZE)
        way = way.through(resource, _NESTED_STACK)
        self._report(problems, way)
        return _Inside(way, template, blueprint.parameters)

    def _described(
        self,
        parent: StackDefinition,
        resource: ResourceDefinition,
        keys: StackProperties,
        way: Way,
    ) -> _Inside | None:
        """The template that the properties of a resource describe."""
        values = known_properties(parent, resource)
        content = values.get(keys.template or keys.url) if isinstance(values, Mapping) else None
        if not isinstance(values, Mapping) or not isinstance(content, str):
            return None
        if keys.template:
            path = (*resource.properties.path, keys.template)
            name = _file_named(parent.template, path) or dotted(path)
            template, problems = self.types.parsed(content, name)
        else:
            name, (template, problems) = content, self.types.document(content)
        way = way.through(resource, name)
        self._report(problems, way)
        if template is None:
            return None
        given = values.get(keys.parameters)
        if isinstance(given, Unknown):
            given = dict.fromkeys(template.parameters, given)
        return _Inside(way, template, given if isinstance(given, Mapping) else {}, keys.own)

    def _bound(
        self,
        parent: StackDefinition,
        resource: ResourceDefinition,
        inside: _Inside,
        pseudo: PseudoParameters,
    ) -> StackDefinition:
        environment = child_environment(parent, resource, inside.template)
        if inside.parameters is not None:
            environment = replace(environment, parameters=inside.parameters)
        definition, problems = try_bind(
            inside.template,
            environment,
            pseudo=pseudo,
            files=parent.files,
            facade=facade_of(parent, resource, NothingKnown()),
            outside=self.outside,
            types=self.types,
            now=self.now,
            complete=self.complete and inside.parameters is not None,
        )
        self._report(problems, inside.way)
        found: Iterable[Diagnostic] = validate(definition, self.types)
        if inside.way.names[-1] == _NESTED_STACK:
            found = _once_an_output(found)
        self._report(found, inside.way)
        return definition

    def _misfits(
        self, parent: StackDefinition, resource: ResourceDefinition, inside: _Inside
    ) -> Iterator[Diagnostic]:
        """What is wrong between a resource and the template that is its type."""
        if inside.parameters is not None:
            return
        yield from unreadable(parent, resource, inside.template)
        replaced = None
        if resource.declared_type != resource.type:
            replaced = self.types.builtin(resource.declared_type)
        schema = self.types.lookup(resource.type)
        if replaced is None or schema is None:
            return
        for reason in mismatches(replaced, schema):
            yield Diagnostic(
                f"Template {resource.type} cannot stand for {replaced.name}: {reason}",
                resource.position,
                dotted(resource.path),
            )

    def _too_deep(self, resource: ResourceDefinition, way: Way) -> Diagnostic:
        names = way.names
        circle = names[names.index(names[-1]) :]
        text = f"Recursion depth exceeds {self.limits.depth}"
        if len(circle) > 1:
            text = f"{text}: {circle[0]} contains itself"
        return Diagnostic(
            text,
            resource.position,
            dotted(resource.path),
            hint=" → ".join(names),
            error=TOO_DEEP,
        )

    def _report(self, diagnostics: Iterable[Diagnostic], way: Way) -> None:
        self.found.extend(map(way.reported, diagnostics))


def _once_an_output(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """An output of a group reads the same of each member: what one lacks, all lack."""
    told: set[str] = set()
    for each in found:
        output = each.path.rpartition(".")[0]
        if output not in told or not each.path.startswith("outputs."):
            yield each
        told.add(output)


def _given(parent: StackDefinition, resource: ResourceDefinition) -> object:
    """All that the template behind a resource is given; its name is not."""
    return (
        resource.declared_type,
        known_properties(parent, resource),
        facade_of(parent, resource, NothingKnown()),
        parent.attributes_read.get(resource.name),
    )


def _is_alike(parent: StackDefinition, resource: ResourceDefinition, found: _FoundRight) -> bool:
    if parent.environment.registry.resources:
        return False  # it may say something about each by its name
    return _given(parent, resource) == found.given and not found.tells_siblings_apart


def _mentions_its_name(template: Template) -> bool:
    text = json.dumps(template.data, default=str)
    return any(name in text for name in ("OS::stack_name", "AWS::StackName"))


def _file_named(template: Template, path: Path) -> str:
    """The file whose content is the value at ``path``; empty where it is none."""
    data: object = template.data
    for step in path:
        data = data.get(step) if isinstance(data, Mapping) else None
    name = data.get("get_file") if isinstance(data, Mapping) and len(data) == 1 else None
    return name if isinstance(name, str) else ""
