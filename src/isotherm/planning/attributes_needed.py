"""Which attributes of which resources a template reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from isotherm.kit.registry import Registry
from isotherm.kit.resource_type import SHOW, AnyType
from isotherm.template import StackDefinition

Attributes = Mapping[str, frozenset[str]]
"""Names of attributes by the name of their resource; an empty one stands for all."""


def attributes_needed(definition: StackDefinition, types: Registry) -> Attributes:
    """For each resource the attributes that other resources and outputs read."""
    reads = [
        *(each.attributes_used for each in definition.resources.values()),
        *(each.attributes_used for each in definition.outputs.values()),
    ]
    return _by_resource(reads, definition, types)


def attributes_passed_on(
    definition: StackDefinition, types: Registry, *, nested: bool
) -> Attributes:
    """Those whose values are recorded elsewhere, too: with other resources, with the stack
    above of a ``nested`` one, and with stacks that import them. Other outputs are evaluated
    whenever they are shown."""
    outputs = [each for each in definition.outputs.values() if nested or each.export is not None]
    reads = [
        *(each.attributes_used for each in definition.resources.values()),
        *(each.attributes_used for each in outputs),
    ]
    return _by_resource(reads, definition, types)


def attributes_in_outputs(
    definition: StackDefinition, types: Registry, names: Iterable[str]
) -> Attributes:
    """Those that the outputs of these names read."""
    outputs = [definition.outputs[name] for name in names if name in definition.outputs]
    return _by_resource([each.attributes_used for each in outputs], definition, types)


def changes_by_itself(resource_type: AnyType, attribute: str) -> bool:
    """Whether the value of an attribute may differ from the recorded one though nobody has
    changed the resource."""
    declared = resource_type.attributes
    volatile = [each.name for each in declared if each.schema.volatile]
    if not volatile or attribute in ("", SHOW, *volatile):
        return bool(volatile)
    undeclared = not resource_type.nests and all(each.name != attribute for each in declared)
    return undeclared and resource_type.has(attribute)


def _by_resource(
    reads: Iterable[Iterable[tuple[str, str, str]]], definition: StackDefinition, types: Registry
) -> Attributes:
    needed: defaultdict[str, set[str]] = defaultdict(set)
    for used in reads:
        for resource, attribute, key in used:
            declared = definition.resources.get(resource)
            known = types.get(declared.type) if declared else None
            needed[resource].add(known.attribute_key(attribute, key) if known else attribute)
    return {name: frozenset(each) for name, each in needed.items()}
