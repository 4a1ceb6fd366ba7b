"""Checks a stack definition against the catalogue of types; all findings at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from isotherm.core.coercion import coerce_properties
from isotherm.core.diagnostics import Diagnostic, Diagnostics, Note, suggest
from isotherm.core.schema import TypeSchema
from isotherm.core.values import Unknown, Value
from isotherm.template.binding.definition import (
    Expression,
    OutputDefinition,
    ResourceDefinition,
    StackDefinition,
    references_in,
    shown_path,
)
from isotherm.template.binding.exports import check_exports
from isotherm.template.binding.surroundings import NothingKnown
from isotherm.template.collector import collector_paused
from isotherm.template.document import Findings, Path
from isotherm.template.environments.registry import is_template
from isotherm.template.expressions import (
    EvaluationError,
    Literal,
    Node,
    Reference,
    walk_active,
)
from isotherm.template.functions.conditions import Choice
from isotherm.template.validation.circles import circles
from isotherm.template.validation.type_names import about_type

COMMON_ATTRIBUTES = frozenset({"show"})
"""Attributes that every type has."""


_Part = ResourceDefinition | OutputDefinition


class TypeCatalogue(Protocol):
    """What resource types there are."""

    def lookup(self, type_name: str) -> TypeSchema | None: ...

    def names(self) -> Collection[str]: ...


def validate(definition: StackDefinition, types: TypeCatalogue) -> Diagnostics:
    """Everything that is wrong with a definition, as far as can be told without a cloud."""
    with collector_paused():
        return _Validator(definition, types).validate()


class _Validator:
    def __init__(self, definition: StackDefinition, types: TypeCatalogue) -> None:
        self.definition, self.types = definition, types
        self.document = definition.template.document
        self.findings = Findings(self.document)
        names = {each.type for each in definition.resources.values()}
        self.schemas = {name: types.lookup(name) for name in names}
        self.around = definition.surroundings.within(NothingKnown())
        self.has_choices = bool({"if", "Fn::If"} & definition.template.functions_called)

    def validate(self) -> Diagnostics:
        for resource in self.definition.resources.values():
            schema = self._schema(resource)
            self._check_references(resource)
            self._check_properties(resource, schema)
            self._check_update_policy(resource, schema)
            self._evaluated(resource.metadata)
            self._check_choices(resource)
        for output in self.definition.outputs.values():
            self._check_references(output)
            self._check_choices(output)
        check_exports(self.definition, self.findings)
        self._check_circles()
        return self.findings.diagnostics

    def _schema(self, resource: ResourceDefinition) -> TypeSchema | None:
        name = resource.type
        schema = self.schemas[name]
        if schema is None and not is_template(name):
            path = (*resource.path, self.definition.template.version.word("type"))
            self.findings.add(
                path,
                f"The Resource Type ({name}) could not be found.",
                hint=about_type(name, self._type_names()),
                error="EntityNotFound",
                notes=self._mapping_of(resource),
            )
        elif schema is None and name not in self.definition.files:
            path = (*resource.path, self.definition.template.version.word("type"))
            hint = suggest(name, self.definition.files) or "send it among the files"
            self.findings.add(path, f"There is no content for the template {name}.", hint=hint)
        return schema

    def _type_names(self) -> list[str]:
        return [*self.types.names(), *self.definition.environment.registry.types]

    def _mapping_of(self, resource: ResourceDefinition) -> tuple[Note, ...]:
        """Where an environment says what stands for the type that the template names."""
        name = resource.declared_type
        place = self.definition.environment.places.get(("resource_registry", name))
        if place is None or name == resource.type:
            return ()
        return (Note(f"{name} is mapped to it here", place.value),)

    def _check_references(self, part: _Part) -> None:
        if not self._reads_what_exists(part):
            for node, root in _expressions(part):
                if type(node) is Literal:
                    continue
                for path, reference in references_in(node, self.around, root):
                    self._check_reference(part, root, path, reference)
        if isinstance(part, ResourceDefinition):
            self._check_depends_on(part)

    def _reads_what_exists(self, part: _Part) -> bool:
        """Whether all is well: finding that out is much cheaper than finding the place."""
        known = self.definition.resources
        if not part.references <= known.keys():
            return False
        return all(
            self._offers(self.schemas[known[name].type], attribute)
            for name, attribute in part.attributes_used
        )

    def _offers(self, schema: TypeSchema | None, attribute: str) -> bool:
        """Whether a type has an attribute, as far as is known of the type."""
        if not attribute or schema is None or attribute in schema.attributes:
            return True
        if attribute in COMMON_ATTRIBUTES or schema.open:
            return True
        return attribute.startswith(schema.attribute_prefixes)

    def _check_reference(self, part: _Part, root: Path, path: Path, reference: Reference) -> None:
        name, attribute = reference
        is_output = isinstance(part, OutputDefinition)
        if is_output and attribute is None and name in self.definition.template.resources:
            # Without its resource, the output has an error and the stack is fine.
            return
        at = self._argument(path, 0)
        shown = shown_path(root, at, self.definition.template)
        if name not in self.definition.resources:
            # Ref may mean a parameter, so clients are not told of a wrong reference.
            is_ref = attribute is None and not self.definition.template.version.is_hot
            strict = not is_output and not is_ref
            self.findings.add(
                at,
                f'The specified reference "{name}" is incorrect.',
                hint=self._about_missing(name),
                error="InvalidTemplateReference" if strict else "StackValidationFailed",
                shown=shown,
            )
            return
        schema = self.schemas[self.definition.resources[name].type]
        if attribute is None or schema is None or self._offers(schema, attribute):
            return
        # Templates that stand for one type may differ: the output has an error then.
        tolerated = is_output and is_template(schema.name)
        self.findings.add(
            self._argument(path, 1),
            f"The Referenced Attribute ({name} {attribute}) is incorrect.",
            hint=suggest(attribute, [*schema.attributes, *COMMON_ATTRIBUTES]),
            shown=shown,
            warning="missing-output" if tolerated else "",
        )

    def _about_missing(self, name: str) -> str:
        template = self.definition.template
        head, dot, rest = name.partition(".")
        if name in template.resources:
            return "the condition of this resource does not hold"
        if template.version.is_hot and name in template.parameters:
            return f"it is a parameter: write get_param: {name}"
        if dot and head in template.resources:
            return f"write [{head}, {rest}]"
        # Ref of AWS-style templates may mean a parameter, too.
        parameters = () if template.version.is_hot else self.definition.parameters
        return suggest(name, [*template.resources, *parameters])

    def _argument(self, path: Path, index: int) -> Path:
        """The place of the argument of the call at ``path``, or of one item of it."""
        data = self.document.at(path)
        if not isinstance(data, dict) or len(data) != 1:
            return path
        ((name, argument),) = data.items()
        return (*path, name, index) if isinstance(argument, list) else (*path, name)

    def _check_depends_on(self, resource: ResourceDefinition) -> None:
        path = (*resource.path, self.definition.template.version.word("depends_on"))
        declared = self.definition.template.resources
        for index, name in enumerate(resource.depends_on):
            if name not in declared:
                written = self.document.at(path)
                self.findings.add(
                    (*path, index) if isinstance(written, list) else path,
                    f'The specified reference "{name}" is incorrect.',
                    hint=suggest(name, declared),
                    error="InvalidTemplateReference",
                )

    def _check_properties(self, resource: ResourceDefinition, schema: TypeSchema | None) -> None:
        expression = resource.properties
        path = ".".join(str(step) for step in expression.path)
        values = self._evaluated(expression, told_as="StackValidationFailed")
        existing = self._evaluated(resource.external_id)
        if schema is None or schema.open or isinstance(values, Unknown):
            return
        if existing:
            return  # what exists already needs no properties
        found = Diagnostics()
        if isinstance(values, Mapping) or values is None:
            known = coerce_properties(schema.properties, values or {}, path, found)
            if not found:
                found.extend(_broken_rules(schema, known, path))
        else:
            found.add(Diagnostic("properties must be a map", path=path))
        self.findings.diagnostics.extend(self.definition.locate(found))

    def _check_update_policy(self, resource: ResourceDefinition, schema: TypeSchema | None) -> None:
        expression = resource.update_policy
        values = self._evaluated(expression, told_as="StackValidationFailed")
        if isinstance(values, Mapping) and schema is not None and not schema.open:
            found = Diagnostics()
            path = ".".join(str(step) for step in expression.path)
            coerce_properties(schema.update_policy, values, path, found)
            self.findings.diagnostics.extend(self.definition.locate(found))

    def _evaluated(self, expression: Expression, *, told_as: str = "") -> Value:
        """The value as far as it can be had: what is wrong inside a map is reported and
        unknown, and the rest of the map is looked at all the same."""
        try:
            return expression.node.evaluate(self.around)
        except EvaluationError as error:
            if parts := expression.fields:
                return {k: self._evaluated(each, told_as=told_as) for k, each in parts.items()}
            if error.error != "InvalidTemplateReference":
                found = self.definition.diagnostic(error, expression.path)
                self.findings.diagnostics.add(replace(found, error=told_as or found.error))
            return Unknown()

    def _check_choices(self, part: _Part) -> None:
        """Conditions that stand inside of values read no resources, so they can be judged."""
        if not self.has_choices:
            return
        for node, root in _expressions(part):
            for path, each in walk_active(node, self.around, root):
                if isinstance(each, Choice):
                    self._check_choice(part, each, (*path, each.name, 0))

    def _check_choice(self, part: _Part, choice: Choice, path: Path) -> None:
        try:
            choice.condition.evaluate(self.around)
        except EvaluationError as error:
            # What else is wrong with properties is told by their evaluation.
            if isinstance(part, OutputDefinition) or error.error == "InvalidTemplateReference":
                self.findings.diagnostics.add(self.definition.diagnostic(error, path))

    def _check_circles(self) -> None:
        edges = {name: each.references for name, each in self.definition.resources.items()}
        for circle in circles(edges):
            path = self.definition.resources[circle[0]].path
            self.findings.add(
                path,
                f"Circular Dependency Found: {' → '.join(circle)}",
                hint="remove one of these references or depends_on entries",
                error="CircularDependencyException",
                key=True,
            )


def _broken_rules(
    schema: TypeSchema, values: Mapping[str, Value], path: str
) -> Iterator[Diagnostic]:
    """What is wrong between the properties of a resource."""
    meant = {schema.properties[name].renamed_to or name: each for name, each in values.items()}
    for where, reason in schema.rules(meant):
        yield Diagnostic(reason, path=f"{path}.{where}".rstrip("."))


def _expressions(part: ResourceDefinition | OutputDefinition) -> list[tuple[Node, Path]]:
    if isinstance(part, OutputDefinition):
        parts = [part.value]
    else:
        parts = [part.properties, part.metadata, part.update_policy, part.external_id]
    return [(each.node, each.path) for each in parts]
