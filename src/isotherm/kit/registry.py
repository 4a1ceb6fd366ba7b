"""The catalogue of resource types."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeVar

from isotherm.core.schema import SupportStatus, TypeSchema
from isotherm.core.suggestions import suggest
from isotherm.kit.resource_type import AnyType

T = TypeVar("T", bound=type[AnyType])

ENTRY_POINTS = "isotherm.resources"

_registered: dict[str, type[AnyType]] = {}


def register(name: str, *, support: SupportStatus | None = None) -> Callable[[T], T]:
    """Class decorator: offer a type under ``name`` once its module is imported."""

    def add(cls: T) -> T:
        cls.name = name
        if support is not None:
            cls.support = support
        _registered[name] = cls
        return cls

    return add


class Registry(Mapping[str, AnyType]):
    """Resource types by name; also what the language needs to know of them."""

    def __init__(self, types: Mapping[str, AnyType]) -> None:
        self._types = dict(types)
        self._schemas: dict[str, TypeSchema] = {}

    def __getitem__(self, name: str) -> AnyType:
        return self._types[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)

    def names(self) -> Collection[str]:
        return self._types.keys()

    def lookup(self, type_name: str) -> TypeSchema | None:
        """The schema of a type, or None where it is not known."""
        if type_name not in self._types:
            return None
        if type_name not in self._schemas:
            self._schemas[type_name] = self._types[type_name].type_schema()
        return self._schemas[type_name]

    def nearest(self, type_name: str) -> str:
        """A hint naming the known type that ``type_name`` probably means."""
        return suggest(type_name, self._types)


def load_registry() -> Registry:
    """All types of the package and of installed plug-ins (entry points ``isotherm.resources``).

    An entry point names a module; importing it registers its types.
    """
    for point in importlib.metadata.entry_points(group=ENTRY_POINTS):
        point.load()
    return Registry({name: cls() for name, cls in sorted(_registered.items())})
