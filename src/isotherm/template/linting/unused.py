"""What is declared and never used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isotherm.core.suggestions import nearest
from isotherm.template.expressions import Decision, ListNode, Literal, MapNode, Node
from isotherm.template.functions.conditions import ConditionReference
from isotherm.template.functions.parameters import GetParam
from isotherm.template.functions.references import ConditionRef, Ref
from isotherm.template.functions.replacing import FnReplace, Replacement
from isotherm.template.functions.selecting import FnFindInMap
from isotherm.template.linting.misplaced_calls import misplaced_calls
from isotherm.template.linting.subject import Subject
from isotherm.template.linting.warnings import Warned
from isotherm.template.parameters import ParameterDeclaration, ParameterType

_FORGOTTEN = 3
_NAMED = 10
PARAMETER_READERS = (GetParam, Ref, ConditionRef)


def unused_parameters(subject: Subject) -> Iterator[Warned]:
    if not subject.is_complete:
        return
    declared = subject.template.parameters
    used = set(_texts_in_misplaced_calls(subject))
    for _, node in subject.nodes:
        if isinstance(node, PARAMETER_READERS):
            name = node.static_name()
            if name is None:
                return  # The name is computed: any parameter may be meant.
            used.add(name if name in declared else nearest(name, declared))
    yield from _told_briefly([each for each in declared.values() if each.name not in used])


def _told_briefly(unused: Sequence[ParameterDeclaration]) -> Iterator[Warned]:
    """Each parameter at its place; more of them than one forgets are there on purpose, because
    templates that stand in for each other must take the same, and are told in one line."""
    if len(unused) <= _FORGOTTEN:
        for each in unused:
            text = f"parameter {each.name} is never used"
            yield Warned("unused-parameter", each.path, text, key=True)
        return
    names = [each.name for each in unused[:_NAMED]]
    if len(unused) > _NAMED:
        names.append(f"and {len(unused) - _NAMED} more")
    text = f"{len(unused)} parameters are never used: {', '.join(names)}"
    yield Warned("unused-parameter", unused[0].path, text, key=True)


def unused_conditions(subject: Subject) -> Iterator[Warned]:
    if not subject.is_complete:
        return
    used: set[str] = set()
    for _, node in subject.nodes:
        if isinstance(node, Decision):
            if _may_name_any(node.node, subject):
                return  # The name is computed, or what should be one is none.
            used |= _texts(node.node)
        elif isinstance(node, ConditionReference):
            used |= _texts(node.argument)
    conditions = subject.template.conditions
    used |= {nearest(name, conditions) for name in used - conditions.keys()}
    for name in conditions:
        if name not in used:
            path = (subject.word("conditions"), name)
            yield Warned("unused-condition", path, f"condition {name} is never used", key=True)


def _may_name_any(node: Node, subject: Subject) -> bool:
    """Whether a parameter's text decides which condition is asked, or nobody knows which."""
    if isinstance(node, Literal):
        return not isinstance(node.value, (str, bool, type(None)))
    if not isinstance(node, (GetParam, ConditionRef)):
        return False
    declared = subject.template.parameters.get(node.static_name() or "")
    return declared is None or declared.type is not ParameterType.BOOLEAN


def unused_mappings(subject: Subject) -> Iterator[Warned]:
    if not subject.is_complete:
        return
    used: set[str] = set()
    mappings = subject.template.mappings
    for _, node in subject.nodes:
        if isinstance(node, FnFindInMap):
            names = _texts(_first(node.argument))
            if not names:
                return  # The name is computed.
            used |= {name if name in mappings else nearest(name, mappings) for name in names}
    for name in mappings:
        if name not in used:
            path = (subject.word("mappings"), name)
            yield Warned("unused-mapping", path, f"mapping {name} is never used", key=True)


def unused_placeholders(subject: Subject) -> Iterator[Warned]:
    for at, node in subject.nodes:
        if not isinstance(node, Replacement) or node.every_name_used:
            continue
        of_aws = isinstance(node, FnReplace)
        template = _part(node.argument, 1 if of_aws else "template")
        params = _part(node.argument, 0 if of_aws else "params")
        if not isinstance(template, Literal) or not isinstance(template.value, str):
            continue
        for name in _keys(params):
            if name and name not in template.value:
                path = (*at, node.name, 0 if of_aws else "params", name)
                text = f"placeholder {name} does not occur in the text"
                yield Warned("unused-placeholder", path, text, key=True)


def _part(argument: Node, step: str | int) -> Node | None:
    """A part of a call's argument that stands in a written map or list."""
    if isinstance(argument, (MapNode, ListNode)):
        items: Any = argument.items
    elif isinstance(argument, Literal):
        items = argument.value
    else:
        return None
    found = items[step]
    return found if isinstance(found, Node) else Literal(found)


def _first(argument: Node) -> Node:
    return _part(argument, 0) or argument


def _keys(node: Node | None) -> list[str]:
    if isinstance(node, MapNode):
        return list(node.items)
    value = node.value if isinstance(node, Literal) else None
    return list(value) if isinstance(value, Mapping) else []


def _texts(node: Node) -> set[str]:
    value = node.value if isinstance(node, Literal) else None
    return {value} if isinstance(value, str) else set()


def _texts_in_misplaced_calls(subject: Subject) -> Iterator[str]:
    for warned in misplaced_calls(subject):
        data: Any = subject.template.data
        for step in warned.path:
            data = data[step]
        waiting = [data]
        while waiting:
            part = waiting.pop()
            if isinstance(part, str):
                yield part
            elif isinstance(part, (dict, list)):
                waiting += part.values() if isinstance(part, dict) else part
