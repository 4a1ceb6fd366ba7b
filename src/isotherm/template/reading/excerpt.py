"""Shows a diagnostic's place in the source."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, NamedTuple

import yaml
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    ScalarEvent,
)

from isotherm.core.diagnostics import Diagnostic, Position

_WIDEST = 120
_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
"""What YAML takes for the end of a line."""
_WORD = re.compile(r"[^\s,\[\]{}:#]+")

Place = tuple[int, int]
"""Line and column, from 1."""


class Excerpt(NamedTuple):
    """A source line with its number, and what marks the place under it, after ``before``."""

    number: int
    line: str
    before: str
    underline: str


class SourceText:
    """The text of a file that diagnostics speak of.

    Documents keep where their parts begin; where these end is found here, once
    somebody wants to see it.
    """

    def __init__(self, text: str) -> None:
        self._text = text.removeprefix("\ufeff")
        self._lines = _BREAK.split(self._text)
        self._known_ends: dict[Place, Place] | None = None

    def end(self, position: Position) -> Place | None:
        """The place just after what begins at ``position``; None outside of the text."""
        line, column = position.line, position.column
        if not 1 <= line <= len(self._lines):
            return None
        if self._known_ends is None:
            self._known_ends = _ends(self._text)
        if end := self._known_ends.get((line, column)):
            return end
        word = _WORD.match(self._lines[line - 1], column - 1)
        return line, word.end() + 1 if word else column + 1

    def excerpt(self, diagnostic: Diagnostic) -> Excerpt | None:
        """The line with its place underlined; None where the place is not known."""
        position = diagnostic.position
        end = self.end(position) if position else None
        if position is None or end is None:
            return None
        line = self._lines[position.line - 1]
        first = position.column - 1
        # What goes on below is underlined up to the end of its first line.
        last = end[1] - 1 if end[0] == position.line else len(line.rstrip())
        start = max(0, first - _WIDEST // 2) if len(line) > _WIDEST else 0
        stop = start + _WIDEST
        return Excerpt(
            position.line,
            _shown(line, start, stop),
            (" " if start else "") + _blank(line[start:first]),
            "^" * max(1, _width(line[first : min(last, stop)])),
        )


def _shown(line: str, start: int, stop: int) -> str:
    """Part of a line, free of what would steer a terminal."""
    part = "".join(char if char == "\t" or char.isprintable() else "�" for char in line[start:stop])
    return f"{'…' if start else ''}{part}{'…' if stop < len(line) else ''}"


def _blank(text: str) -> str:
    """Blanks as wide as ``text``; tabs stay tabs, as only the terminal knows their width."""
    return "".join("\t" if char == "\t" else " " * _width(char) for char in text)


def _width(text: str) -> int:
    """Columns that a terminal takes for ``text``."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _ends(text: str) -> dict[Place, Place]:
    """Where scalars, and collections in brackets, end, by where they begin.

    Stops at what is no YAML.
    """
    found: dict[Place, Place] = {}
    open_places: list[Place | None] = []
    parser: Any = CParser(text)
    try:
        event = parser.get_event()
        while event is not None:
            if isinstance(event, (ScalarEvent, AliasEvent)):
                found.setdefault(_place(event.start_mark), _place(event.end_mark))
            elif isinstance(event, CollectionStartEvent):
                open_places.append(_place(event.start_mark) if event.flow_style else None)
            elif isinstance(event, CollectionEndEvent) and (start := open_places.pop()):
                found[start] = _place(event.end_mark)
            event = parser.get_event()
    except yaml.YAMLError:
        pass
    return found


def _place(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1
