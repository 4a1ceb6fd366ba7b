"""Reads templates, environments and the files they name from disk."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from isotherm.core.diagnostics import InvalidDocument
from isotherm.template import (
    EMPTY_ENVIRONMENT,
    Environment,
    Template,
    decoded,
    is_template,
    load_environment,
    looks_like_template,
    merge_environments,
)

_LONGEST_NAME = 200
_MOST_BYTES = 64 * 2**20
STANDARD_INPUT = Path("<stdin>")
"""What standard input is called among files."""
_TEMPLATE_NAMES = (".yaml", ".yml", ".json", ".template")
_ADDRESS = re.compile(r"(https?:|ftp:|file:)/+(.+)", re.IGNORECASE)


class SourceError(Exception):
    """A file cannot be read; the text says which and why."""


def read_source(file: Path) -> str:
    """The text of a file. Raises SourceError, InvalidDocument."""
    return decoded(read_bytes(file), str(file))


def read_bytes(file: Path) -> bytes:
    """The content of a file, also of a pipe. Raises SourceError."""
    try:
        if file == STANDARD_INPUT:
            content = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with file.open("rb") as opened:
                content = opened.read(_MOST_BYTES + 1)
    except ValueError:
        raise SourceError(f"{str(file)!r} is no name of a file") from None
    except OSError as error:
        if address := _ADDRESS.match(str(file)):
            # What stands for a path has lost a slash.
            text = f"{address[1]}//{address[2]} is an address, and nothing is fetched offline"
            raise SourceError(f"{text}: download it and give the name of the file") from None
        raise SourceError(f"{_short(file)} cannot be read: {error.strerror}") from None
    if len(content) > _MOST_BYTES:
        raise SourceError(f"{file} cannot be read: it is bigger than {_MOST_BYTES >> 20} MiB")
    return content


def text_again(file: Path) -> str:
    """The text of a file that was read before, to quote it; empty where it cannot be had."""
    try:
        return read_source(file) if is_file(file) else ""
    except (SourceError, InvalidDocument):
        return ""


def templates_in(paths: Sequence[Path]) -> list[Path]:
    """The files among the paths, and the templates in the folders among them; hidden files and
    folders are passed over. Raises SourceError for a folder without any template."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = [each for each in sorted(path.rglob("*")) if _is_template_file(each, path)]
        if not inside:
            raise SourceError(f"there is no template in {path}")
        found += inside
    return list(dict.fromkeys(found))


def _is_template_file(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    if hidden or file.suffix not in _TEMPLATE_NAMES or not is_file(file):
        return False
    return looks_like_template(read_bytes(file).decode(errors="replace"))


def is_file(path: Path) -> bool:
    """Whether a name that stands in a document is that of a file. Devices and pipes are none:
    they may have no end."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def whole_path(path: Path) -> Path:
    """The path from the top, without links, whatever it is called and leads to."""
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError):
        return path.absolute()


def _short(file: Path) -> str:
    name = str(file)
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def read_attachment(file: Path) -> str:
    """What clients send of a file: its text, or in base64 what is none. Raises SourceError."""
    content = read_bytes(file)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return base64.encodebytes(content).decode()


def read_environment(files: Sequence[Path]) -> Environment:
    """Environment files merged in order. Raises SourceError, InvalidDocument."""
    if not files:
        return EMPTY_ENVIRONMENT
    return merge_environments([placed_environment(read_source(file), file) for file in files])


def placed_environment(source: str, file: Path) -> Environment:
    """The environment in a file's text. Raises InvalidDocument.

    Templates that its registry names lie relative to the file, if it gives no base.
    """
    environment = load_environment(source, file=str(file))
    registry = environment.registry
    if registry.base_url:
        return environment
    folder = whole_path(file).parent
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
        path = file.parent / name.removeprefix("file://")
        if is_file(path):
            with contextlib.suppress(SourceError):
                found[name] = read_attachment(path)
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
