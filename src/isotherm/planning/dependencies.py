"""Which desired resource waits for which: references, depends_on, and rules of types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from isotherm.core.schema import Sibling
from isotherm.core.values import Unknown, Value
from isotherm.kit.registry import Registry
from isotherm.kit.resource_type import ResourceType
from isotherm.template import StackDefinition


class AllUnknown:
    """A scope in which nothing has run: every reference is the unknown of its resource."""

    def reference(self, resource: str) -> Value:
        return Unknown(resource)

    def attribute(self, resource: str, name: str, steps: Sequence[Value] = ()) -> Value:
        return Unknown(resource)


def dependencies(definition: StackDefinition, types: Registry) -> dict[str, frozenset[str]]:
    """For each desired resource the names it waits for; free of circles if the explicit ones are.

    An implicit dependency that would close a circle is left out: it is only a
    preference where the author's own references say the opposite.
    """
    names = definition.resources
    edges = {
        name: {each for each in resource.references if each in names and each != name}
        for name, resource in names.items()
    }
    for name, earlier in _implicit(definition, types):
        if earlier not in edges[name] and not _reaches(edges, earlier, name):
            edges[name].add(earlier)
    return {name: frozenset(each) for name, each in edges.items()}


def _implicit(definition: StackDefinition, types: Registry) -> Iterable[tuple[str, str]]:
    """Pairs (resource, what it waits for), by the rules of the types in the template."""
    speaking = [
        name
        for name, resource in definition.resources.items()
        if _has_rule(types.get(resource.type))
    ]
    if not speaking:
        return
    siblings = _siblings(definition, types)
    others = list(siblings.values())
    for name in speaking:
        rule = types[definition.resources[name].type].implicit_dependencies
        for earlier in rule(siblings[name], others):
            if earlier != name and earlier in siblings:
                yield name, earlier


def _has_rule(resource_type: object) -> bool:
    rule = getattr(type(resource_type), "implicit_dependencies", None)
    return rule is not None and rule is not ResourceType.implicit_dependencies


def _siblings(definition: StackDefinition, types: Registry) -> dict[str, Sibling]:
    scope = AllUnknown()
    result: dict[str, Sibling] = {}
    for name, resource in definition.resources.items():
        properties = definition.evaluate(resource.properties, scope)
        shown = properties if isinstance(properties, Mapping) else {}
        if known := types.get(resource.type):
            shown = known.Properties.renamed(shown)
        result[name] = Sibling(name, resource.type, shown)
    return result


def _reaches(edges: Mapping[str, set[str]], start: str, goal: str) -> bool:
    seen, stack = {start}, [start]
    while stack:
        for each in edges[stack.pop()]:
            if each == goal:
                return True
            if each not in seen:
                seen.add(each)
                stack.append(each)
    return start == goal
