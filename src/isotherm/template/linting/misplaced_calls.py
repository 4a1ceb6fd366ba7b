"""Plain data that looks like the call of a function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from isotherm.core.diagnostics import suggest
from isotherm.template.document import Path
from isotherm.template.expressions import Literal, MapNode, Node, walk
from isotherm.template.functions.registry import AWS, ENTRIES
from isotherm.template.versions import TemplateVersion

_PREFIXES = ("get_", "str_", "list_", "map_", "Fn::")


def misplaced_calls(
    version: TemplateVersion, roots: Iterable[tuple[Path, Node]]
) -> Iterator[tuple[Path, str, str]]:
    """Path, text and hint for each map that this version does not take for a call."""
    known = version.functions
    elsewhere = {name: where for name, where in _offers(version).items() if name not in known}
    for root_path, root in roots:
        for path, name in _single_keys(root, root_path):
            text = f"{name} is plain data here, not a function"
            if name in elsewhere:
                yield path, text, elsewhere[name]
            elif (
                name.startswith(_PREFIXES) and name not in known and (hint := suggest(name, known))
            ):
                yield path, text, hint


def _offers(version: TemplateVersion) -> Mapping[str, str]:
    """For each function, in words, where else it can be used."""
    here = dict.fromkeys(version.condition_functions, "only conditions can use it")
    if not version.is_hot:
        number = AWS.partition(".")[2]
        return {e.name: f"version {number} has it" for e in ENTRIES if e.where.keys} | here
    offers: dict[str, str] = {}
    first: dict[str, str] = {}
    for entry in ENTRIES:
        since = entry.where.since
        if since > version.hot_date:
            first[entry.name] = min(since, first.get(entry.name, since))
        elif not since:
            offers.setdefault(entry.name, "only AWS-style templates have it")
    newer = {name: f"version {since} has it" for name, since in first.items()}
    return offers | newer | here


def _single_keys(root: Node, path: Path) -> Iterator[tuple[Path, str]]:
    for at, node in walk(root, path):
        if isinstance(node, Literal):
            yield from _single_keys_of(node.value, at)
        elif isinstance(node, MapNode) and len(node.items) == 1:
            (name,) = node.items
            yield (*at, name), name


def _single_keys_of(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        if len(value) == 1:
            (name,) = value
            yield (*path, name), name
        for key, each in value.items():
            yield from _single_keys_of(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _single_keys_of(each, (*path, index))
