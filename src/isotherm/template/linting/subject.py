"""What the rules look at: a bound template, its text and the types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from isotherm.template.binding.definition import StackDefinition
from isotherm.template.binding.surroundings import BoundSurroundings, NothingKnown
from isotherm.template.document import Path
from isotherm.template.expressions import Decision, Node, Refused, walk
from isotherm.template.model import ABSENT_NODE, Template
from isotherm.template.validation.catalogue import TypeCatalogue

_EXPRESSIONS = (
    *("properties", "metadata", "update_policy", "creation_policy", "deletion_policy"),
    "condition",
)
"""What is computed of a resource."""


@dataclass(frozen=True)
class Subject:
    definition: StackDefinition
    types: TypeCatalogue
    source: str

    @property
    def template(self) -> Template:
        return self.definition.template

    def word(self, concept: str) -> str:
        return self.template.version.word(concept)

    @cached_property
    def around(self) -> BoundSurroundings:
        return self.definition.surroundings.within(NothingKnown())

    @cached_property
    def roots(self) -> list[tuple[Path, Node]]:
        """All expressions of the template with their places."""
        return list(self._roots())

    @cached_property
    def nodes(self) -> list[tuple[Path, Node]]:
        """All nodes of all expressions, parents first."""
        return [each for path, root in self.roots for each in walk(root, path)]

    @property
    def is_complete(self) -> bool:
        """Whether every use of something is seen: loops are written out by now, and what
        stands in a part that was refused is not known."""
        if "Fn::ForEach::" in self.source or any(isinstance(n, Refused) for _, n in self.nodes):
            return False
        data, template = self.template.data, self.template
        parts = {"resources": template.resources, "outputs": template.outputs}
        return all(_count(data.get(self.word(part))) == len(parts[part]) for part in parts)

    def _roots(self) -> Iterator[tuple[Path, Node]]:
        template = self.template
        for resource in template.resources.values():
            for key in _EXPRESSIONS:
                yield (*resource.path, self.word(key)), getattr(resource, key) or ABSENT_NODE
            yield (*resource.path, "external_id"), resource.external_id
        for output in template.outputs.values():
            for key in ("value", "condition"):
                yield (*output.path, self.word(key)), getattr(output, key) or ABSENT_NODE
            yield (*output.path, "Export", "Name"), output.export or ABSENT_NODE
        for name, node in template.conditions.items():
            yield (self.word("conditions"), name), node
        for rule in template.rules:
            yield (*rule.path, "RuleCondition"), rule.condition or ABSENT_NODE
            yield from ((assertion.path, assertion.node) for assertion in rule.assertions)


def _count(section: object) -> int:
    """How many parts a section was written with; none where it is something else than parts."""
    return len(section) if isinstance(section, (dict, list)) else 0


def walk_values(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    """All nodes that add to a value: those that only decide between values do not."""
    waiting = [(path, node)]
    while waiting:
        at, current = waiting.pop()
        if not isinstance(current, Decision):
            yield at, current
            waiting.extend((at + steps, part) for steps, part in current.parts())
