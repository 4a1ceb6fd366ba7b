"""Templates on disk as types, each naming others relative to where it lies."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from isotherm.cli.sources import SourceError, is_file, read_attachment, read_source
from isotherm.core.diagnostics import Diagnostics
from isotherm.template import (
    Environment,
    FileTypes,
    Template,
    TypeCatalogue,
    is_template,
)


class DiskFiles(Mapping[str, str]):
    """The files below a folder, by their relative names; each is read when it is asked for.

    A name that is not there is looked for beside the templates that were read.
    """

    def __init__(self, folder: Path) -> None:
        self._folders = [folder]
        self._read: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        """Raises KeyError, SourceError."""
        if name not in self._read:
            path = self.path(name)
            if path is None:
                raise KeyError(name)
            read = read_source if is_template(name) else read_attachment
            self._read[name] = read(path)
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.path(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)

    def path(self, name: str) -> Path | None:
        places = (folder / name.removeprefix("file://") for folder in self._folders)
        return next((each for each in places if is_file(each)), None)

    def found(self, path: Path, text: str) -> None:
        """Take in a template: findings call it by its path, and what it names lies beside it."""
        self._read[str(path)] = text
        if path.parent not in self._folders:
            self._folders.append(path.parent)


class DiskTypes(FileTypes):
    """A catalogue in which template files are types, too; ``files`` are those around them."""

    def __init__(self, types: TypeCatalogue, folder: Path, environment: Environment) -> None:
        self.files = DiskFiles(folder)
        self._folder = folder
        super().__init__(types, self.files, environment=environment)

    def require_local(self) -> None:
        """Raises SourceError where templates lie at addresses."""
        for address in self.wanted:
            raise SourceError(f"{address} is needed, and nothing is fetched offline")

    def parsed(self, text: str, file: str) -> tuple[Template | None, Diagnostics]:
        path = self.files.path(file)
        if path is None:
            return super().parsed(text, file)
        self.files.found(path, text)
        template, problems = super().parsed(text, str(path))
        return template and _placed(template, os.path.relpath(path.parent, self._folder)), problems


def _placed(template: Template, folder: str) -> Template:
    """The template with the types that it names relative to itself named from the top."""
    if folder == ".":
        return template
    resources = {
        name: replace(each, type=os.path.join(folder, each.type))  # noqa: PTH118  (no Path)
        if is_template(each.type) and "://" not in each.type
        else each
        for name, each in template.resources.items()
    }
    return replace(template, resources=resources)
