"""Reads YAML 1.1 (and so JSON) into plain data with the place of every node.

Works on the C parser's events instead of on a loader: that keeps places at the
price of a tuple a node, and lets aliases be counted before anybody expands them.
Timestamps stay text, keys become text as JSON would write them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import yaml
from yaml._yaml import CParser
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

from isotherm.core.diagnostics import (
    Diagnostic,
    Diagnostics,
    InvalidDocument,
    Note,
    Position,
    suggest,
)
from isotherm.template.document import Entry, Mark
from isotherm.template.limits import Limits
from isotherm.template.syntax_errors import SyntaxProblem, explain

_TAG = "tag:yaml.org,2002:"
_CONSTRUCT: dict[str, Callable[[SafeConstructor, ScalarNode], Any]] = {
    _TAG + "null": SafeConstructor.construct_yaml_null,
    _TAG + "bool": SafeConstructor.construct_yaml_bool,
    _TAG + "int": SafeConstructor.construct_yaml_int,
    _TAG + "float": SafeConstructor.construct_yaml_float,
}
_TEXT_TAGS = frozenset({"!", _TAG + "str", _TAG + "timestamp", _TAG + "value", _TAG + "merge"})
_UNTAGGED = _TEXT_TAGS | _CONSTRUCT.keys() | {_TAG + "map", _TAG + "seq"}
_MERGE = object()
_QUOTE = "put quotes around it if it is text"
_INVALID_FORMAT = "HTTPBadRequest"

# Short forms that AWS users write: !Ref x is {Ref: x}, !Sub x is {Fn::Sub: x}.
_PLAIN_SHORT_TAGS = frozenset({"!Ref", "!Condition"})
_FN_SHORT_TAGS = frozenset(
    f"!{name}"
    for name in (
        *("And", "Base64", "Cidr", "Equals", "FindInMap", "ForEach", "GetAZs", "GetAtt", "If"),
        *("ImportValue", "Join", "Length", "Not", "Or", "Replace", "Select", "Split", "Sub"),
        *("ToJsonString", "Transform"),
    )
)


class _Refused(Exception):
    def __init__(self, text: str, mark: Any, hint: str = "") -> None:
        super().__init__(text)
        self.text, self.mark, self.hint = text, mark, hint


def read_yaml(source: str | bytes, file: str, limits: Limits) -> tuple[Any, Mark | None]:
    """The data of the one document in ``source`` (None if empty) and its marks.

    Raises ``InvalidDocument``.
    """
    text = _readable(source, file)
    reader = _Reader(text, file, limits)
    try:
        result = reader.read()
    except _Refused as refused:
        reader.refuse(refused.text, refused.mark, refused.hint)
    except yaml.MarkedYAMLError as error:
        reader.refuse_syntax(explain(text, error))
    except yaml.reader.ReaderError as error:
        raise _unprintable(text, error, file) from None
    reader.found.raise_errors()
    return result


def _readable(source: str | bytes, file: str) -> str:
    text = source if isinstance(source, str) else decoded(source, file)
    text = text.removeprefix("\ufeff")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        what = f"character {text[error.start]!r}"
        raise _unreadable(text, error.start, what, file) from None
    return text


def decoded(source: bytes, file: str) -> str:
    """The text of a file in UTF-8, or in UTF-16 with a mark. Raises ``InvalidDocument``."""
    coding = "utf-16" if source.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        return source.decode(coding)
    except UnicodeDecodeError as error:
        before = source[: error.start].decode(coding, errors="replace")
        what = f"a byte that is not {coding.upper()}"
        raise _unreadable(before, len(before), what, file) from None


def _unprintable(text: str, error: yaml.reader.ReaderError, file: str) -> InvalidDocument:
    code = error.character if isinstance(error.character, int) else ord(error.character)
    hint = _SAVE if code == 0 else "in double quotes, it can be written as an escape"
    what = f"the control character U+{code:04X}"
    return _unreadable(text, error.position, what, file, hint)


_SAVE = "save the file as UTF-8 text"


def _unreadable(text: str, offset: int, what: str, file: str, hint: str = _SAVE) -> InvalidDocument:
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    position = Position(file, line, column)
    return InvalidDocument(
        [
            Diagnostic(
                f"{what} cannot be read",
                position,
                hint=hint,
                error=_INVALID_FORMAT,
            )
        ]
    )


@lru_cache(maxsize=8192)
def _plain(text: str) -> Any:
    """An unquoted scalar, by the rules of YAML 1.1; raises ValueError."""
    for key in (text[:1], None):
        for tag, pattern in Resolver.yaml_implicit_resolvers.get(key, ()):
            if pattern.match(text):
                if tag == _TAG + "merge":
                    return _MERGE
                return text if tag in _TEXT_TAGS else _constructed(tag, text)
    return text


def _constructed(tag: str, text: str) -> Any:
    value = _CONSTRUCT[tag](_CONSTRUCTOR, ScalarNode(tag, text))
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{text} is not a finite number")
    return value


_CONSTRUCTOR = SafeConstructor()


def _key_text(key: Any) -> str:
    """A scalar as JSON writes it when it is the name of a member."""
    if isinstance(key, bool):
        return "true" if key else "false"
    return "null" if key is None else str(key)


class _Reader:
    def __init__(self, text: str, file: str, limits: Limits) -> None:
        self.parser: Any = CParser(text)
        self.file, self.limits = file, limits
        self.found = Diagnostics()
        self.nodes = 0
        self.anchors: dict[str, tuple[Any, Mark, int] | None] = {}

    def refuse(self, text: str, mark: Any, hint: str = "", notes: tuple[Note, ...] = ()) -> None:
        position = Position(self.file, mark.line + 1, mark.column + 1) if mark else None
        self.found.add(Diagnostic(text, position, hint=hint, error=_INVALID_FORMAT, notes=notes))

    def refuse_syntax(self, problem: SyntaxProblem) -> None:
        notes: tuple[Note, ...] = ()
        if problem.also:
            text, place = problem.also
            notes = (Note(text, self._position(place)),)
        position = self._position(problem.place)
        self.found.add(
            Diagnostic(
                problem.text, position, hint=problem.hint, error=_INVALID_FORMAT, notes=notes
            )
        )

    def _position(self, place: tuple[int, int]) -> Position:
        return Position(self.file, place[0] + 1, place[1] + 1)

    def read(self) -> tuple[Any, Mark | None]:
        next_event = self.parser.get_event
        next_event()  # stream start
        if isinstance(next_event(), yaml.events.StreamEndEvent):
            return None, None
        event = next_event()
        data, mark = self._node(event, 0)
        next_event()  # document end
        after = next_event()
        if not isinstance(after, yaml.events.StreamEndEvent):
            raise _Refused("more than one document in the file", after.start_mark)
        return (None if data is _MERGE else data), mark

    def _node(self, event: Any, depth: int) -> tuple[Any, Mark]:
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise _Refused(
                "the document is too big when its aliases are expanded", event.start_mark
            )
        if isinstance(event, AliasEvent):
            return self._alias(event)
        if depth > self.limits.depth:
            raise _Refused(f"nested deeper than {self.limits.depth} levels", event.start_mark)
        anchor = event.anchor
        if anchor is None:
            return self._content(event, depth)
        self.anchors[anchor] = None
        before = self.nodes
        data, mark = self._content(event, depth)
        self.anchors[anchor] = (data, mark, self.nodes - before + 1)
        return data, mark

    def _alias(self, event: Any) -> tuple[Any, Mark]:
        if event.anchor not in self.anchors:
            raise _Refused(f"alias *{event.anchor} names no anchor", event.start_mark)
        target = self.anchors[event.anchor]
        if target is None:
            raise _Refused(f"alias *{event.anchor} contains itself", event.start_mark)
        data, mark, size = target
        self.nodes += size
        return data, mark

    def _content(self, event: Any, depth: int) -> tuple[Any, Mark]:
        start = event.start_mark
        if isinstance(event, ScalarEvent):
            mark = Mark(start.line + 1, start.column + 1)
            return self._tagged(event, self._scalar(event), mark)
        is_map = isinstance(event, MappingStartEvent)
        data, children = self._mapping(depth) if is_map else self._sequence(depth)
        mark = Mark(start.line + 1, start.column + 1, children)
        return self._tagged(event, data, mark)

    def _scalar(self, event: Any) -> Any:
        tag, text = event.tag, event.value
        try:
            if tag is None:
                return _plain(text) if event.implicit[0] else text
            if tag in _TEXT_TAGS:
                return text
            if tag in _CONSTRUCT:
                return _constructed(tag, text)
        except (ValueError, KeyError, OverflowError, ConstructorError):
            raise _Refused(
                f"{text[:40]!r} is not a usable number or word", event.start_mark, _QUOTE
            ) from None
        return text

    def _tagged(self, event: Any, data: Any, mark: Mark) -> tuple[Any, Mark]:
        tag = event.tag
        if tag is None or tag in _UNTAGGED:
            return data, mark
        name = tag[1:] if tag in _PLAIN_SHORT_TAGS else f"Fn::{tag[1:]}"
        if tag not in _PLAIN_SHORT_TAGS and tag not in _FN_SHORT_TAGS:
            hint = suggest(tag, _PLAIN_SHORT_TAGS | _FN_SHORT_TAGS)
            raise _Refused(f"tag {tag} is not known", event.start_mark, hint)
        if tag == "!GetAtt" and isinstance(data, str):
            data = data.split(".", 1)
        return {name: data}, Mark(
            mark.line, mark.column, {name: Entry(mark.line, mark.column, mark)}
        )

    def _sequence(self, depth: int) -> tuple[list[Any], list[Mark]]:
        data: list[Any] = []
        marks: list[Mark] = []
        next_event = self.parser.get_event
        event = next_event()
        while not isinstance(event, SequenceEndEvent):
            value, mark = self._node(event, depth + 1)
            data.append("<<" if value is _MERGE else value)
            marks.append(mark)
            event = next_event()
        return data, marks

    def _mapping(self, depth: int) -> tuple[dict[str, Any], dict[str, Entry]]:
        data: dict[str, Any] = {}
        marks: dict[str, Entry] = {}
        merged: list[tuple[Any, Mark, Any]] = []
        next_event = self.parser.get_event
        event = next_event()
        while not isinstance(event, MappingEndEvent):
            start = event.start_mark
            key, _ = self._node(event, depth + 1)
            value, mark = self._node(next_event(), depth + 1)
            if key is _MERGE:
                merged.append((value, mark, start))
            else:
                name = self._key(key, marks, start)
                data[name] = "<<" if value is _MERGE else value
                marks[name] = Entry(start.line + 1, start.column + 1, mark)
            event = next_event()
        for value, mark, start in merged:
            self._merge(data, marks, (value, mark), start)
        return data, marks

    def _key(self, key: Any, marks: dict[str, Entry], start: Any) -> str:
        if isinstance(key, (dict, list)):
            raise _Refused("a map or list cannot be a key", start, _QUOTE)
        name = key if isinstance(key, str) else _key_text(key)
        if before := marks.get(name):
            first = Note("it stands here already", Position(self.file, before.line, before.column))
            self.refuse(f"key {name!r} is given twice", start, "remove one of them", (first,))
        return name

    def _merge(
        self, data: dict[str, Any], marks: dict[str, Entry], source: tuple[Any, Mark], start: Any
    ) -> None:
        value, mark = source
        parts = zip(value, mark.children, strict=True) if isinstance(value, list) else [source]
        for part, part_mark in parts:
            if not isinstance(part, dict):
                raise _Refused("only maps can be merged with <<", start)
            for name in part:
                if name not in data:
                    data[name] = part[name]
                    marks[name] = part_mark.children[name]
