"""Patterns of cron: which minutes they name."""

from datetime import UTC, datetime, timedelta
from typing import Any

_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_NAMED = {
    "@yearly": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_YEARS = 5
_MONTHS = dict(
    zip(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        range(1, 13),
        strict=True,
    )
)
_DAYS = dict(zip(["sun", "mon", "tue", "wed", "thu", "fri", "sat"], range(7), strict=True))


def cron_pattern(value: Any) -> str:
    _fields(str(value))
    return str(value)


def next_time(pattern: str, after: float) -> float:
    """The first whole minute after that time that the pattern names. Raises ValueError."""
    minutes, hours, days, months, weekdays = _fields(pattern)
    either = _text(pattern).split()[2] != "*" and _text(pattern).split()[4] != "*"
    at = datetime.fromtimestamp(after, UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    end = at + timedelta(days=366 * _YEARS)
    while at < end:
        on_day, on_weekday = at.day in days, at.isoweekday() % 7 in {each % 7 for each in weekdays}
        fits = (on_day or on_weekday) if either else (on_day and on_weekday)
        if at.month not in months or not fits:
            at = (at + timedelta(days=1)).replace(hour=0, minute=0)
        elif at.hour not in hours:
            at = (at + timedelta(hours=1)).replace(minute=0)
        elif at.minute not in minutes:
            at += timedelta(minutes=1)
        else:
            return at.timestamp()
    raise ValueError(f"{pattern!r} never comes")


def _text(pattern: str) -> str:
    return _NAMED.get(pattern, pattern)


def _fields(pattern: str) -> list[set[int]]:
    parts = _text(pattern).lower().split()
    if len(parts) != len(_RANGES):
        raise ValueError(f"The specified pattern is not valid: {pattern}")
    try:
        return [_numbers(part, *bounds) for part, bounds in zip(parts, _RANGES, strict=True)]
    except ValueError:
        raise ValueError(f"The specified pattern is not valid: {pattern}") from None


def _numbers(part: str, least: int, most: int) -> set[int]:
    found: set[int] = set()
    for each in part.split(","):
        span, _, step = each.partition("/")
        first, dash, last = span.partition("-")
        start = least if first == "*" else _number(first)
        end = _number(last) if dash else (most if first == "*" or step else start)
        if not least <= start <= end <= most:
            raise ValueError(each)
        found.update(range(start, end + 1, int(step or 1)))
    return found


def _number(word: str) -> int:
    return _MONTHS.get(word, _DAYS.get(word, -1)) if word.isalpha() else int(word)
