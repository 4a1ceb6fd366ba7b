"""Binds a template to an environment: parameters resolved, conditions applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from isotherm.core.constraints import near_allowed
from isotherm.core.diagnostics import Diagnostic, Diagnostics, Note, Position, suggest
from isotherm.core.states import DeletionPolicy
from isotherm.core.values import (
    Secret,
    Unknown,
    Value,
    first_unknown,
    holds_secret,
    reveal,
)
from isotherm.template.binding.definition import (
    AttributeUse,
    Expression,
    OutputDefinition,
    ResourceDefinition,
    StackDefinition,
    references_in,
    shown_path,
)
from isotherm.template.binding.surroundings import NOTHING_OUTSIDE, BoundSurroundings, Outside
from isotherm.template.collector import collector_paused
from isotherm.template.document import Findings, Path, dotted
from isotherm.template.environments.environment import Environment
from isotherm.template.expressions import EvaluationError, Literal, Node
from isotherm.template.model import DeclaredOutput, DeclaredResource, Template
from isotherm.template.parameters import (
    ParameterDeclaration,
    ParameterValueError,
    PseudoParameters,
)

_STAND_IN = PseudoParameters("stack-id", "stack", "region", "project-id")
"""For checks that belong to no stack."""


def bind(
    template: Template,
    environment: Environment,
    *,
    pseudo: PseudoParameters,
    files: Mapping[str, str],
    previous: Mapping[str, Value] | None = None,
    facade: Mapping[str, Value] | None = None,
    outside: Outside = NOTHING_OUTSIDE,
    now: datetime | None = None,
    complete: bool = True,
) -> StackDefinition:
    """The stack that a template describes with the values of an environment.

    ``previous`` are the parameter values of the stack so far: immutable ones must
    not change. ``facade`` is what a nested template sees of the resource that it
    stands behind, ``outside`` what lies outside the stack. With ``now``, dates that must
    lie ahead of it are refused if they do not. Unless ``complete``, parameters without a
    value are unknown instead of missing. Raises ``InvalidDocument`` with all diagnostics.
    """
    definition, found = try_bind(
        template,
        environment,
        pseudo=pseudo,
        files=files,
        previous=previous,
        facade=facade,
        outside=outside,
        now=now,
        complete=complete,
    )
    found.raise_errors()
    return definition


def try_bind(
    template: Template,
    environment: Environment,
    *,
    files: Mapping[str, str],
    pseudo: PseudoParameters = _STAND_IN,
    previous: Mapping[str, Value] | None = None,
    facade: Mapping[str, Value] | None = None,
    outside: Outside = NOTHING_OUTSIDE,
    now: datetime | None = None,
    complete: bool = False,
) -> tuple[StackDefinition, Diagnostics]:
    """The stack as far as the values allow, for checking; with what is wrong with them."""
    binder = _Binder(template, environment, files, now)
    with collector_paused():
        parameters = binder.parameters(pseudo, previous or {}, complete)
        around = BoundSurroundings(template, parameters, files, facade, outside)
        definition = binder.bind(parameters, around)
    return definition, binder.findings.diagnostics


class _Binder:
    def __init__(
        self,
        template: Template,
        environment: Environment,
        files: Mapping[str, str],
        now: datetime | None,
    ) -> None:
        self.template, self.environment, self.files, self.now = template, environment, files, now
        self.findings = Findings(template.document)

    def parameters(
        self, pseudo: PseudoParameters, previous: Mapping[str, Value], complete: bool
    ) -> dict[str, Value]:
        values = pseudo.values(hot=self.template.version.is_hot)
        self._refuse_unknown()
        values.update(self._parameters(previous, complete))
        for name in self.template.unreadable_parameters:
            values[name] = Unknown(f"parameter {name}")
        return values

    def bind(self, parameters: Mapping[str, Value], around: BoundSurroundings) -> StackDefinition:
        template = self.template
        self._check_rules(around)
        kept = [each for each in template.resources.values() if self._holds(around, each)]
        around.keep_resources({each.name for each in kept})
        shown = [each for each in template.outputs.values() if self._holds(around, each)]
        return StackDefinition(
            template=template,
            environment=self.environment,
            files=self.files,
            parameters=parameters,
            resources={each.name: self._resource(around, each) for each in kept},
            outputs={each.name: self._output(around, each) for each in shown},
            surroundings=around,
        )

    def _parameters(
        self, previous: Mapping[str, Value], complete: bool
    ) -> Iterator[tuple[str, Value]]:
        for name, declared in self.template.parameters.items():
            given, raw = self.environment.value(name)
            if first_unknown(raw) is not None:
                yield name, raw
                continue
            if given:
                value = self._converted(declared, reveal(raw))
            elif declared.required or declared.default is None:
                if complete:
                    self._missing(declared)
                yield name, Unknown(f"parameter {name}")
                continue
            else:
                value = self._default(declared, complete)
            if declared.immutable and name in previous and previous[name] != value:
                text = f"The following parameters are immutable and may not be updated: {name}"
                self.findings.add(declared.path, text, error="ImmutableParameterModified", key=True)
            yield name, Secret(value) if declared.hidden or holds_secret(raw) else value

    def _missing(self, declared: ParameterDeclaration) -> None:
        self.findings.add(
            declared.path,
            f"The Parameter ({declared.name}) was not provided.",
            hint="give it a value or a default",
            error="UserParameterMissing",
            key=True,
        )

    def _converted(self, declared: ParameterDeclaration, raw: Value) -> Value:
        """The typed value of what somebody gave."""
        try:
            value = declared.convert(raw)
            reason = declared.violation(value, self.now)
        except ParameterValueError as error:
            value, reason = raw, str(error)
        if reason:
            near = near_allowed(declared.constraints, raw)
            reason = f"{reason} ({near})" if near and not declared.hidden else reason
            self._refuse_value(declared, reason, self.environment.place(declared.name).value)
            return Unknown(f"parameter {declared.name}")
        return value

    def _default(self, declared: ParameterDeclaration, complete: bool) -> Value:
        """The typed default; what is wrong with it whoever uses it, its declaration told."""
        try:
            value = declared.convert(declared.default)
            told = declared.flaw_of_default()
            reason = None if told else declared.violation(value, self.now)
        except ParameterValueError as error:
            value, reason = Unknown(f"parameter {declared.name}"), f"the default {error}"
        if reason and complete:
            self._refuse_value(declared, reason)
        return value

    def _refuse_value(
        self, declared: ParameterDeclaration, reason: str, given: Position | None = None
    ) -> None:
        """Refuses a value where it was given, or where its parameter is declared."""
        text = f"Parameter '{declared.name}' is invalid: {reason}"
        if given is None:
            self.findings.add(declared.path, text, key=True)
            return
        declaration = self.template.document.position(declared.path, key=True)
        note = Note("the parameter is declared here", declaration)
        path = dotted(declared.path)
        self.findings.diagnostics.add(Diagnostic(text, given, path, notes=(note,)))

    def _refuse_unknown(self) -> None:
        known = self.template.parameters
        for name in self.environment.parameters:
            if name not in known and name not in self.template.unreadable_parameters:
                # Not the template's fault, so it has no position there.
                self.findings.diagnostics.add(
                    Diagnostic(
                        f"The Parameter ({name}) was not defined in template.",
                        self.environment.place(name).key,
                        path=f"parameters.{name}",
                        hint=suggest(name, known),
                        error="UnknownUserParameter",
                    )
                )

    def _check_rules(self, around: BoundSurroundings) -> None:
        for rule in self.template.rules:
            if rule.condition and self._truth(around, rule.condition, rule.path) is not True:
                continue
            for assertion in rule.assertions:
                if self._truth(around, assertion.node, assertion.path) is False:
                    text = f'Rule "{rule.name}" is broken: {assertion.description}'
                    self.findings.add(assertion.path, text)

    def _truth(self, around: BoundSurroundings, node: Node, path: Path) -> bool | None:
        """What a condition comes to; None while it is unknown or where it is wrong."""
        try:
            value = node.evaluate(around)
        except EvaluationError as error:
            self._report(error, path)
            return None
        return None if isinstance(value, Unknown) else value is not False

    def _holds(self, around: BoundSurroundings, part: DeclaredResource | DeclaredOutput) -> bool:
        """Whether the part exists; where that cannot be known yet, it does."""
        if part.condition is None:
            return True
        try:
            return part.condition.evaluate(around) is not False
        except EvaluationError as error:
            self._report(error, (*part.path, self.template.version.word("condition")))
            return True

    def _resource(
        self, around: BoundSurroundings, declared: DeclaredResource
    ) -> ResourceDefinition:
        nodes = {
            "properties": declared.properties,
            "metadata": declared.metadata,
            "update_policy": declared.update_policy,
            "external_id": declared.external_id,
        }
        parts = {key: self._expression(declared.path, key, node) for key, node in nodes.items()}
        names, attributes = _reads(around, *nodes.values(), declared.deletion_policy)
        names |= {each for each in declared.depends_on if around.has_resource(each)}
        return ResourceDefinition(
            name=declared.name,
            type=self.environment.registry.resolve(declared.type, declared.name),
            declared_type=declared.type,
            path=declared.path,
            document=self.template.document,
            deletion_policy=self._deletion_policy(around, declared),
            depends_on=declared.depends_on,
            references=frozenset(names),
            attributes_used=frozenset(attributes),
            description=declared.description,
            **parts,
        )

    def _expression(self, path: Path, key: str, node: Node) -> Expression:
        word = key if key == "external_id" else self.template.version.word(key)
        return Expression(node, (*path, word))

    def _deletion_policy(
        self, around: BoundSurroundings, declared: DeclaredResource
    ) -> DeletionPolicy:
        path = (*declared.path, self.template.version.word("deletion_policy"))
        if any(references_in(declared.deletion_policy, around)):
            self.findings.add(path, "a deletion policy cannot depend on resources")
            return DeletionPolicy.DELETE
        try:
            value = declared.deletion_policy.evaluate(around)
        except EvaluationError as error:
            self._report(error, path)
            return DeletionPolicy.DELETE
        if value is None or isinstance(value, Unknown):
            return DeletionPolicy.DELETE
        policies = self.template.version.deletion_policies
        if isinstance(value, str) and value in policies:
            return policies[value]
        self.findings.add(
            path,
            f'Invalid deletion policy "{value}"',
            hint=suggest(str(value), policies) or f"one of {', '.join(policies)}",
        )
        return DeletionPolicy.DELETE

    def _output(self, around: BoundSurroundings, declared: DeclaredOutput) -> OutputDefinition:
        names, attributes = _reads(around, declared.value)
        name_path = (*declared.path, "Export", "Name")
        return OutputDefinition(
            name=declared.name,
            value=self._expression(declared.path, "value", declared.value),
            description=declared.description,
            references=frozenset(names),
            attributes_used=frozenset(attributes),
            export=Expression(declared.export, name_path) if declared.export else None,
        )

    def _report(self, error: EvaluationError, root: Path) -> None:
        root = error.root or root
        path = (*root, *error.path)
        self.findings.add(
            path,
            error.text,
            hint=error.hint,
            error=error.error,
            shown=shown_path(root, path, self.template),
        )


def _reads(around: BoundSurroundings, *nodes: Node) -> tuple[set[str], set[AttributeUse]]:
    """Names of the resources that expressions read, and the attributes among that."""
    names: set[str] = set()
    attributes: set[AttributeUse] = set()
    for node in nodes:
        if type(node) is Literal:
            continue
        for _, reference in references_in(node, around):
            names.add(reference.resource)
            if reference.attribute is not None:
                attributes.add((reference.resource, reference.attribute))
    return names, attributes
