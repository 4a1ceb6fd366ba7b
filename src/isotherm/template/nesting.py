"""Templates inside templates: the tree below a stack, bound and checked as far as it is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from isotherm.core.diagnostics import Diagnostic, Diagnostics, InvalidDocument
from isotherm.core.schema import TypeSchema
from isotherm.core.values import Unknown, Value, first_unknown, reveal
from isotherm.template.binding import try_bind
from isotherm.template.definition import ResourceDefinition, StackDefinition
from isotherm.template.environment import Environment
from isotherm.template.expressions import Scope
from isotherm.template.limits import DEFAULT_LIMITS, Limits
from isotherm.template.loading import parse_template
from isotherm.template.model import Template
from isotherm.template.nested import schema_of_template
from isotherm.template.parameters import ParameterDeclaration, ParameterValueError, PseudoParameters
from isotherm.template.registry import is_template
from isotherm.template.surroundings import NOTHING_OUTSIDE, NothingKnown, Outside
from isotherm.template.validation import TypeCatalogue, validate

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
    """The template behind a resource, with the values that the resource gives it."""

    resource: ResourceDefinition
    definition: StackDefinition
    children: Mapping[str, NestedStack] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tree:
    """A stack with all that is nested in it. ``resources`` counts them all, as far as it was
    looked at before a limit was reached."""

    definition: StackDefinition
    children: Mapping[str, NestedStack]
    resources: int


class FileTypes:
    """A catalogue in which the templates among a request's files are types, too."""

    def __init__(
        self,
        types: TypeCatalogue,
        files: Mapping[str, str],
        *,
        base_url: str = "",
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._types, self._files, self._limits = types, files, limits
        self._base = f"{base_url.rstrip('/')}/" if base_url else ""
        self._read: dict[str, tuple[Template | None, Diagnostics]] = {}

    def template(self, type_name: str) -> tuple[Template | None, Diagnostics]:
        """The template that a type is, as far as it can be understood, and what is wrong with
        it; no template and nothing wrong where the type is none of the files."""
        if type_name not in self._read:
            self._read[type_name] = self._parsed(type_name)
        return self._read[type_name]

    def _parsed(self, type_name: str) -> tuple[Template | None, Diagnostics]:
        found = Diagnostics()
        # Clients that resolve the base themselves send the bare name.
        names = (type_name, type_name.removeprefix(self._base))
        name = next((each for each in names if is_template(each) and each in self._files), None)
        if name is None:
            return None, found
        try:
            template, problems = parse_template(self._files[name], file=name, limits=self._limits)
        except InvalidDocument as invalid:
            found.extend(_placed(each, name) for each in invalid.diagnostics)
            return None, found
        found.extend(problems)
        return template, found

    def lookup(self, type_name: str) -> TypeSchema | None:
        template, problems = self.template(type_name)
        if template is not None:
            return schema_of_template(type_name, template)
        if len(problems):
            # What is wrong is said of the file; what it would offer cannot be told.
            return TypeSchema(type_name, {}, {}, open=True)
        return self._types.lookup(type_name)

    def templates_among(self, names: Iterable[str]) -> dict[str, tuple[TypeSchema, str]]:
        """Schema and text of those types that are templates."""
        found = ((name, self.template(name)[0]) for name in names)
        return {
            name: (schema_of_template(name, each), self._files[each.file])
            for name, each in found
            if each is not None
        }

    def names(self) -> Collection[str]:
        return [*self._types.names(), *filter(is_template, self._files)]


def _placed(diagnostic: Diagnostic, file: str) -> Diagnostic:
    """Names the file in a finding that has no position in it."""
    if diagnostic.position is not None:
        return diagnostic
    return Diagnostic(
        f"{file}: {diagnostic.text}",
        None,
        diagnostic.path,
        diagnostic.hint,
        diagnostic.severity,
        diagnostic.error,
    )


def check_tree(
    definition: StackDefinition,
    types: FileTypes,
    limits: TreeLimits,
    *,
    pseudo: PseudoParameters,
    outside: Outside = NOTHING_OUTSIDE,
) -> tuple[Tree, Diagnostics]:
    """The tree below a definition, and what is wrong with its templates and their values.

    The definition itself is checked, too.
    """
    walk = _Walk(types, limits, outside)
    walk.found.extend(validate(definition, types))
    children = walk.children(definition, pseudo, ())
    return Tree(definition, children, walk.resources), walk.found


class _Walk:
    def __init__(self, types: FileTypes, limits: TreeLimits, outside: Outside) -> None:
        self.types, self.limits, self.outside = types, limits, outside
        self.found = Diagnostics()
        self.resources = 0
        self.most = limits.resources if limits.resources >= 0 else _MOST_RESOURCES

    def children(
        self, definition: StackDefinition, pseudo: PseudoParameters, above: tuple[str, ...]
    ) -> dict[str, NestedStack]:
        self.resources += len(definition.resources)
        nested: dict[str, NestedStack] = {}
        for name, resource in definition.resources.items():
            template, problems = self.types.template(resource.type)
            self.found.extend(problems)
            if template is None or self.resources > self.most:
                continue
            if len(above) >= self.limits.depth:
                self._too_deep(resource, (*above, resource.type))
                continue
            below = PseudoParameters(
                "None", f"{pseudo.stack_name}-{name}", pseudo.region, pseudo.project_id
            )
            bound = self._bound(definition, resource, template, below)
            children = self.children(bound, below, (*above, resource.type))
            nested[name] = NestedStack(resource, bound, children)
        return nested

    def _bound(
        self,
        parent: StackDefinition,
        resource: ResourceDefinition,
        template: Template,
        pseudo: PseudoParameters,
    ) -> StackDefinition:
        definition, problems = try_bind(
            template,
            child_environment(parent, resource, template),
            pseudo=pseudo,
            files=parent.files,
            facade=facade_of(parent, resource, NothingKnown()),
            outside=self.outside,
        )
        self.found.extend(problems)
        self.found.extend(validate(definition, self.types))
        return definition

    def _too_deep(self, resource: ResourceDefinition, names: tuple[str, ...]) -> None:
        circle = names[names.index(names[-1]) :]
        text = f"Recursion depth exceeds {self.limits.depth}"
        if len(circle) > 1:
            text = f"{text}: {circle[0]} contains itself"
        self.found.add(
            Diagnostic(
                text,
                resource.position,
                ".".join(map(str, resource.path)),
                hint=" → ".join(names),
                error="RequestLimitExceeded",
            )
        )


def child_environment(
    parent: StackDefinition, resource: ResourceDefinition, template: Template
) -> Environment:
    """The environment of the template behind a resource: properties are its parameters."""
    environment = parent.environment
    return Environment(
        parameters=dict(_properties(parent, resource, template)),
        parameter_defaults=environment.parameter_defaults,
        registry=environment.registry.nested(resource.name, resource.type),
    )


def _properties(
    parent: StackDefinition, resource: ResourceDefinition, template: Template
) -> Iterator[tuple[str, Value]]:
    """Values that fit; what is wrong with the others is found where they are given."""
    values = _evaluated(parent, resource)
    for name, declared in template.parameters.items():
        if isinstance(values, Unknown):
            yield name, Unknown(resource.name)
        elif isinstance(values, Mapping) and name in values:
            yield name, values[name] if _fits(declared, values[name]) else Unknown(resource.name)


def _evaluated(parent: StackDefinition, resource: ResourceDefinition) -> Value:
    try:
        return parent.evaluate(resource.properties, NothingKnown())
    except InvalidDocument:
        return Unknown(resource.name)


def _fits(declared: ParameterDeclaration, value: Value) -> bool:
    if value is None or first_unknown(value) is not None:
        return True
    try:
        return declared.violation(declared.convert(reveal(value))) is None
    except ParameterValueError:
        return False


def facade_of(
    parent: StackDefinition, resource: ResourceDefinition, scope: Scope
) -> dict[str, Value]:
    """What ``resource_facade`` gives inside the template behind a resource."""
    facade: dict[str, Value] = {"deletion_policy": resource.deletion_policy.value}
    for part in ("metadata", "update_policy"):
        try:
            facade[part] = parent.evaluate(getattr(resource, part), scope) or {}
        except InvalidDocument:
            facade[part] = Unknown(resource.name)
    return facade
