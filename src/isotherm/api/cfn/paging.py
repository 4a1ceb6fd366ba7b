"""Pages of lists: each has a token that leads to the next one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from isotherm.api.aws.faults import ValidationError

T = TypeVar("T")

PAGE = 100
"""Stacks, events or the like in one answer."""
_TOKEN = re.compile(r"(\d{1,9}):(.*)", re.DOTALL)


def cut(
    found: Sequence[T], token: str | None, name: Callable[[T], str], size: int = PAGE
) -> tuple[Sequence[T], str | None]:
    """The page after the one that ended with ``token``, and the token of the next one. What ended
    the page may be gone by now: then the place that it had counts. Raises ValidationError."""
    begin = 0
    if token is not None:
        told = _TOKEN.fullmatch(token)
        if told is None:
            raise invalid_token()
        names = [name(each) for each in found]
        begin = names.index(told[2]) + 1 if told[2] in names else int(told[1])
    end = begin + size
    following = f"{end}:{name(found[end - 1])}" if end < len(found) else None
    return found[begin:end], following


def invalid_token() -> ValidationError:
    return ValidationError("NextToken is none that an answer has given.")
