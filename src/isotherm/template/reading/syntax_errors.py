"""What is wrong with a text that is no YAML, in words that say what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import yaml

Place = tuple[int, int]
"""Line and column, from 0."""

_QUOTE = "put quotes around the text"
_SPACES = "indent with spaces, not tabs"


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """``place`` is where to look; ``also`` another place that belongs to it, and why."""

    text: str
    place: Place
    hint: str = ""
    also: tuple[str, Place] | None = None


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where the parser stopped, and the construct it was in."""

    lines: list[str]
    place: Place
    opened: Place

    @property
    def line(self) -> str:
        return self.lines[self.place[0]] if self.place[0] < len(self.lines) else ""

    @property
    def before(self) -> str:
        return self.line[: self.place[1]]

    @property
    def character(self) -> str:
        return self.line[self.place[1] : self.place[1] + 1]

    @property
    def line_above(self) -> tuple[int, str]:
        """Number (from 1) and text of the last line above that says anything."""
        for number in range(min(self.place[0], len(self.lines)), 0, -1):
            text = self.lines[number - 1].strip()
            if text and not text.startswith("#"):
                return number, text
        return 0, ""


def explain(text: str, error: yaml.MarkedYAMLError) -> SyntaxProblem:
    """What the parser's error means for the author of ``text``."""
    problem = error.problem or "not YAML"
    mark = error.problem_mark or error.context_mark
    place = (mark.line, mark.column) if mark else (0, 0)
    opened = error.context_mark
    stop = _Stop(
        re.split(r"\r\n|[\n\r\x85\u2028\u2029]", text),
        place,
        (opened.line, opened.column) if opened else place,
    )
    for words, describe in _DESCRIBED.items():
        if words in problem:
            return describe(stop)
    return SyntaxProblem(" ".join(part for part in (error.context, problem) if part), place)


def _second_colon(stop: _Stop) -> SyntaxProblem:
    number, above = stop.line_above
    text = "a key with a value cannot stand here"
    if re.search(r":\s", stop.before):
        text, hint = "a second ': ' in one line", _QUOTE
    elif re.match(r"(- )?\S+:\S", above) and not re.search(r":(\s|$)", above):
        hint = f"put a blank behind the colon in line {number}"
    elif ":" not in above:
        hint = f"does line {number} lack its colon?"
    else:
        hint = f"line {number} has a value already; is this line indented too far?"
    key = stop.before.lstrip().removeprefix("- ").lstrip()
    column = stop.place[1] if "second" in text else stop.place[1] - len(key)
    return SyntaxProblem(text, (stop.place[0], column), hint)


def _bracket(stop: _Stop) -> SyntaxProblem:
    line, column = stop.opened
    bracket = stop.lines[line][column : column + 1]
    if stop.character in ("]", "}"):
        text = f"{stop.character!r} does not close what is open here"
        return SyntaxProblem(text, stop.place, also=(f"{bracket!r} stands here", stop.opened))
    hint = "separate items with commas" if stop.place[0] == line else ""
    ahead = ("something else begins here", stop.place) if stop.line.strip() else None
    return SyntaxProblem(f"{bracket!r} is not closed", stop.opened, hint, ahead)


def _quote(stop: _Stop) -> SyntaxProblem:
    return SyntaxProblem("this quote is never closed", stop.opened)


def _first_character(stop: _Stop) -> SyntaxProblem:
    if stop.character == "\t":
        return _tab(stop)
    return SyntaxProblem(f"a text cannot begin with {stop.character!r}", stop.place, _QUOTE)


def _tab(stop: _Stop) -> SyntaxProblem:
    return SyntaxProblem("this line is indented with a tab", stop.place, _SPACES)


def _neighbours(stop: _Stop) -> SyntaxProblem:
    if stop.line[stop.place[1] :].startswith("- "):
        return SyntaxProblem("an item of a list cannot stand among the keys of a map", stop.place)
    if stop.before.strip():
        hint = "within single quotes, write a quote twice" if "'" in stop.before else ""
        return SyntaxProblem("the value ends before this", stop.place, hint)
    also = ("the map that it could belong to begins here", stop.opened)
    text = "this line is indented like none above it"
    return SyntaxProblem(text, stop.place, "align it with its neighbours", also)


def _item(stop: _Stop) -> SyntaxProblem:
    also = ("the list begins here", stop.opened)
    hint = "begin it with '- ', or indent it further"
    return SyntaxProblem("this is no item of the list above", stop.place, hint, also)


def _key_without_colon(stop: _Stop) -> SyntaxProblem:
    return SyntaxProblem("this key has no colon", stop.opened, "write KEY: VALUE")


def _escape(stop: _Stop) -> SyntaxProblem:
    hint = "double the backslash, or use single quotes"
    return SyntaxProblem("there is no such escape", stop.place, hint)


def _after_the_end(stop: _Stop) -> SyntaxProblem:
    return SyntaxProblem("the document has ended before this", stop.place, "remove it")


def _nothing(stop: _Stop) -> SyntaxProblem:
    if stop.line.strip():
        return SyntaxProblem("a value is expected here", stop.place)
    number, _ = stop.line_above
    return SyntaxProblem("the text ends in the middle", stop.place, f"what opens in line {number}?")


def _alias(stop: _Stop) -> SyntaxProblem:
    return SyntaxProblem("'*' and '&' begin names of anchors", stop.place, _QUOTE)


_DESCRIBED: Mapping[str, Callable[[_Stop], SyntaxProblem]] = {
    "mapping values are not allowed": _second_colon,
    "did not find expected ',' or": _bracket,
    "found unexpected end of stream": _quote,
    "found unexpected document indicator": _quote,
    "cannot start any token": _first_character,
    "a tab character that violates": _tab,
    "did not find expected key": _neighbours,
    "did not find expected '-' indicator": _item,
    "could not find expected ':'": _key_without_colon,
    "found unknown escape character": _escape,
    "did not find expected <document start>": _after_the_end,
    "did not find expected node content": _nothing,
    "did not find expected alphabetic or numeric": _alias,
}
"""By words of the parser's own message."""
