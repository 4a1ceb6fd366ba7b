"""Exports: the names under which other stacks read outputs of AWS-style ones."""

from __future__ import annotations

from collections.abc import Iterator

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import Unknown, Value
from isotherm.template.binding.definition import Expression, StackDefinition, references_in
from isotherm.template.binding.surroundings import NothingKnown
from isotherm.template.document import Findings

_MOST_CHARACTERS = 255


def exported_values(definition: StackDefinition) -> dict[str, Value]:
    """What a stack exports by name, values as far as they are known before anything runs;
    names that nothing tells yet are left out."""
    found: dict[str, Value] = {}
    for output in definition.outputs.values():
        if output.export is None:
            continue
        name = _foreseen(definition, output.export)
        if isinstance(name, str):
            found[name] = _foreseen(definition, output.value)
    return found


def _foreseen(definition: StackDefinition, expression: Expression) -> Value:
    try:
        return definition.evaluate(expression, NothingKnown())
    except InvalidDocument:
        return Unknown()


def check_exports(definition: StackDefinition, findings: Findings) -> None:
    """Findings for names that cannot be told before anything runs, and for those said twice."""
    around = definition.surroundings.within(NothingKnown())
    seen: set[str] = set()
    for export in _exports(definition):
        if any(references_in(export.node, around)):
            findings.add(export.path, "the name of an export cannot depend on resources")
            continue
        try:
            name = definition.evaluate(export, NothingKnown())
        except InvalidDocument as invalid:
            findings.diagnostics.extend(invalid.diagnostics)
            continue
        if isinstance(name, Unknown):
            continue
        if not _is_name(name):
            text = f"the name of an export is plain text of 1 to {_MOST_CHARACTERS} characters"
            findings.add(export.path, text)
        elif name in seen:
            findings.add(export.path, f"the template exports {name} twice")
        else:
            seen.add(name)


def _exports(definition: StackDefinition) -> Iterator[Expression]:
    for output in definition.outputs.values():
        if output.export is not None:
            yield output.export


def _is_name(value: Value) -> bool:
    """Secrets are none: everybody in the project sees the names of exports."""
    return isinstance(value, str) and 1 <= len(value) <= _MOST_CHARACTERS
