"""What somebody has changed of an object: its live properties against those that are wanted."""

from __future__ import annotations

from collections.abc import Mapping

from isotherm.core.values import Value, reveal
from isotherm.kit.changes import Change, Changes
from isotherm.kit.resource_type import AnyType


def drift(
    resource_type: AnyType,
    live: Mapping[str, Value],
    wanted: Mapping[str, Value],
    resolved: Mapping[str, Value],
) -> Changes:
    """What can be repaired in place; ``resolved`` are wanted properties with names as ids.

    What is not asked for is nobody's business, and what the cloud says in other words is the
    same: an object is not touched without need.
    """
    schema = resource_type.Properties.schema
    changed: dict[str, Change] = {}
    for name, seen in live.items():
        after = resolved.get(name, wanted.get(name))
        repairable = name in schema and schema[name].update_allowed
        if repairable and after is not None and not _means(reveal(seen), reveal(after)):
            changed[name] = Change(seen, wanted[name])
    return Changes(changed)


def _means(seen: Value, wanted: Value) -> bool:
    """Whether an object that shows ``seen`` has what is wanted."""
    if isinstance(wanted, Mapping):
        if not isinstance(seen, Mapping):
            return False
        return all(
            each is None or (key in seen and _means(seen[key], each))
            for key, each in wanted.items()
        )
    if isinstance(wanted, list):
        if not isinstance(seen, list) or len(seen) != len(wanted):
            return False
        left = list(seen)
        for each in wanted:
            found = next((one for one in left if _means(one, each)), None)
            if found is None:
                return False
            left.remove(found)
        return True
    return seen == wanted or str(seen).lower() == str(wanted).lower()
