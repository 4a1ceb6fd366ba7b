"""Which attributes of which resources a template reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from isotherm.template import StackDefinition


def attributes_needed(definition: StackDefinition) -> Mapping[str, frozenset[str]]:
    """For each resource the attributes that other resources and outputs read."""
    needed: defaultdict[str, set[str]] = defaultdict(set)
    reads = [
        *(each.attributes_used for each in definition.resources.values()),
        *(each.attributes_used for each in definition.outputs.values()),
    ]
    for used in reads:
        for resource, attribute in used:
            needed[resource].add(attribute)
    return {name: frozenset(each) for name, each in needed.items()}
