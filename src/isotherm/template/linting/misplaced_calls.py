"""Plain data that looks like the call of a function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from isotherm.template.document import Path
from isotherm.template.expressions import Literal, MapNode
from isotherm.template.linting.subject import Subject
from isotherm.template.linting.warnings import Warned
from isotherm.template.vocabulary.lookalikes import CALL_PREFIXES, CallHints
from isotherm.template.vocabulary.versions import TemplateVersion


def misplaced_calls(subject: Subject) -> Iterator[Warned]:
    """Maps that this version does not take for calls, though their authors may."""
    version = subject.template.version
    hints = CallHints(version)
    for path, names in _written_maps(subject):
        *above, name = (*path, names[0])
        if len(names) > 1:
            yield from _crowded(path, names, version)
        elif hint := hints.about(name):
            text = f"{name} is plain data here, not a function"
            yield Warned("misplaced-call", (*above, name), text, hint, key=True)


def _crowded(path: Path, names: list[str], version: TemplateVersion) -> Iterator[Warned]:
    for name in names:
        if name in version.functions and name.startswith(CALL_PREFIXES):
            text = f"{name} is plain data here, as it is not alone in its map"
            hint = "a call is a map with one key"
            yield Warned("crowded-call", (*path, name), text, hint, key=True)


def _written_maps(subject: Subject) -> Iterator[tuple[Path, list[str]]]:
    """All maps of expressions that are data, with their keys."""
    for at, node in subject.nodes:
        if isinstance(node, Literal):
            yield from _maps_in(node.value, at)
        elif isinstance(node, MapNode):
            yield at, list(node.items)


def _maps_in(value: Any, path: Path) -> Iterator[tuple[Path, list[str]]]:
    if isinstance(value, dict):
        if value:
            yield path, list(value)
        for key, each in value.items():
            yield from _maps_in(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _maps_in(each, (*path, index))
