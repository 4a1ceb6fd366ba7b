"""Checks a stack definition against the catalogue of types; all findings at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain

from isotherm.core.coercion import coerce_properties
from isotherm.core.concealing import judged
from isotherm.core.creation_policies import SIGNALS, awaits_signals, read_creation_policy
from isotherm.core.diagnostics import Diagnostic, Diagnostics, Note, Severity
from isotherm.core.schema import PropertySchema, TypeSchema
from isotherm.core.suggestions import suggest
from isotherm.core.values import Unknown, Value
from isotherm.template.binding.definition import (
    Expression,
    OutputDefinition,
    ResourceDefinition,
    StackDefinition,
)
from isotherm.template.binding.exports import check_exports
from isotherm.template.binding.siblings import find_sibling
from isotherm.template.binding.surroundings import NothingKnown
from isotherm.template.collector import collector_paused
from isotherm.template.document import Findings, Path, dotted
from isotherm.template.environments.registry import is_template
from isotherm.template.expressions import EvaluationError, walk_active
from isotherm.template.functions.conditions import Choice
from isotherm.template.model import ABSENT_NODE
from isotherm.template.validation.catalogue import TypeCatalogue
from isotherm.template.validation.circles import circles
from isotherm.template.validation.references import Part, ReferenceCheck, expressions
from isotherm.template.validation.type_names import about_type
from isotherm.template.vocabulary.lookalikes import CallHints


def validate(definition: StackDefinition, types: TypeCatalogue) -> Diagnostics:
    """Everything that is wrong with a definition, as far as can be told without a cloud."""
    with collector_paused():
        return _Validator(definition, types).validate()


class _Validator:
    def __init__(self, definition: StackDefinition, types: TypeCatalogue) -> None:
        self.definition, self.types = definition, types
        self.findings = Findings(definition.template.document)
        names = {each.type for each in definition.resources.values()}
        self.schemas = {name: types.lookup(name) for name in names}
        self.around = definition.surroundings.within(NothingKnown())
        self.references = ReferenceCheck(definition, self.schemas, self.around, self.findings)
        self.lookalikes = CallHints(definition.template.version)
        self.has_choices = bool({"if", "Fn::If"} & definition.template.functions_called)

    def validate(self) -> Diagnostics:
        for resource in self.definition.resources.values():
            schema = self._schema(resource)
            self.references.check(resource)
            self._check_properties(resource, schema)
            self._check_update_policy(resource, schema)
            self._check_creation_policy(resource)
            self._evaluated(resource.metadata)
            self._check_choices(resource)
        for output in self.definition.outputs.values():
            self.references.check(output)
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
                hint=self.definition.environment.registry.about(name)
                or about_type(name, self._type_names()),
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

    def _check_properties(self, resource: ResourceDefinition, schema: TypeSchema | None) -> None:
        expression = resource.properties
        path = dotted(expression.path)
        values = self._evaluated(expression, told_as="StackValidationFailed")
        existing = self._evaluated(resource.external_id)
        if schema is None or schema.open or isinstance(values, Unknown):
            return
        if existing:
            return  # what exists already needs no properties
        found = Diagnostics()
        if isinstance(values, Mapping) or values is None:
            known = coerce_properties(schema.properties, values or {}, path, found)
            found = self._hinted(found, values or {}, path)
            if not found:
                found.extend(self._broken_rules(schema, known, path))
        else:
            found.add(Diagnostic("properties must be a map", path=path))
        self.findings.diagnostics.extend(self.definition.locate(found))

    def _broken_rules(
        self, schema: TypeSchema, values: Mapping[str, Value], path: str
    ) -> Iterator[Diagnostic]:
        """What is wrong between the properties of a resource, and with what is beside it."""
        meant = {schema.properties[name].renamed_to or name: each for name, each in values.items()}
        find = partial(find_sibling, self.definition, NothingKnown(), self._properties_of)

        def rules(seen: Mapping[str, Value]) -> Iterable[tuple[str, str]]:
            return chain(schema.rules(seen), schema.rules_among(seen, find))

        for where, reason in judged(rules, meant):
            yield Diagnostic(reason, path=f"{path}.{where}".rstrip("."))

    def _properties_of(self, type_name: str) -> Mapping[str, PropertySchema] | None:
        schema = self.schemas.get(type_name)
        return schema.properties if schema is not None else None

    def _hinted(self, found: Diagnostics, values: Mapping[str, Value], path: str) -> Diagnostics:
        """The same, and of a map in the place of a value, if it was meant to be a call."""
        hinted = Diagnostics()
        for each in found:
            key = _only_key(values, each.path.removeprefix(f"{path}."))
            about = self.lookalikes.about(key) if key and not each.hint else ""
            hint = f"{key} is plain data here; {about}" if about else each.hint
            hinted.add(replace(each, hint=hint))
        return hinted

    def _check_update_policy(self, resource: ResourceDefinition, schema: TypeSchema | None) -> None:
        expression = resource.update_policy
        told_as, unread = "StackValidationFailed", schema is not None and schema.open
        values = self._evaluated(expression, told_as=told_as, slip=unread)
        if isinstance(values, Mapping) and schema is not None and not schema.open:
            found = Diagnostics()
            path = dotted(expression.path)
            known = coerce_properties(schema.update_policy, values, path, found)
            if not found:
                for where, reason in schema.update_rules(known):
                    found.add(Diagnostic(reason, path=f"{path}.{where}"))
            self.findings.diagnostics.extend(self.definition.locate(found))

    def _check_creation_policy(self, resource: ResourceDefinition) -> None:
        """One that asks for no signals has no effect."""
        expression = resource.creation_policy
        if expression.node is ABSENT_NODE:
            return
        said = self._evaluated(expression, told_as="StackValidationFailed")
        text, severity = "", Severity.ERROR
        try:
            read_creation_policy(said)
        except ValueError as error:
            text = str(error)
        if not awaits_signals(said) and not isinstance(said, Unknown):
            text, severity = f"it has no effect without {SIGNALS}", Severity.SLIP
        if text:
            found = self.definition.diagnostic(EvaluationError(text), expression.path)
            self.findings.diagnostics.add(replace(found, severity=severity))

    def _evaluated(self, expression: Expression, *, told_as: str = "", slip: bool = False) -> Value:
        """The value as far as it can be had: what is wrong inside a map is reported and
        unknown, and the rest of the map is looked at all the same. Mistakes in what nobody
        will look at are a ``slip``."""
        try:
            return expression.node.evaluate(self.around)
        except EvaluationError as error:
            if parts := expression.fields:
                return {
                    k: self._evaluated(each, told_as=told_as, slip=slip)
                    for k, each in parts.items()
                }
            if error.error != "InvalidTemplateReference":
                found = self.definition.diagnostic(error, expression.path)
                severity = Severity.SLIP if slip else found.severity
                found = replace(found, error=told_as or found.error, severity=severity)
                self.findings.diagnostics.add(found)
            return Unknown()

    def _check_choices(self, part: Part) -> None:
        """Conditions that stand inside of values read no resources, so they can be judged."""
        if not self.has_choices:
            return
        for node, root in expressions(part):
            for path, each in walk_active(node, self.around, root):
                if isinstance(each, Choice):
                    self._check_choice(part, each, (*path, each.name, 0))

    def _check_choice(self, part: Part, choice: Choice, path: Path) -> None:
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


def _only_key(values: Value, path: str) -> str:
    """The key of the map with one key at ``path``; empty if there is something else."""
    for step in path.split("."):
        if isinstance(values, Mapping):
            values = values.get(step)
        elif isinstance(values, list) and step.isdecimal() and int(step) < len(values):
            values = values[int(step)]
        else:
            return ""
    return str(next(iter(values))) if isinstance(values, Mapping) and len(values) == 1 else ""
