"""How expressions over metrics are written: from text to a tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 2048
_DEEPEST = 40
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/^()<>,\[\]]))"
)


class MathsError(Exception):
    """An expression that says nothing, or nothing that is offered; the text says why."""


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """Another query's id, or a word such as REPEAT."""

    value: str


@dataclass(frozen=True, slots=True)
class Items:
    """Some in square brackets."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """A function or an operator (``+``) and what it is applied to."""

    function: str
    arguments: tuple[Node, ...]


Node = Number | Text | Name | Items | Applied

_LEVELS: tuple[tuple[str, ...], ...] = (
    ("||", "OR"),
    ("&&", "AND"),
    ("==", "!=", "<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "/"),
)
"""From the operators that bind loosest."""
_SAME = {"OR": "||", "AND": "&&"}


@lru_cache(maxsize=1000)
def parse_expression(text: str) -> Node:
    """Raises MathsError."""
    if len(text) > LONGEST:
        raise MathsError(f"An expression has at most {LONGEST} characters.")
    parser = _Parser(_tokens(text))
    found = parser.level(0)
    if parser.kind:
        raise MathsError(f"Nobody expected {parser.word[:20]!r} in the expression.")
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        if token is None:
            raise MathsError(f"Nobody expected {text[at:].strip()[:20]!r} in the expression.")
        kind = str(token.lastgroup)
        found.append((kind, token[kind]))
        at = token.end()
    return [*found, ("", "the end")]


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0

    @property
    def kind(self) -> str:
        return self._tokens[self._at][0]

    @property
    def word(self) -> str:
        return self._tokens[self._at][1]

    def level(self, number: int) -> Node:
        """What operators of this level, or of those that bind closer, put together."""
        if number == len(_LEVELS):
            return self._signed()
        found = self.level(number + 1)
        while self.kind in ("sign", "name") and self.word.upper() in _LEVELS[number]:
            word = self._take().upper()
            found = Applied(_SAME.get(word, word), (found, self.level(number + 1)))
        return found

    def _signed(self) -> Node:
        if self.word == "-" and self.kind == "sign":
            self._take()
            return Applied("-", (Number(0.0), self._deeper(self._signed)))
        found = self._single()
        if self.word == "^" and self.kind == "sign":
            self._take()
            return Applied("^", (found, self._deeper(self._signed)))
        return found

    def _single(self) -> Node:
        kind, word = self.kind, self._take()
        match kind:
            case "number":
                return Number(float(word))
            case "text":
                return Text(word[1:-1])
            case "name" if self.word == "(" and self.kind == "sign":
                self._take()
                return Applied(word.upper(), self._listed(")"))
            case "name":
                return Name(word)
        if word == "(":
            inner = self._deeper(lambda: self.level(0))
            self._expect(")")
            return inner
        if word == "[" and kind == "sign":
            return Items(self._listed("]"))
        raise MathsError(f"Nobody expected {word[:20]!r} in the expression.")

    def _listed(self, end: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while self.word != end:
            if found:
                self._expect(",")
            found.append(self._deeper(lambda: self.level(0)))
        self._take()
        return tuple(found)

    def _deeper(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise MathsError("The expression is nested too deeply.")
        try:
            return read()
        finally:
            self._depth -= 1

    def _expect(self, word: str) -> None:
        if self.word != word:
            raise MathsError(f"The expression lacks a {word!r} before {self.word[:20]!r}.")
        self._take()

    def _take(self) -> str:
        word = self.word
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return word
