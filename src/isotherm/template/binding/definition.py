"""A template bound to values: what a stack is to be."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from isotherm.core.coercion import UNKNOWN_PROPERTY
from isotherm.core.diagnostics import Diagnostic, InvalidDocument, Position
from isotherm.core.states import DeletionPolicy
from isotherm.core.values import REDACTED, Secret, Unknown, Value, redact
from isotherm.template.binding.surroundings import BoundSurroundings
from isotherm.template.document import Document, Path, dotted
from isotherm.template.environments.environment import Environment
from isotherm.template.expressions import (
    OMITTED,
    EvaluationError,
    Function,
    Literal,
    MapNode,
    Node,
    Reference,
    Scope,
    Surroundings,
    walk_active,
)
from isotherm.template.limits import MAX_TEXT, weight
from isotherm.template.model import Template
from isotherm.template.parameters import UNLISTED_PSEUDO_PARAMETERS, ParameterType


class AttributeUse(NamedTuple):
    """An attribute that is read; an empty one means all. ``key`` as in ``Reference``."""

    resource: str
    attribute: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled value together with the place in the template where it stands."""

    node: Node
    path: Path

    @property
    def fields(self) -> Mapping[str, Expression]:
        """The parts of a written map, by key; empty where a function makes the map."""
        if isinstance(self.node, MapNode):
            return {k: Expression(n, (*self.path, k)) for k, n in self.node.items.items()}
        value = self.node.value if isinstance(self.node, Literal) else None
        if not isinstance(value, dict):
            return {}
        return {k: Expression(Literal(v), (*self.path, k)) for k, v in value.items()}


@dataclass(frozen=True, slots=True)
class ResourceDefinition:
    """A resource of a stack.

    ``type`` is what the resource registry makes of ``declared_type``;
    ``references`` names all resources it depends on, in whatever way.
    """

    name: str
    type: str
    declared_type: str
    path: Path
    document: Document
    properties: Expression
    metadata: Expression
    update_policy: Expression
    creation_policy: Expression
    external_id: Expression
    deletion_policy: DeletionPolicy
    depends_on: tuple[str, ...]
    references: frozenset[str]
    attributes_used: frozenset[AttributeUse]
    description: str = ""

    @property
    def position(self) -> Position | None:
        return self.document.position(self.path, key=True)


@dataclass(frozen=True, slots=True)
class OutputDefinition:
    name: str
    value: Expression
    description: Any
    references: frozenset[str]
    attributes_used: frozenset[AttributeUse]
    export: Expression | None = None


@dataclass(frozen=True)
class StackDefinition:
    """All that a stack is to be. ``resources`` and ``outputs`` are those whose condition holds.

    ``parameters`` includes the pseudo parameters; hidden ones are ``Secret``.
    """

    template: Template
    environment: Environment
    files: Mapping[str, str]
    parameters: Mapping[str, Value]
    resources: Mapping[str, ResourceDefinition]
    outputs: Mapping[str, OutputDefinition]
    surroundings: BoundSurroundings

    @property
    def description(self) -> Any:
        return self.template.description

    @cached_property
    def attributes_read(self) -> Mapping[str, set[tuple[str, str]]]:
        """What resources and outputs read of each resource: attributes, and first steps into
        them."""
        found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for uses in (
            *(each.attributes_used for each in self.resources.values()),
            *(each.attributes_used for each in self.outputs.values()),
        ):
            for use in uses:
                found[use.resource].add((use.attribute, use.key))
        return dict(found)

    def evaluate(self, expression: Expression, scope: Scope) -> Value:
        """The value of one of this definition's expressions.

        Raises ``InvalidDocument`` with the place of the part that has no value.
        """
        node = expression.node
        around = self.surroundings
        if not isinstance(node, Literal):
            around = around.within(scope)
        elif not node.value:
            # Most parts of most resources are not given at all.
            return node.value
        try:
            value = node.evaluate(around)
            if weight(value) > MAX_TEXT:
                raise EvaluationError(f"all texts together have more than {MAX_TEXT} characters")
        except EvaluationError as error:
            raise InvalidDocument([self.diagnostic(error, expression.path)]) from None
        return None if value is OMITTED else value

    def diagnostic(self, error: EvaluationError, root: Path) -> Diagnostic:
        """An evaluation error as a finding in this template."""
        root = error.root or root
        path = (*root, *error.path)
        return Diagnostic(
            text=error.text,
            position=self.template.document.position(path),
            path=dotted(shown_path(root, path, self.template)),
            hint=error.hint,
            error=error.error,
        )

    def locate(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The diagnostics, with positions filled in from their paths where they have none."""
        place = self.template.document.position_of
        return [
            each
            if each.position or not each.path
            # Where a property is unknown, its name is wrong, not its value.
            else replace(
                each, position=place(each.path, key=each.text.startswith(UNKNOWN_PROPERTY))
            )
            for each in diagnostics
        ]

    def shown_parameters(self) -> dict[str, str]:
        """Parameters as the API shows them: text, hidden ones as asterisks."""
        declared = self.template.parameters
        json_texts = {name for name, each in declared.items() if each.type is ParameterType.JSON}
        return {
            name: _shown(value, as_json=name in json_texts)
            for name, value in self.parameters.items()
            if name in declared or name not in UNLISTED_PSEUDO_PARAMETERS
        }


def _shown(value: Value, *, as_json: bool) -> str:
    if isinstance(value, Secret):
        return REDACTED
    if isinstance(value, Unknown):
        return ""
    if as_json:
        return json.dumps(redact(value))
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def shown_path(root: Path, path: Path, template: Template) -> Path:
    """``path`` cut before the first function call below ``root``: the property people know."""
    data: Any = template.data
    names = template.version.functions.keys() | template.version.condition_functions.keys()
    for index, step in enumerate(path):
        if index >= len(root) and isinstance(data, dict) and len(data) == 1 and step in names:
            return path[:index]
        data = data[step]
    return path


def references_in(
    node: Node, around: Surroundings, path: Path = ()
) -> Iterator[tuple[Path, Reference]]:
    """All reads of resources in an expression, with the path of each call.

    Branches that a condition rules out are left out; so are calls whose target
    cannot be known, and those that are wrong (evaluation reports them).
    """
    for at, part in walk_active(node, around, path):
        if isinstance(part, Function):
            try:
                for reference in part.references(around):
                    yield at, reference
            except EvaluationError:
                continue
