"""What is legal in a template but wrong in practice: warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from isotherm.core.diagnostics import Diagnostic, Diagnostics
from isotherm.template.checking import examine
from isotherm.template.document import Findings
from isotherm.template.environments.environment import EMPTY_ENVIRONMENT, Environment
from isotherm.template.limits import DEFAULT_LIMITS, Limits
from isotherm.template.linting.constraints import odd_constraints
from isotherm.template.linting.decisions import fixed_conditions, same_branches
from isotherm.template.linting.dependencies import repeated_dependencies
from isotherm.template.linting.differences_from_aws import (
    ignored_properties,
    lookups,
    lost_copies,
    other_values,
)
from isotherm.template.linting.misplaced_calls import misplaced_calls
from isotherm.template.linting.misread_scalars import misread_scalars, misread_values
from isotherm.template.linting.odd_spaces import odd_spaces
from isotherm.template.linting.secrets import shown_secrets, visible_secrets
from isotherm.template.linting.subject import Subject
from isotherm.template.linting.support import old_words
from isotherm.template.linting.texts import calls_in_texts, needless_subs
from isotherm.template.linting.unused import (
    unused_conditions,
    unused_mappings,
    unused_parameters,
    unused_placeholders,
)
from isotherm.template.linting.warnings import Warned
from isotherm.template.model import Template
from isotherm.template.reading.source import read_document
from isotherm.template.validation.catalogue import TypeCatalogue

RULES: tuple[Callable[[Subject], Iterator[Warned]], ...] = (
    unused_parameters,
    unused_conditions,
    unused_mappings,
    unused_placeholders,
    fixed_conditions,
    same_branches,
    shown_secrets,
    visible_secrets,
    repeated_dependencies,
    old_words,
    odd_constraints,
    misplaced_calls,
    calls_in_texts,
    needless_subs,
    misread_scalars,
    other_values,
    lookups,
    ignored_properties,
    lost_copies,
)


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
        subject = Subject(definition, types, source)
        findings = Findings(definition.template.document)
        for rule in RULES:
            _report(rule(subject), findings)
        told = {each.path: each.hint for each in found.errors}
        found.extend(each for each in findings.diagnostics if not _is_told(each, told))
    found.extend(odd_spaces(source, file))
    return found.strict()


def _is_told(warning: Diagnostic, told: Mapping[str, str]) -> bool:
    """Whether an error about the map has said already what its key looks like."""
    above, _, key = warning.path.rpartition(".")
    return warning.name == "misplaced-call" and f"{key} is plain data" in told.get(above, "")


def lint_environment(source: str, template: Template, *, file: str = "environment") -> Diagnostics:
    """Warnings about the text of a valid environment that gives values to a template."""
    document = read_document(source, file, DEFAULT_LIMITS, "environment")
    findings = Findings(document)
    _report(misread_values(document, source, template), findings)
    return findings.diagnostics


def _report(warnings: Iterator[Warned], findings: Findings) -> None:
    for name, path, text, hint, key in warnings:
        findings.add(path, text, hint=hint, key=key, warning=name)
