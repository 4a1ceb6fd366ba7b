"""The catalogue of resource types."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeVar, overload

from isotherm.core.schema import SupportStatus, TypeSchema
from isotherm.core.suggestions import suggest
from isotherm.kit.resource_type import AnyType

T = TypeVar("T", bound=type[AnyType])
D = TypeVar("D")

_STAND_IN = ".template"

_registered: dict[tuple[str, str], type[AnyType]] = {}
"""By name, and the module that declares it: plug-ins may take a name twice."""


def register(
    name: str, *, support: SupportStatus | None = None, successor: str = ""
) -> Callable[[T], T]:
    """Class decorator: this is the type of that name. The index of its package names the module.

    ``successor`` is the type that new templates use instead of a historic one.
    """

    def add(cls: T) -> T:
        cls.name = name
        if support is not None:
            cls.support = support
        cls.successor = successor
        _registered[name, cls.__module__] = cls
        return cls

    return add


def stand_in_of(type_name: str) -> str:
    """What the stack is called, as a type, that stands in for a type where the cloud lacks its
    service. As for all templates, the name is no type's that users see listed."""
    return f"{type_name}{_STAND_IN}"


class Registry(Mapping[str, AnyType]):
    """Resource types by name; also what the language needs to know of them.

    Of ``modules`` only the names are known until a type is asked for: then its module is
    imported, so types that nobody uses cost nothing. ``lost`` says of types why they cannot be
    offered though somebody has declared them. ``options`` are the operator's, by which types have
    other defaults. ``stand_ins`` names types for which a stack stands in where the cloud lacks
    their service.
    """

    def __init__(
        self,
        types: Mapping[str, AnyType],
        modules: Mapping[str, str] | None = None,
        lost: Mapping[str, str] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self._options = dict(options or {})
        self.stand_ins: Collection[str] = ()
        self._types = dict(types)
        self._modules = dict(modules or {})
        self._lost = dict(lost or {})
        self._schemas: dict[str, TypeSchema] = {}

    def __getitem__(self, name: str) -> AnyType:
        if name not in self._types:
            self._types[name] = _load(name, self._modules[name])
            self._types[name].heed(self._options)
        return self._types[name]

    @overload
    def get(self, name: str, default: None = None, /) -> AnyType | None: ...
    @overload
    def get(self, name: str, default: AnyType | D, /) -> AnyType | D: ...
    def get(self, name: str, default: Any = None, /) -> Any:
        # Asked for at every step; the inherited one raises and catches on its way.
        known = self._types.get(name)
        if known is not None:
            return known
        return self[name] if name in self._modules else default

    def __contains__(self, name: object) -> bool:
        return name in self._types or name in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._types.keys() | self._modules.keys()))

    def __len__(self) -> int:
        return len(self._types.keys() | self._modules.keys())

    def names(self) -> Collection[str]:
        return self._types.keys() | self._modules.keys()

    def including(self, more: Mapping[str, AnyType]) -> Registry:
        """This one and ``more`` types, which come first."""
        found = Registry({**self._types, **more}, self._modules, self._lost, self._options)
        found.stand_ins = self.stand_ins
        return found

    def with_stand_ins(self, modules: Mapping[str, str]) -> Registry:
        """This one, and stacks that stand in for types, by the modules that declare them."""
        more = {stand_in_of(name): module for name, module in modules.items()}
        found = Registry(self._types, {**self._modules, **more}, self._lost, self._options)
        found.stand_ins = tuple(modules)
        return found

    def lookup(self, type_name: str) -> TypeSchema | None:
        """The schema of a type, or None where it is not known."""
        if type_name not in self:
            return None
        if type_name not in self._schemas:
            self._schemas[type_name] = self[type_name].type_schema()
        return self._schemas[type_name]

    def nearest(self, type_name: str) -> str:
        """A hint naming the known type that ``type_name`` probably means, or why it is lost."""
        return self._lost.get(type_name) or suggest(type_name, self.names())


def registered() -> list[tuple[str, str]]:
    """Names of types that were registered, each with the module that did it."""
    return list(_registered)


def _load(name: str, module: str) -> AnyType:
    importlib.import_module(module)
    if (name, module) not in _registered:
        raise LookupError(f"the module {module} registers no resource type {name}")
    return _registered[name, module]()
