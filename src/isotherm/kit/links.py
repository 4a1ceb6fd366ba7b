"""What resources connect, and what only one of them can have at a time: declared by types.

Both are read from properties. A path such as ``fixed_ips.ip_address`` goes through lists,
``OWN`` stands for the resource's own object.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from isotherm.core.values import Value, reveal

OWN = ""
"""In place of a property: the object of the resource itself."""

Key = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """What connects the objects that ``ends`` name; ``also`` tells several such links apart.

    Resources that describe the same link, under whatever name or type, have one link in the
    cloud: it is handed over from one to the other, and cut when none describes it any more.
    ``details`` are what two descriptions of it may differ in: then it is made anew.
    """

    kind: str
    ends: tuple[str, ...]
    also: tuple[str, ...] = ()
    details: tuple[str, ...] = ()

    @property
    def by_property(self) -> bool:
        """Whether a property makes it; else it is all that the resource is."""
        return OWN in self.ends

    def key(self, physical_id: str | None, properties: Mapping[str, Value]) -> Key | None:
        """What is equal for two descriptions of the same link; None where an end is open."""
        ends = [physical_id if each == OWN else properties.get(each) for each in self.ends]
        if not all(isinstance(each, str) and each for each in ends):
            return None
        return (self.kind, *ends, *(_plain(properties.get(each)) for each in self.also))

    def described(self, properties: Mapping[str, Value]) -> Key:
        """The details, to be compared with those of another description."""
        return tuple(_plain(properties.get(each)) for each in self.details)


@dataclass(frozen=True, slots=True)
class Claim:
    """What only one object can have at a time: each combination of the values of ``paths``.

    An object that is to go lets go of it (``make_way``) before its successor is made, under
    whatever name, and has it back (``take_back``) if there is no successor in the end.
    """

    kind: str
    paths: tuple[str, ...]

    def keys(self, properties: Mapping[str, Value]) -> Iterator[Key]:
        for values in product(*(_at(properties, path.split(".")) for path in self.paths)):
            yield (self.kind, *values)


def _at(value: Value, path: list[str]) -> list[Value]:
    """The texts at the path, from every item where there are lists on the way."""
    if isinstance(value, list):
        return [each for item in value for each in _at(item, path)]
    if path:
        return _at(value.get(path[0]), path[1:]) if isinstance(value, Mapping) else []
    return [value] if isinstance(value, str) and value else []


def _plain(value: Value) -> Value:
    """``value`` as something that can be compared and hashed."""
    value = reveal(value)
    return value if value is None or isinstance(value, (str, bool, int, float)) else repr(value)
