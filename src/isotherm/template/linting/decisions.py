"""Conditions and decisions that decide nothing."""

from __future__ import annotations

from collections.abc import Iterator

from isotherm.template.expressions import Decision, EvaluationError, Literal, walk
from isotherm.template.functions.conditions import Choice, ConditionReference
from isotherm.template.linting.subject import Subject
from isotherm.template.linting.unused import PARAMETER_READERS
from isotherm.template.linting.warnings import Warned


def fixed_conditions(subject: Subject) -> Iterator[Warned]:
    """Those that depend neither on a parameter nor on another condition."""
    for name, node in subject.template.conditions.items():
        parts = [part for _, part in walk(node)]
        if any(isinstance(part, PARAMETER_READERS) or _names_another(part) for part in parts):
            continue
        try:
            value = node.evaluate(subject.around)
        except EvaluationError:
            continue
        if isinstance(value, bool):
            path = (subject.word("conditions"), name)
            text = f"condition {name} is always {str(value).lower()}"
            yield Warned("fixed-condition", path, text, key=True)


def _names_another(part: object) -> bool:
    return isinstance(part, ConditionReference) or (
        isinstance(part, Decision)
        and isinstance(part.node, Literal)
        and isinstance(part.node.value, str)
    )


def same_branches(subject: Subject) -> Iterator[Warned]:
    for at, node in subject.nodes:
        if isinstance(node, Choice):
            branches = [each for each in (node.then, node.otherwise) if isinstance(each, Literal)]
            if len(branches) == 2 and branches[0].value == branches[1].value:
                text = "both branches are the same"
                yield Warned("same-branches", (*at, node.name), text, key=True)
