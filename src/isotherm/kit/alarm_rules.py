"""Rules of alarms about other alarms: ``ALARM("a") AND NOT OK(b)``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LONGEST = 10240
_DEEPEST = 40
_MOST = 100
_TOKEN = re.compile(
    r"\s*(?:(?P<call>(?:ALARM|OK|INSUFFICIENT_DATA))\s*\(\s*"
    r"(?:\"(?P<quoted>[^\"]+)\"|'(?P<single>[^']+)'|(?P<bare>[^\s()\"']+))\s*\)"
    r"|(?P<word>AND|OR|NOT|TRUE|FALSE)(?![A-Za-z0-9_])|(?P<sign>[()]))"
)

Tree = tuple[Any, ...]
"""``("is", name, state)``, ``("and", one, other)``, ``("or", one, other)``, ``("not", one)``, or
``("constant", bool)``."""
State = str


class RuleError(Exception):
    """A rule that cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``names`` are the alarms that it asks for."""

    tree: Tree
    names: frozenset[str]

    def holds(self, state_of: Callable[[str], State]) -> bool:
        return _holds(self.tree, state_of)


@lru_cache(maxsize=1000)
def parse_rule(text: str) -> Rule:
    """Raises RuleError."""
    if not text.strip() or len(text) > LONGEST:
        raise RuleError(f"A rule has between 1 and {LONGEST} characters.")
    reader = _Reader(list(_tokens(text)))
    tree = reader.either()
    if reader.next:
        raise RuleError(f"Nobody expected {reader.next[0]} in the rule.")
    names = frozenset(_names(tree))
    if len(names) > _MOST:
        raise RuleError(f"A rule asks for {_MOST} alarms at most.")
    return Rule(tree, names)


def _names(tree: Tree) -> Iterator[str]:
    kind, *rest = tree
    if kind == "is":
        yield rest[0].rpartition(":alarm:")[2]  # by name or ARN
    elif kind != "constant":
        for each in rest:
            yield from _names(each)


def _holds(tree: Tree, state_of: Callable[[str], State]) -> bool:
    match tree:
        case ("is", name, state):
            return bool(state_of(name.rpartition(":alarm:")[2]) == state)
        case ("and", one, other):
            return _holds(one, state_of) and _holds(other, state_of)
        case ("or", one, other):
            return _holds(one, state_of) or _holds(other, state_of)
        case ("not", inner):
            return not _holds(inner, state_of)
    return bool(tree[1])


def _tokens(text: str) -> Iterator[tuple[str, ...]]:
    at = 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        if token is None:
            raise RuleError(f"Nobody expected {text[at:].strip()[:20]!r} in the rule.")
        at = token.end()
        if token["call"]:
            yield token["call"], token["quoted"] or token["single"] or token["bare"]
        else:
            yield (token["word"] or token["sign"],)


class _Reader:
    def __init__(self, tokens: list[tuple[str, ...]]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0

    @property
    def next(self) -> tuple[str, ...]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ()

    def either(self) -> Tree:
        found = self._both()
        while self._takes("OR"):
            found = ("or", found, self._both())
        return found

    def _both(self) -> Tree:
        found = self._single()
        while self._takes("AND"):
            found = ("and", found, self._single())
        return found

    def _single(self) -> Tree:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RuleError("The rule is nested too deeply.")
        token = self.next
        self._at += 1
        match token:
            case (("ALARM" | "OK" | "INSUFFICIENT_DATA") as state, name):
                found: Tree = ("is", name, state)
            case ("NOT",):
                found = ("not", self._single())
            case ("TRUE" | "FALSE",):
                found = ("constant", token[0] == "TRUE")
            case ("(",):
                found = self.either()
                if not self._takes(")"):
                    raise RuleError("The rule lacks a ')'.")
            case _:
                raise RuleError(f"Nobody expected {token[0] if token else 'the end'} in the rule.")
        self._depth -= 1
        return found

    def _takes(self, word: str) -> bool:
        if self.next == (word,):
            self._at += 1
            return True
        return False
