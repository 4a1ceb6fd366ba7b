"""Reads templates, environments and the files they name from disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from isotherm.template import (
    EMPTY_ENVIRONMENT,
    Environment,
    Template,
    is_template,
    load_environment,
    merge_environments,
)


class SourceError(Exception):
    """A file cannot be read; the text says which and why."""


def read_source(file: Path) -> str:
    """The text of a file. Raises SourceError."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SourceError(f"{file} cannot be read: {reason}") from None


def read_environment(files: Sequence[Path]) -> Environment:
    """Environment files merged in order. Raises SourceError, InvalidDocument.

    Templates that a registry names lie relative to its file, if it gives no base.
    """
    if not files:
        return EMPTY_ENVIRONMENT
    return merge_environments([_read_environment(file) for file in files])


def _read_environment(file: Path) -> Environment:
    environment = load_environment(read_source(file), file=str(file))
    registry = environment.registry
    if registry.base_url:
        return environment
    folder = file.resolve().parent
    types, resources = _placed(registry.types, folder), _placed(registry.resources, folder)
    return replace(environment, registry=replace(registry, types=types, resources=resources))


def _placed(targets: Any, folder: Path) -> Any:
    if isinstance(targets, Mapping):
        return {name: _placed(target, folder) for name, target in targets.items()}
    if isinstance(targets, str) and is_template(targets) and "://" not in targets:
        return str(folder / targets)
    return targets


def read_files(template: Template, file: Path) -> Mapping[str, str]:
    """What ``get_file`` names, relative to the template; files that are missing are left out,
    so that validation tells of them where they are named."""
    found: dict[str, str] = {}
    for name in set(_named_files(template.data)):
        try:
            found[name] = read_source(file.parent / name.removeprefix("file://"))
        except SourceError:
            continue
    return found


def _named_files(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        name = data.get("get_file")
        if len(data) == 1 and isinstance(name, str):
            yield name
        for each in data.values():
            yield from _named_files(each)
    elif isinstance(data, list):
        for each in data:
            yield from _named_files(each)
