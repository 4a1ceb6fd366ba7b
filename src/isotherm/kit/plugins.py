"""Finds what others have added to the service: types, constraints, lifecycles.

What comes as a package names itself by entry points; what lies in a plug-in folder is a module, or
a package, each of which is imported. Whatever is wrong with one is told, and it alone is left out.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from isotherm.kit.constraint import CONSTRAINTS
from isotherm.kit.event_sinks import EVENT_SINKS, take_back_event_sink
from isotherm.kit.finder import FINDERS
from isotherm.kit.lifecycle import LIFECYCLES, Lifecycle
from isotherm.kit.plugin_guard import guarded
from isotherm.kit.registry import Registry, registered
from isotherm.kit.resource_type import AnyType

log = logging.getLogger(__name__)

TYPES = "isotherm.resources"
"""Entry points with an index: a mapping from names of types to the modules that register them."""
MODULES = "isotherm.plugins"
"""Entry points with a module that declares constraints and lifecycles."""

Loader = Callable[[], ModuleType]

_OWN = "isotherm"
_IN_FOLDERS = "isotherm_plugins"


@dataclass(frozen=True, slots=True)
class PluginFault:
    """``plugin`` is a distribution or a path."""

    plugin: str
    text: str

    def __str__(self) -> str:
        return f"plug-in {self.plugin}: {self.text}"


@dataclass(frozen=True, slots=True)
class Plugins:
    """``lifecycles`` come in their order; ``names`` are those of the plug-ins that were found."""

    registry: Registry
    lifecycles: tuple[Lifecycle, ...] = ()
    faults: tuple[PluginFault, ...] = ()
    names: tuple[str, ...] = ()


def load_registry() -> Registry:
    """All types of the package and of installed plug-ins."""
    return load_plugins().registry


def load_plugins(folders: Sequence[Path] = (), options: Mapping[str, Any] | None = None) -> Plugins:
    """What is installed, and what lies in ``folders``. Types of the service come first, then
    those of packages in the order of their names, then folders. ``options``: see Registry."""
    found = _Found()
    found.add_own()
    for point in _foreign_points(TYPES):
        found.add_index(point)
    for point in _foreign_points(MODULES):
        found.add_module(_source(point), point.value)
    for folder in folders:
        found.add_folder(folder)
    for fault in found.faults:
        log.error("%s", fault)
    lifecycles = sorted(found.lifecycles, key=lambda each: each.order)
    return Plugins(
        Registry(
            found.types,
            found.modules,
            {name: str(each) for name, each in found.lost.items()},
            options,
        ),
        tuple(lifecycles),
        tuple(found.faults),
        tuple(found.names),
    )


def _foreign_points(group: str) -> Iterator[importlib.metadata.EntryPoint]:
    points = importlib.metadata.entry_points(group=group)
    yield from sorted((each for each in points if not _is_own(each)), key=_source)


def _is_own(point: importlib.metadata.EntryPoint) -> bool:
    return point.module.partition(".")[0] == _OWN


def _source(point: importlib.metadata.EntryPoint) -> str:
    if point.dist is None:
        return point.name
    return f"{point.dist.name} {point.dist.version}"


@dataclass
class _Found:
    types: dict[str, AnyType] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    lost: dict[str, PluginFault] = field(default_factory=dict)
    lifecycles: list[Lifecycle] = field(default_factory=list)
    faults: list[PluginFault] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def add_own(self) -> None:
        for point in importlib.metadata.entry_points(group=TYPES):
            if _is_own(point):
                self.modules |= point.load()
        self.owners = dict.fromkeys([*self.modules, *FINDERS, *EVENT_SINKS], "the service itself")

    def add_index(self, point: importlib.metadata.EntryPoint) -> None:
        source = _source(point)
        try:
            index = point.load()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            self._fault(source, f"its index {point.value} cannot be loaded: {_told(error)}")
            return
        if not isinstance(index, Mapping):
            self._fault(source, f"its index {point.value} is no mapping of types to modules")
            return
        self._note(source)
        for name, module in index.items():
            self._add_type(source, str(name), str(module))

    def add_module(self, source: str, name: str) -> None:
        """What a module declares besides types."""
        self._declare(source, lambda: importlib.import_module(name))

    def add_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self._fault(str(folder), "there is no such folder")
            return
        for path in sorted(folder.iterdir()):
            if (stem := _module_name(path)) is not None:
                self._add_file(path, f"{_IN_FOLDERS}.{stem}")

    def _add_file(self, path: Path, name: str) -> None:
        if name in sys.modules and _origin(sys.modules[name]) != _file_of(path):
            self._fault(str(path), f"another plug-in folder has a {path.name} already")
            return
        module = self._declare(str(path), lambda: _imported(path, name))
        if module is None:
            return
        for type_name, home in registered():
            if home == name or home.startswith(f"{name}."):
                self._add_type(str(path), type_name, home)

    def _declare(self, source: str, load: Loader) -> ModuleType | None:
        """Import a module, and take in the constraints and lifecycles that it declares."""
        constraints, lifecycles = dict(CONSTRAINTS), len(LIFECYCLES)
        sinks = dict(EVENT_SINKS)
        try:
            module = load()
            made = [each() for each in LIFECYCLES[lifecycles:]]
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            self._fault(source, f"it cannot be imported: {_told(error)}")
            return None
        self._note(source)
        self.lifecycles += made
        for kind, sink in list(EVENT_SINKS.items()):
            if sinks.get(kind) is not sink and not self._own(source, kind, "event sink"):
                take_back_event_sink(kind, sinks.get(kind))
        for name, check in list(CONSTRAINTS.items()):
            if constraints.get(name) is check:
                continue
            if not self._own(source, name, "constraint"):
                CONSTRAINTS.pop(name)
                CONSTRAINTS.update({name: constraints[name]} if name in constraints else {})
        return module

    def _add_type(self, source: str, name: str, module: str) -> None:
        if not self._own(source, name, "type"):
            return
        try:
            resource_type = Registry({}, {name: module})[name]
            resource_type.type_schema()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            del self.owners[name]
            fault = self._fault(source, f"type {name} cannot be loaded: {_told(error)}")
            self.lost[name] = fault
            return
        self.types[name] = guarded(resource_type)

    def _own(self, source: str, name: str, what: str) -> bool:
        """Whether ``source`` is the first that declares this name."""
        owner = self.owners.setdefault(name, source)
        if owner != source:
            self._fault(source, f"{what} {name} is declared by {owner} already; that one counts")
        return owner == source

    def _note(self, source: str) -> None:
        if source not in self.names:
            self.names.append(source)

    def _fault(self, source: str, text: str) -> PluginFault:
        fault = PluginFault(source, text)
        self.faults.append(fault)
        return fault


def _module_name(path: Path) -> str | None:
    """None for what is no plug-in: tests, hidden files, notes."""
    if path.name.startswith((".", "_", "test_")) or path.name == "conftest.py":
        return None
    if path.suffix == ".py" or (path / "__init__.py").is_file():
        return path.stem
    return None


def _file_of(path: Path) -> str:
    return str(path / "__init__.py" if path.is_dir() else path)


def _origin(module: ModuleType) -> str:
    return str(module.__spec__.origin) if module.__spec__ is not None else ""


def _imported(path: Path, name: str) -> ModuleType:
    if name in sys.modules:
        return sys.modules[name]
    inside = [str(path)] if path.is_dir() else None
    spec = importlib.util.spec_from_file_location(
        name, _file_of(path), submodule_search_locations=inside
    )
    assert spec is not None
    assert spec.loader is not None
    sys.modules.setdefault(_IN_FOLDERS, ModuleType(_IN_FOLDERS)).__path__ = []
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
