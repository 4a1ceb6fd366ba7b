"""Fn::ForEach: parts of an AWS-style template repeated before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from isotherm.template.document import Document, Findings, Path
from isotherm.template.parameters import split_list

_PREFIX = "Fn::ForEach::"
_MOST_PARTS = 250_000
_LETTERS = 32
"""Characters of text that count as much as a part."""


def unrolled(
    document: Document, findings: Findings, values: Mapping[str, Any]
) -> tuple[Document, frozenset[str]]:
    """The document with its loops written out, and the parameters that loops go over.

    ``values`` are those given for parameters; others have their defaults. The same
    document if it has no loops.
    """
    sections = [name for name, each in document.data.items() if isinstance(each, dict)]
    if not any(_has_loop(document.data[name]) for name in sections):
        return document, frozenset()
    loops = _Loops(document.data.get("Parameters"), values, findings)
    data = {
        name: loops.write_out(each, (name,)) if name in sections else each
        for name, each in document.data.items()
    }
    moved = {**document.moved, **loops.moved}
    return replace(document, data=data, moved=moved), frozenset(loops.parameters_used)


def _has_loop(value: Any) -> bool:
    if isinstance(value, dict):
        return any(key.startswith(_PREFIX) or _has_loop(each) for key, each in value.items())
    return isinstance(value, list) and any(_has_loop(each) for each in value)


class _Loops:
    def __init__(self, parameters: Any, values: Mapping[str, Any], findings: Findings) -> None:
        self.parameters = parameters if isinstance(parameters, dict) else {}
        self.values = values
        self.parameters_used: set[str] = set()
        self.findings = findings
        self.left = _MOST_PARTS
        self.moved: dict[Path, Path] = {}

    def write_out(self, value: Any, path: Path) -> Any:
        if isinstance(value, list):
            return [self.write_out(each, (*path, i)) for i, each in enumerate(value)]
        if not isinstance(value, dict):
            return value
        result: dict[str, Any] = {}
        for key, each in value.items():
            if key.startswith(_PREFIX):
                self._add(result, self._turns(each, (*path, key)), (*path, key))
            else:
                self._add(result, {key: self.write_out(each, (*path, key))}, (*path, key))
        return result

    def _turns(self, loop: Any, path: Path) -> dict[str, Any]:
        if not (
            isinstance(loop, list)
            and len(loop) == 3
            and isinstance(loop[0], str)
            and isinstance(loop[2], dict)
        ):
            self.findings.add(path, "wrong loop", hint="write [NAME, LIST, {KEY: BODY}]", key=True)
            return {}
        name, items, body = loop
        result: dict[str, Any] = {}
        for item in self._items(items, (*path, 1)):
            if self.left < 0:
                break
            turn = self._filled(body, name, str(item))
            for key in body:
                made = (*path[:-1], self._filled(key, name, str(item)))
                self.moved.setdefault(made, (*path, 2, key))
            if self.left < 0:
                self.findings.add(path, "the loops make too big a template", key=True)
                break
            self._add(result, self.write_out(turn, path), path)
        return result

    def _add(self, result: dict[str, Any], turn: dict[str, Any], path: Path) -> None:
        for key in sorted(result.keys() & turn.keys()):
            text = f"a loop makes {key} although it is there already"
            hint = "put the loop's name into the key, as ${NAME}"
            self.findings.add(path, text, hint=hint, key=True)
        result.update(turn)

    def _items(self, items: Any, path: Path) -> list[Any]:
        if isinstance(items, Mapping) and set(items) == {"Ref"} and isinstance(items["Ref"], str):
            items = self._of_parameter(items["Ref"])
        if isinstance(items, list) and all(isinstance(each, (str, int)) for each in items):
            return items
        self.findings.add(path, "a loop goes over a list, or over a parameter that has one")
        return []

    def _of_parameter(self, name: str) -> Any:
        declared = self.parameters.get(name)
        if not isinstance(declared, dict):
            return None
        self.parameters_used.add(name)
        value = self.values.get(name, declared.get("Default"))
        return split_list(value) if isinstance(value, str) else value

    def _filled(self, value: Any, name: str, item: str) -> Any:
        self.left -= 1
        if self.left < 0:
            return None
        if isinstance(value, str):
            self.left -= len(value) // _LETTERS + value.count(name) * len(item) // _LETTERS
            if f"&{{{name}}}" not in value:
                return value.replace(f"${{{name}}}", item)
            # The ampersand asks for what can be part of a logical id.
            plain = "".join(each for each in item if each.isascii() and each.isalnum())
            return value.replace(f"${{{name}}}", item).replace(f"&{{{name}}}", plain)
        if isinstance(value, list):
            return [self._filled(each, name, item) for each in value]
        if isinstance(value, dict):
            if value == {"Ref": name}:
                return item
            return {
                self._filled(key, name, item): self._filled(each, name, item)
                for key, each in value.items()
            }
        return value
