"""What is legal in a template but wrong in practice: warnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from isotherm.core.diagnostics import Diagnostics
from isotherm.core.schema import PropertySchema, SupportStatus
from isotherm.core.values import holds_secret
from isotherm.template.checking import examine
from isotherm.template.definition import (
    Expression,
    ResourceDefinition,
    StackDefinition,
    references_in,
)
from isotherm.template.document import Findings, Path
from isotherm.template.environment import EMPTY_ENVIRONMENT, Environment
from isotherm.template.expressions import Decision, EvaluationError, Literal, Node, walk
from isotherm.template.functions.parameters import GetParam
from isotherm.template.functions.references import ConditionRef, Ref
from isotherm.template.limits import DEFAULT_LIMITS, Limits
from isotherm.template.linting.misplaced_calls import misplaced_calls
from isotherm.template.linting.misread_scalars import misread_scalars
from isotherm.template.model import Template
from isotherm.template.surroundings import NothingKnown
from isotherm.template.validation import TypeCatalogue

_PARAMETER_READERS = (GetParam, Ref, ConditionRef)
_ENDING = ("DEPRECATED", "HIDDEN", "UNSUPPORTED")


def lint(
    source: str,
    types: TypeCatalogue,
    *,
    environment: Environment = EMPTY_ENVIRONMENT,
    files: Mapping[str, str] | None = None,
    file: str = "template",
    limits: Limits = DEFAULT_LIMITS,
) -> Diagnostics:
    """All errors and warnings about a template's text."""
    definition, found = examine(
        source, types, environment=environment, files=files, file=file, limits=limits
    )
    if definition is not None:
        linter = _Linter(definition, types, source)
        linter.look()
        found.extend(linter.findings.diagnostics)
    return found


class _Linter:
    def __init__(self, definition: StackDefinition, types: TypeCatalogue, source: str) -> None:
        self.definition, self.types, self.source = definition, types, source
        self.template: Template = definition.template
        self.word = self.template.version.word
        self.findings = Findings(self.template.document)
        self.around = definition.surroundings.within(NothingKnown())

    def warn(self, name: str, path: Path, text: str, hint: str = "", *, key: bool = False) -> None:
        self.findings.add(path, text, hint=hint, key=key, warning=name)

    def look(self) -> None:
        self._unused_parameters()
        self._fixed_conditions()
        self._shown_secrets()
        for resource in self.definition.resources.values():
            self._repeated_dependencies(resource)
            self._support(resource)
        for path, text, hint in misplaced_calls(self.template.version, self._nodes()):
            self.warn("misplaced-call", path, text, hint, key=True)
        for path, text, hint in misread_scalars(self.definition, self.types, self.source):
            self.warn("misread-scalar", path, text, hint)

    def _nodes(self) -> Iterator[tuple[Path, Node]]:
        for resource in self.template.resources.values():
            for key in ("properties", "metadata", "update_policy", "deletion_policy"):
                yield (*resource.path, self.word(key)), getattr(resource, key)
            yield (*resource.path, "external_id"), resource.external_id
            if resource.condition is not None:
                yield (*resource.path, self.word("condition")), resource.condition
        for output in self.template.outputs.values():
            yield (*output.path, self.word("value")), output.value
            if output.condition is not None:
                yield (*output.path, self.word("condition")), output.condition
        for name, node in self.template.conditions.items():
            yield (self.word("conditions"), name), node

    def _unused_parameters(self) -> None:
        if "Fn::ForEach::" in self.source:
            return  # Loops are written out by now, and what they went over is not seen.
        used: set[str] = set()
        for _, root in self._nodes():
            for _, node in walk(root):
                if isinstance(node, _PARAMETER_READERS):
                    name = node.static_name()
                    if name is None:
                        return  # The name is computed: any parameter may be meant.
                    used.add(name)
        for name, declared in self.template.parameters.items():
            if name not in used:
                self.warn(
                    "unused-parameter", declared.path, f"parameter {name} is never used", key=True
                )

    def _fixed_conditions(self) -> None:
        for name, node in self.template.conditions.items():
            if any(isinstance(part, _PARAMETER_READERS) for _, part in walk(node)):
                continue
            if any(isinstance(part, Decision) and _names(part) for _, part in walk(node)):
                continue
            try:
                value = node.evaluate(self.around)
            except EvaluationError:
                continue
            if isinstance(value, bool):
                path = (self.word("conditions"), name)
                self.warn(
                    "fixed-condition",
                    path,
                    f"condition {name} is always {str(value).lower()}",
                    key=True,
                )

    def _shown_secrets(self) -> None:
        for output in self.definition.outputs.values():
            try:
                value = output.value.node.evaluate(self.around)
            except EvaluationError:
                continue
            if holds_secret(value):
                text = f"output {output.name} shows a hidden parameter"
                self.warn("shown-secret", output.value.path, text, "leave it out of the outputs")

    def _repeated_dependencies(self, resource: ResourceDefinition) -> None:
        read = {
            reference.resource
            for part in (resource.properties, resource.metadata)
            for _, reference in references_in(part.node, self.around)
        }
        listed: set[str] = set()
        for index, name in enumerate(resource.depends_on):
            path = (*resource.path, self.word("depends_on"), index)
            if name in read:
                self.warn(
                    "repeated-dependency",
                    path,
                    f"{resource.name} refers to {name} already",
                    "remove it",
                )
            elif name in listed:
                self.warn("repeated-dependency", path, f"{name} is listed twice", "remove it")
            listed.add(name)

    def _support(self, resource: ResourceDefinition) -> None:
        schema = self.types.lookup(resource.type)
        if schema is None:
            return
        path = (*resource.path, self.word("type"))
        self._status(path, f"type {resource.type}", schema.support)
        self._properties(resource.properties, schema.properties)

    def _properties(
        self, expression: Expression, declared: Mapping[str, PropertySchema], above: str = ""
    ) -> None:
        for name, each in expression.fields.items():
            schema = declared.get(name)
            if schema is None:
                continue
            self._status(each.path, f"property {above}{name}", schema.support, schema.renamed_to)
            if schema.fields:
                self._properties(each, schema.fields, f"{above}{name}.")

    def _status(self, path: Path, what: str, support: SupportStatus, successor: str = "") -> None:
        if support.status in _ENDING:
            since = f" since {support.version}" if support.version else ""
            text = f"{what} is {support.status.lower()}{since}"
            hint = support.message or (f"use {successor}" if successor else "")
            self.warn("deprecated", path, text, hint, key=True)


def _names(decision: Decision) -> bool:
    """Whether a decision looks another condition up."""
    return isinstance(decision.node, Literal) and isinstance(decision.node.value, str)
