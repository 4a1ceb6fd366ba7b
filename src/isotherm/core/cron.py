"""Cron expressions: five fields, six with seconds, seven with years; or a nickname."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_NICKNAMES = frozenset(
    {"@annually", "@yearly", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"}
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_STEPS = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?", re.ASCII)
_ANY_TIME = "R"
"""One value, chosen at random."""


class _Field(NamedTuple):
    low: int
    high: int
    names: tuple[str, ...] = ()
    first_name: int = 0
    special: re.Pattern[str] = re.compile(r"(?!)")
    """Items of this field only."""

    def number(self, text: str) -> int | None:
        """What a number or name stands for, or None where it does not belong here."""
        word = text.lower()
        if word in self.names:
            return self.names.index(word) + self.first_name
        return int(text) if text.isdigit() and self.low <= int(text) <= self.high else None

    def allows(self, item: str) -> bool:
        if item == _ANY_TIME or self.special.fullmatch(item):
            return True
        match = _STEPS.fullmatch(item)
        if match is None or (match["step"] is not None and int(match["step"]) == 0):
            return False
        if match["first"] == "*":
            return match["last"] is None
        return all(self.number(each) is not None for each in match.group("first", "last") if each)


_FIELDS = (
    _Field(0, 59),
    _Field(0, 23),
    _Field(1, 31, special=re.compile(r"\?|l", re.IGNORECASE)),
    _Field(1, 12, names=_MONTHS, first_name=1),
    _Field(0, 7, names=_DAYS, special=re.compile(r"\?|l[0-7]|[0-7]#[1-5]", re.IGNORECASE)),
    _Field(0, 59),
    _Field(1970, 2099),
)


def check_cron(value: Any) -> str | None:
    """Why a value is no cron expression, or None."""
    text = str(value).strip()
    fields = text.split()
    if not text or text in _NICKNAMES:
        return None
    if not 5 <= len(fields) <= len(_FIELDS):
        return f"{value!r} is not a cron expression of five to seven fields"
    for kind, written in zip(_FIELDS, fields, strict=False):
        if not all(kind.allows(item) for item in written.split(",")):
            return f"{value!r} is not a cron expression: {written!r} does not fit its field"
    return None
