"""Binds a template to an environment: parameters resolved, conditions applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from isotherm.core.diagnostics import Diagnostics, Severity
from isotherm.core.states import DeletionPolicy
from isotherm.core.suggestions import suggest
from isotherm.core.values import (
    Unknown,
    Value,
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
from isotherm.template.binding.parameter_binder import ParameterBinder
from isotherm.template.binding.surroundings import NOTHING_OUTSIDE, BoundSurroundings, Outside
from isotherm.template.collector import collector_paused
from isotherm.template.document import Findings, Path
from isotherm.template.environments.environment import Environment
from isotherm.template.environments.registry import Types
from isotherm.template.expressions import EvaluationError, Literal, Node, Refused, walk_active
from isotherm.template.model import DeclaredOutput, DeclaredResource, Template
from isotherm.template.parameters import (
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
    types: Types | None = None,
    now: datetime | None = None,
    complete: bool = True,
    resources: bool = True,
) -> StackDefinition:
    """The stack that a template describes with the values of an environment.

    ``previous`` are the parameter values of the stack so far: immutable ones must
    not change. ``facade`` is what a nested template sees of the resource that it
    stands behind, ``outside`` what lies outside the stack, ``types`` which types there are, as far
    as that is known. With ``now``, dates that must
    lie ahead of it are refused if they do not. Unless ``complete``, parameters without a
    value are unknown instead of missing. For who only evaluates outputs there need be no
    ``resources``. Raises ``InvalidDocument`` with all diagnostics.
    """
    definition, found = try_bind(
        template,
        environment,
        pseudo=pseudo,
        files=files,
        previous=previous,
        facade=facade,
        outside=outside,
        types=types,
        now=now,
        complete=complete,
        resources=resources,
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
    types: Types | None = None,
    now: datetime | None = None,
    complete: bool = False,
    resources: bool = True,
) -> tuple[StackDefinition, Diagnostics]:
    """The stack as far as the values allow, for checking; with what is wrong with them."""
    findings = Findings(template.document)
    values = ParameterBinder(
        template, environment, findings, previous=previous or {}, now=now, complete=complete
    )
    with collector_paused():
        parameters = pseudo.values(hot=template.version.is_hot) | values.bind()
        around = BoundSurroundings(template, parameters, files, facade, outside)
        binder = _Binder(template, environment, around, findings)
        definition = binder.bind(parameters, files, types, resources=resources)
    return definition, findings.diagnostics


class _Binder:
    def __init__(
        self,
        template: Template,
        environment: Environment,
        around: BoundSurroundings,
        findings: Findings,
    ) -> None:
        self.template, self.environment = template, environment
        self.around, self.findings = around, findings

    def bind(
        self,
        parameters: Mapping[str, Value],
        files: Mapping[str, str],
        types: Types | None,
        *,
        resources: bool,
    ) -> StackDefinition:
        template = self.template
        self._check_rules()
        kept = [each for each in template.resources.values() if self._holds(each)]
        self.around.keep_resources({each.name for each in kept})
        shown = [each for each in template.outputs.values() if self._holds(each)]
        return StackDefinition(
            template=template,
            environment=self.environment,
            files=files,
            parameters=parameters,
            resources={each.name: self._resource(each, types) for each in kept if resources},
            outputs={each.name: self._output(each) for each in shown},
            surroundings=self.around,
        )

    def _check_rules(self) -> None:
        for rule in self.template.rules:
            at = (*rule.path, "RuleCondition")
            if rule.condition and self._truth(rule.condition, at) is not True:
                continue
            for assertion in rule.assertions:
                if self._truth(assertion.node, assertion.path) is False:
                    text = f'Rule "{rule.name}" is broken: {assertion.description}'
                    self.findings.add(assertion.path, text)

    def _truth(self, node: Node, path: Path) -> bool | None:
        """What a condition comes to; None while it is unknown or where it is wrong."""
        try:
            value = node.evaluate(self.around)
        except EvaluationError as error:
            self._report(error, path)
            return None
        return None if isinstance(value, Unknown) else value is not False

    def _holds(self, part: DeclaredResource | DeclaredOutput) -> bool:
        """Whether the part exists; where that cannot be known yet, it does."""
        if part.condition is None:
            return True
        try:
            return part.condition.evaluate(self.around) is not False
        except EvaluationError as error:
            self._report(error, (*part.path, self.template.version.word("condition")))
            return True

    def _resource(self, declared: DeclaredResource, types: Types | None) -> ResourceDefinition:
        nodes = {
            "properties": declared.properties,
            "metadata": declared.metadata,
            "update_policy": declared.update_policy,
            "creation_policy": declared.creation_policy,
            "external_id": declared.external_id,
        }
        parts = {key: self._expression(declared.path, key, node) for key, node in nodes.items()}
        self._check_calls(*nodes.values(), declared.deletion_policy)
        names, attributes = _reads(self.around, *nodes.values(), declared.deletion_policy)
        names |= {each for each in declared.depends_on if self.around.has_resource(each)}
        return ResourceDefinition(
            name=declared.name,
            type=self.environment.registry.resolve(declared.type, declared.name, types),
            declared_type=declared.type,
            path=declared.path,
            document=self.template.document,
            deletion_policy=self._deletion_policy(declared),
            depends_on=declared.depends_on,
            references=frozenset(names),
            attributes_used=frozenset(attributes),
            description=declared.description,
            **parts,
        )

    def _check_calls(self, *nodes: Node) -> None:
        """Refuses wrong calls as far as they are looked at."""
        if not self.template.flawed:
            return
        for node in nodes:
            for _, part in walk_active(node, self.around):
                if isinstance(part, Refused) and part.flaw is not None:
                    told = replace(part.flaw, severity=Severity.ERROR)
                    self.findings.diagnostics.add(told)

    def _expression(self, path: Path, key: str, node: Node) -> Expression:
        word = key if key == "external_id" else self.template.version.word(key)
        return Expression(node, (*path, word))

    def _deletion_policy(self, declared: DeclaredResource) -> DeletionPolicy:
        path = (*declared.path, self.template.version.word("deletion_policy"))
        if any(references_in(declared.deletion_policy, self.around)):
            self.findings.add(path, "a deletion policy cannot depend on resources")
            return DeletionPolicy.DELETE
        try:
            value = declared.deletion_policy.evaluate(self.around)
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

    def _output(self, declared: DeclaredOutput) -> OutputDefinition:
        self._check_calls(declared.value)
        names, attributes = _reads(self.around, declared.value)
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
                attributes.add(AttributeUse(reference.resource, reference.attribute, reference.key))
    return names, attributes
