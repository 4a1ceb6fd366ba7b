"""What is legal in a template but wrong in practice: warnings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from isotherm.core.diagnostics import Diagnostics, InvalidDocument, Severity
from isotherm.core.schema import PropertySchema, SupportStatus
from isotherm.core.values import holds_secret
from isotherm.template.binding import try_bind
from isotherm.template.checking import check
from isotherm.template.definition import ResourceDefinition, StackDefinition, references_in
from isotherm.template.document import Findings, Mark, Path
from isotherm.template.environment import EMPTY_ENVIRONMENT, Environment
from isotherm.template.expressions import (
    Decision,
    EvaluationError,
    Literal,
    Node,
    walk,
)
from isotherm.template.functions.parameters import GetParam
from isotherm.template.functions.references import Ref
from isotherm.template.functions.registry import ENTRIES
from isotherm.template.limits import DEFAULT_LIMITS, Limits
from isotherm.template.loading import parse_template
from isotherm.template.model import Template
from isotherm.template.surroundings import NothingKnown
from isotherm.template.validation import TypeCatalogue

_CHANGED_BY_YAML = re.compile(r"[-+]?(?:0[0-7_]+|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)")
_WORDS = {"yes", "no", "on", "off"}


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
    options: dict[str, Any] = {"file": file, "limits": limits}
    found = check(source, types, environment=environment, files=files, **options)
    try:
        template, _ = parse_template(source, **options)
    except InvalidDocument:
        return found
    definition, _ = try_bind(template, environment, files=files or {})
    linter = _Linter(definition, types, source)
    linter.look()
    found.extend(linter.findings.diagnostics)
    return found


class _Linter:
    def __init__(self, definition: StackDefinition, types: TypeCatalogue, source: str) -> None:
        self.definition, self.types = definition, types
        self.template: Template = definition.template
        self.lines = source.splitlines()
        self.findings = Findings(self.template.document)
        self.around = definition.surroundings.within(NothingKnown())

    def warn(self, path: Path, text: str, hint: str = "", *, key: bool = False) -> None:
        self.findings.add(path, text, hint=hint, key=key, severity=Severity.WARNING)

    def look(self) -> None:
        self._unused_parameters()
        self._fixed_conditions()
        self._shown_secrets()
        for resource in self.definition.resources.values():
            self._repeated_dependencies(resource)
            self._support(resource)
        self._unknown_functions()
        if self.template.document.mark is not None:
            self._changed_scalars(self.template.document.mark, self.template.data, ())

    def _nodes(self) -> Iterator[tuple[Path, Node]]:
        template = self.template
        for resource in template.resources.values():
            for key in ("properties", "metadata", "update_policy", "deletion_policy"):
                yield (*resource.path, template.version.word(key)), getattr(resource, key)
            yield (*resource.path, "external_id"), resource.external_id
            if resource.condition is not None:
                yield (*resource.path, template.version.word("condition")), resource.condition
        for output in template.outputs.values():
            yield (*output.path, template.version.word("value")), output.value
            if output.condition is not None:
                yield (*output.path, template.version.word("condition")), output.condition
        for name, node in template.conditions.items():
            yield (template.version.word("conditions"), name), node

    def _unused_parameters(self) -> None:
        used: set[str] = set()
        for _, root in self._nodes():
            for _, node in walk(root):
                if isinstance(node, (GetParam, Ref)):
                    name = node.static_name()
                    if name is None:
                        return  # The name is computed: any parameter may be meant.
                    used.add(name)
        for name, declared in self.template.parameters.items():
            if name not in used:
                self.warn(declared.path, f"parameter {name} is never used", key=True)

    def _fixed_conditions(self) -> None:
        for name, node in self.template.conditions.items():
            if any(isinstance(part, (GetParam, Ref)) for _, part in walk(node)):
                continue
            if any(isinstance(part, Decision) and _names(part) for _, part in walk(node)):
                continue
            try:
                value = node.evaluate(self.around)
            except EvaluationError:
                continue
            path = (self.template.version.word("conditions"), name)
            self.warn(path, f"condition {name} is always {str(value).lower()}", key=True)

    def _shown_secrets(self) -> None:
        for output in self.definition.outputs.values():
            try:
                value = output.value.node.evaluate(self.around)
            except EvaluationError:
                continue
            if holds_secret(value):
                text = f"output {output.name} shows a hidden parameter"
                self.warn(output.value.path, text, "leave it out of the outputs")

    def _repeated_dependencies(self, resource: ResourceDefinition) -> None:
        read = {
            reference.resource
            for part in (resource.properties, resource.metadata)
            for _, reference in references_in(part.node, self.around)
        }
        key = self.template.version.word("depends_on")
        for index, name in enumerate(resource.depends_on):
            if name in read:
                path = (*resource.path, key, index)
                self.warn(path, f"{resource.name} refers to {name} already", "remove it")

    def _support(self, resource: ResourceDefinition) -> None:
        schema = self.types.lookup(resource.type)
        if schema is None:
            return
        path = (*resource.path, self.template.version.word("type"))
        self._status(path, f"type {resource.type}", schema.support)
        for name, expression in resource.properties.fields.items():
            declared = schema.properties.get(name)
            if isinstance(declared, PropertySchema):
                self._status(expression.path, f"property {name}", declared.support)

    def _status(self, path: Path, what: str, support: SupportStatus) -> None:
        if support.status in ("DEPRECATED", "HIDDEN", "UNSUPPORTED"):
            since = f" since {support.version}" if support.version else ""
            text = f"{what} is {support.status.lower()}{since}"
            self.warn(path, text, support.message or "", key=True)

    def _unknown_functions(self) -> None:
        """Maps that look like a call of a function which this version does not have."""
        newer: dict[str, str] = {}
        for entry in ENTRIES:
            if entry.where.since and entry.where.since > self.template.version.hot_date:
                newer[entry.name] = min(entry.where.since, newer.get(entry.name, "9999"))
        known = self.template.version.functions_in_values
        for root_path, root in self._nodes():
            for at, node in walk(root, root_path):
                if not isinstance(node, Literal):
                    continue
                for path, name in _single_keys(node.value, at):
                    if name in newer and name not in known and self.template.version.is_hot:
                        text = f"{name} is plain data here, not a function"
                        self.warn(path, text, f"version {newer[name]} has it", key=True)

    def _changed_scalars(self, mark: Mark, data: Any, path: Path) -> None:
        if isinstance(mark.children, dict):
            for name, entry in mark.children.items():
                self._changed_scalars(entry.value, data.get(name), (*path, name))
        elif isinstance(mark.children, list):
            for index, child in enumerate(mark.children):
                self._changed_scalars(child, data[index], (*path, index))
        elif isinstance(data, (bool, int, float)):
            written = re.split(r"[\s,\]}#]", self.lines[mark.line - 1][mark.column - 1 :])[0]
            changed = _CHANGED_BY_YAML.fullmatch(written)
            if changed or (isinstance(data, bool) and written.lower() in _WORDS):
                text = f"YAML reads {written} as {str(data).lower()}"
                self.warn(path, text, f"write '{written}' if text is meant")


def _names(decision: Decision) -> bool:
    """Whether a decision looks another condition up."""
    return isinstance(decision.node, Literal) and isinstance(decision.node.value, str)


def _single_keys(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        if len(value) == 1:
            (name,) = value
            yield (*path, name), name
        for key, each in value.items():
            yield from _single_keys(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _single_keys(each, (*path, index))
