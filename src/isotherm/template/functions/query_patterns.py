"""The pattern functions of yaql, on an engine that keeps to a time limit."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from isotherm.core.patterns import MAX_SECONDS, compile_pattern

_FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL


class _TimedPattern:
    """Stands in for a compiled pattern of the standard library."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._compiled = compile_pattern(pattern.pattern, int(pattern.flags & _FLAGS))

    def search(self, text: str) -> Any:
        return self._compiled.search(text, timeout=MAX_SECONDS)

    def finditer(self, text: str) -> Any:
        return self._compiled.finditer(text, timeout=MAX_SECONDS)

    def split(self, text: str, maxsplit: int = 0) -> list[str | None]:
        pieces: list[str | None] = self._compiled.split(text, maxsplit, timeout=MAX_SECONDS)
        return pieces

    def sub(self, replacement: Any, text: str, count: int = 0) -> str:
        result: str = self._compiled.sub(replacement, text, count, timeout=MAX_SECONDS)
        return result


def register_patterns(context: Any) -> None:
    """Adds the pattern functions to a context that was made without them."""
    from yaql.language import specs
    from yaql.standard_library import regex as library

    by_text: dict[Any, Callable[[str, str], bool]] = {
        library.matches_: _found,
        library.matches_operator_string: _found,
        library.not_matches_operator_string: lambda text, pattern: not _found(text, pattern),
    }
    for function in (
        *(library.regex, library.matches, library.matches_, library.matches_operator_string),
        *(library.matches_operator_regex, library.not_matches_operator_string),
        *(library.not_matches_operator_regex, library.search, library.search_all, library.split),
        *(library.split_string, library.replace, library.replace_by, library.replace_string),
        *(library.replace_by_string, library.escape_regex, library.is_regex),
    ):
        definition = specs.get_function_definition(function, convention=context.convention)
        definition.payload = by_text.get(function) or _timed(function)
        context.register_function(definition)


def _found(text: str, pattern: str) -> bool:
    return _TimedPattern(re.compile(pattern)).search(text) is not None


def _timed(function: Callable[..., Any]) -> Callable[..., Any]:
    def stand_in(value: Any) -> Any:
        return _TimedPattern(value) if isinstance(value, re.Pattern) else value

    if function.__name__ == "is_regex":
        return function

    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        return function(
            *map(stand_in, args), **{name: stand_in(each) for name, each in options.items()}
        )

    return call
