"""Which attributes of which resources a template reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from isotherm.kit.registry import Registry
from isotherm.template import StackDefinition


def attributes_needed(definition: StackDefinition, types: Registry) -> Mapping[str, frozenset[str]]:
    """For each resource the attributes that other resources and outputs read."""
    needed: defaultdict[str, set[str]] = defaultdict(set)
    reads = [
        *(each.attributes_used for each in definition.resources.values()),
        *(each.attributes_used for each in definition.outputs.values()),
    ]
    for used in reads:
        for resource, attribute, key in used:
            declared = definition.resources.get(resource)
            known = types.get(declared.type) if declared else None
            needed[resource].add(known.attribute_key(attribute, key) if known else attribute)
    return {name: frozenset(each) for name, each in needed.items()}
