"""Reads YAML 1.1 into data, with the place of every node where that is asked for.

Works on the C parser's events instead of on a loader: that keeps places at the
price of a tuple a node, and lets aliases be counted before anybody expands them.
Timestamps stay text, keys become text as JSON would write them.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import yaml
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from isotherm.core.diagnostics import (
    Diagnostic,
    Diagnostics,
    InvalidDocument,
    Note,
    Position,
    Severity,
)
from isotherm.core.suggestions import suggest
from isotherm.core.values import key_text
from isotherm.template.collector import collector_paused
from isotherm.template.document import Entry, Mark, ReadMark
from isotherm.template.limits import Limits
from isotherm.template.reading.decoding import unprintable
from isotherm.template.reading.plain_reader import NotPlain, read_plain
from isotherm.template.reading.syntax_errors import SyntaxProblem, explain
from isotherm.template.reading.yaml_scalars import (
    MERGE_KEY,
    SHORT_TAGS,
    Odd,
    PlainScalars,
    tagged_scalar,
    with_tag,
)

_MERGE = object()
_LETTERS = 32
"""Characters of text that count as much as a node, where an alias repeats them."""
_QUOTE = "put quotes around it if it is text"
_INVALID_FORMAT = "HTTPBadRequest"


class _Refused(Exception):
    def __init__(self, text: str, mark: Any, hint: str = "") -> None:
        super().__init__(text)
        self.text, self.mark, self.hint = text, mark, hint


class Read(NamedTuple):
    """The data of a text (None if it is empty), what gives its marks, and what was read
    though it was surely not meant."""

    data: Any
    read_mark: ReadMark
    slips: tuple[Diagnostic, ...] = ()


def read_yaml(text: str, file: str, limits: Limits) -> Read:
    """The one document in ``text``.

    Marks are seldom wanted where nothing is wrong: text is read without them first, which
    takes half the time. Raises ``InvalidDocument``.
    """
    try:
        return Read(read_plain(text, limits.depth), partial(read_mark, text, file, limits))
    except NotPlain:
        data, mark, slips = _read_with_marks(text, file, limits)
        return Read(data, lambda: mark, slips)


def read_mark(text: str, file: str, limits: Limits) -> Mark | None:
    """The marks of a text; None where it is no YAML (but maybe JSON)."""
    try:
        return _read_with_marks(text, file, limits)[1]
    except InvalidDocument:
        return None


def _read_with_marks(
    text: str, file: str, limits: Limits
) -> tuple[Any, Mark | None, tuple[Diagnostic, ...]]:
    reader = _Reader(text, file, limits)
    try:
        with collector_paused():
            data, mark = reader.read()
    except _Refused as refused:
        reader.refuse(refused.text, refused.mark, refused.hint)
    except yaml.MarkedYAMLError as error:
        reader.refuse_syntax(explain(text, error))
    except yaml.reader.ReaderError as error:
        raise unprintable(text, error, file) from None
    reader.found.raise_errors()
    return data, mark, tuple(reader.found)


class _Reader:
    def __init__(self, text: str, file: str, limits: Limits) -> None:
        self.parser: Any = CParser(text)
        self.file, self.limits = file, limits
        self.found = Diagnostics()
        self.scalars = PlainScalars()
        self.nodes = self.letters = 0
        self.anchors: dict[str, tuple[Any, Mark, int] | None] = {}

    def refuse(self, text: str, mark: Any, hint: str = "") -> None:
        position = Position(self.file, mark.line + 1, mark.column + 1) if mark else None
        self.found.add(Diagnostic(text, position, hint=hint, error=_INVALID_FORMAT))

    def pass_over(self, text: str, mark: Any, hint: str, notes: tuple[Note, ...] = ()) -> None:
        """Tells of what is read as if nothing were wrong."""
        position = Position(self.file, mark.line + 1, mark.column + 1)
        slip, error = Severity.SLIP, _INVALID_FORMAT
        self.found.add(
            Diagnostic(text, position, hint=hint, severity=slip, error=error, notes=notes)
        )

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
        nodes, letters = self.nodes, self.letters
        data, mark = self._content(event, depth)
        size = self.nodes - nodes + 1 + (self.letters - letters) // _LETTERS
        self.anchors[anchor] = (data, mark, size)
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
            self.letters += len(event.value)
            mark = Mark(start.line + 1, start.column + 1)
            return self._tagged(event, self._scalar(event), mark)
        is_map = isinstance(event, MappingStartEvent)
        data, children = self._mapping(depth) if is_map else self._sequence(depth)
        mark = Mark(start.line + 1, start.column + 1, children)
        return self._tagged(event, data, mark)

    def _scalar(self, event: Any) -> Any:
        tag, text = event.tag, event.value
        try:
            if tag is not None:
                return tagged_scalar(tag, text)
            if not event.implicit[0]:
                return text
            return _MERGE if text == MERGE_KEY else self.scalars[text]
        except Odd as odd:
            self.pass_over(str(odd), event.start_mark, odd.hint)
            return odd.value
        except ValueError:
            raise _Refused(
                f"{text[:40]!r} is not a usable number or word", event.start_mark, _QUOTE
            ) from None

    def _tagged(self, event: Any, data: Any, mark: Mark) -> tuple[Any, Mark]:
        tag = event.tag
        try:
            called = with_tag(tag, data)
        except Odd as odd:
            self.pass_over(str(odd), event.start_mark, odd.hint)
            return odd.value, Mark(mark.line, mark.column)
        except KeyError:
            hint = suggest(tag, SHORT_TAGS)
            raise _Refused(f"tag {tag} is not known", event.start_mark, hint) from None
        if called is data:
            return data, mark
        entry = Entry(mark.line, mark.column, mark)
        return called, Mark(mark.line, mark.column, {SHORT_TAGS[tag]: entry})

    def _sequence(self, depth: int) -> tuple[list[Any], list[Mark]]:
        data: list[Any] = []
        marks: list[Mark] = []
        next_event = self.parser.get_event
        event = next_event()
        while not isinstance(event, SequenceEndEvent):
            value, mark = self._node(event, depth + 1)
            data.append(MERGE_KEY if value is _MERGE else value)
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
                data[name] = MERGE_KEY if value is _MERGE else value
                marks[name] = Entry(start.line + 1, start.column + 1, mark)
            event = next_event()
        for value, mark, start in merged:
            self._merge(data, marks, (value, mark), start)
        return data, marks

    def _key(self, key: Any, marks: dict[str, Entry], start: Any) -> str:
        if isinstance(key, (dict, list)):
            raise _Refused("a map or list cannot be a key", start, _QUOTE)
        name = key if isinstance(key, str) else key_text(key)
        if before := marks.get(name):
            first = Note("it stands here already", Position(self.file, before.line, before.column))
            text = f"key {name!r} is given twice"
            self.pass_over(text, start, "remove one of them", (first,))
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
