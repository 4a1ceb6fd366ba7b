"""Data made from bytes: each byte is a choice, so that a fuzzer's small change is one here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")

_DEEPEST = 6
_WORDS = (
    *("r", "p", "h", "c", "M", "value", "template", "params", "for_each", "permutations", "keys"),
    *("values", "expression", "data", "host", "port", "scheme", "query", "path", "metadata"),
    *("md5", "%a%", "$.data", "$.data.select($ + 1)", "$.data =~ '(a+)+$'", "${r.value}", ","),
    *("", "a,b", "0777", "-1", "1e400", "AWS::NoValue", "OS::stack_id", "\x00", "\ud800", "ß€"),
)
_NUMBERS = (0, 1, -1, 2, 10**30, -(2**63), 0.5, 1e308, True, False, None)


class Choices:
    """Reads choices from ``data``; when it is used up, every choice is the first one."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, below: int) -> int:
        if self._at >= len(self._data):
            return 0
        self._at += 1
        return self._data[self._at - 1] % below

    def pick(self, options: Sequence[T]) -> T:
        return options[self.number(len(options))]

    def rest(self) -> bytes:
        return self._data[self._at :]

    def text(self) -> str:
        length = self.number(12)
        piece = self._data[self._at : self._at + length]
        self._at += length
        return piece.decode("latin-1")

    def value(self, functions: Sequence[str], depth: int = 0) -> Any:
        """JSON-like data with calls of ``functions`` in it."""
        kind = self.number(4 if depth >= _DEEPEST else 10)
        if kind == 0:
            return self.pick(_WORDS)
        if kind == 1:
            return self.pick(_NUMBERS)
        if kind == 2:
            return self.text()
        if kind == 3:
            return self.number(256)
        if kind in (4, 5):
            return [self.value(functions, depth + 1) for _ in range(self.number(5))]
        if kind == 6:
            return {
                self.pick(_WORDS): self.value(functions, depth + 1) for _ in range(self.number(5))
            }
        return {self.pick(functions): self.value(functions, depth + 1)}
