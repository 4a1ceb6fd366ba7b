"""Regular expressions that strangers write, with a limit on their time.

The syntax is that of the standard library's ``re``, whose engine cannot be stopped.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

MAX_SECONDS = 0.5


class PatternError(ValueError):
    """Not a regular expression, or one that takes too long on a text."""


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: int = 0) -> Any:
    """The compiled pattern; raises ``PatternError``."""
    import regex  # takes 20 ms, and few templates have patterns

    _require_short(pattern)
    try:
        return regex.compile(pattern, flags | regex.VERSION0)
    except (regex.error, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise PatternError(str(error)) from None


def _require_short(pattern: str) -> None:
    """Refuses patterns that repeat too much: the compiler writes out what must occur."""
    groups, last = [0], 0
    for token in _TOKENS.finditer(pattern):
        if token[0] == "(":
            groups.append(0)
            continue
        if token[0] == ")" and len(groups) > 1:
            last = groups.pop()
            groups[-1] += last
        elif token["least"]:
            more = last * (int(token["least"][:9]) - 1)
            last += more
            groups[-1] += more
        else:
            last = 1
            groups[-1] += 1
        if groups[-1] > _LONGEST:
            raise PatternError(f"it describes texts of more than {_LONGEST} characters only")


_LONGEST = 50_000
_TOKENS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?P<least>\d+),?\d*\}|.", re.DOTALL)
"""Escapes, classes, counted repetitions, and single characters."""


def matches_fully(pattern: str, text: str) -> bool:
    """Whether ``pattern`` describes the whole of ``text``; raises ``PatternError``."""
    try:
        return compile_pattern(pattern).fullmatch(text, timeout=MAX_SECONDS) is not None
    except TimeoutError:
        raise PatternError("the pattern takes too long") from None


def matches_start(pattern: str, text: str) -> bool:
    """Whether ``text`` begins with what ``pattern`` describes; raises ``PatternError``."""
    try:
        return compile_pattern(pattern).match(text, timeout=MAX_SECONDS) is not None
    except TimeoutError:
        raise PatternError("the pattern takes too long") from None
