"""A template with all the files that it needs, as clients send it to the service.

Names of files are relative to the template that they stand in; the service knows one set of
files, so they are sent by their whole addresses, and the templates say those instead.
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any

from isotherm.cli.sources import read_attachment, read_source, whole_path
from isotherm.template import Environment, is_template, load_template


class _Any:
    def __contains__(self, key: object) -> bool:
        return True


_ANY = _Any()
_TYPES = frozenset({"type", "Type"})


class Bundle:
    """``template`` and ``environment`` as data, ``files`` by address."""

    def __init__(self, template: Path, environment: Environment) -> None:
        """Raises SourceError, InvalidDocument."""
        self.files: dict[str, str] = {}
        self.template = self._template(template)
        registry = environment.registry.as_data()
        self.environment = {
            **environment.as_data(),
            "resource_registry": self._addressed(registry, Path("/"), _ANY),
        }

    def _template(self, file: Path) -> Any:
        data = load_template(read_source(file), file=str(file)).data
        return self._addressed(data, whole_path(file).parent, _TYPES)

    def _addressed(self, data: Any, folder: Path, keys: Container[str]) -> Any:
        """The data with addresses for the names of files: below ``keys``, and of ``get_file``."""
        if isinstance(data, Mapping):
            if len(data) == 1 and isinstance(name := data.get("get_file"), str):
                return {"get_file": self._attached(name, folder)}
            return {
                key: self._nested(each, folder)
                if key in keys and _names_template(each)
                else self._addressed(each, folder, keys)
                for key, each in data.items()
            }
        if isinstance(data, list):
            return [self._addressed(each, folder, keys) for each in data]
        return data

    def _attached(self, name: str, folder: Path) -> str:
        if "://" in name and not name.startswith("file://"):
            return name
        path = folder / name.removeprefix("file://")
        address = whole_path(path).as_uri()
        if address not in self.files:
            self.files[address] = read_attachment(path)
        return address

    def _nested(self, name: str, folder: Path) -> str:
        if "://" in name and not name.startswith("file://"):
            return name
        path = folder / name.removeprefix("file://")
        address = whole_path(path).as_uri()
        if address not in self.files:
            self.files[address] = ""  # one that contains itself is told by the service
            self.files[address] = json.dumps(self._template(path))
        return address


def _names_template(value: Any) -> bool:
    return isinstance(value, str) and is_template(value)
