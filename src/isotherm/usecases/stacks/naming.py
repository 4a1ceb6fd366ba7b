"""Checks of what a request says about a stack besides its source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from isotherm.core.errors import StackValidationFailed
from isotherm.usecases.refusals import BadRequest

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_.-]{0,254}")
_TAG_LENGTH = 80
MOST_MINUTES = 2**31 - 1


def require_name(name: Any) -> str:
    """A stack name that is allowed; raises BadRequest or StackValidationFailed."""
    if name is None:
        raise BadRequest("No stack name specified")
    if not isinstance(name, str):
        raise StackValidationFailed(f"Invalid stack name {name}, must be a string")
    if not _NAME.fullmatch(name):
        raise StackValidationFailed(
            f"Invalid stack name {name}: it must start with a letter, have only letters, digits "
            'and "_-." in it, and be 255 characters or less.'
        )
    return name


def require_timeout(minutes: int | None) -> int | None:
    """A time-out that dates and databases can bear; raises BadRequest."""
    if minutes is not None and minutes > MOST_MINUTES:
        raise BadRequest(
            f"Value '{minutes}' is invalid for 'timeout_mins', {MOST_MINUTES} at most."
        )
    return minutes


def require_tags(tags: Any) -> tuple[str, ...]:
    """Tags from a list or a comma-separated text; raises BadRequest."""
    if tags is None:
        return ()
    given: Sequence[Any] = tags.split(",") if isinstance(tags, str) else tags
    if not isinstance(given, list | tuple):
        raise BadRequest("Invalid tags: they must be a list or comma-separated text.")
    for tag in given:
        if not isinstance(tag, str) or len(tag) > _TAG_LENGTH or "," in tag:
            raise BadRequest(
                f"Invalid tag {str(tag)[:100]!r}: a tag is a text of {_TAG_LENGTH} characters at "
                "most, without commas."
            )
    return tuple(given)
