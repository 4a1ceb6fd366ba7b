"""Regular expressions that strangers write, with a limit on their time.

The syntax is that of the standard library's ``re``, whose engine cannot be stopped.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import regex

MAX_SECONDS = 0.5


class PatternError(ValueError):
    """Not a regular expression, or one that takes too long on a text."""


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: int = 0) -> Any:
    """The compiled pattern; raises ``PatternError``."""
    try:
        return regex.compile(pattern, flags | regex.VERSION0)
    except (regex.error, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise PatternError(str(error)) from None


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
