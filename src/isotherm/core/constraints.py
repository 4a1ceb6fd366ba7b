"""Constraints on values: pure checks, and look-ups that only the cloud can answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from isotherm.core.patterns import PatternError, matches_fully
from isotherm.core.pure_checks import CHECKS, check_not_expired
from isotherm.core.suggestions import suggest


class Constraint(Protocol):
    """A rule for a value; ``violation`` gives the reason it is broken, or None.

    ``description``, where not empty, is the author's own text for a violation.
    """

    @property
    def description(self) -> str: ...

    def violation(self, value: Any) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Range:
    minimum: float | None = None
    maximum: float | None = None
    description: str = ""

    def violation(self, value: Any) -> str | None:
        number = value if isinstance(value, int) else float(value)
        low, high = self.minimum, self.maximum
        if (low is None or number >= low) and (high is None or number <= high):
            return None
        return f"{value} is out of range (min: {_limit(low)}, max: {_limit(high)})"


@dataclass(frozen=True, slots=True)
class Length:
    minimum: int | None = None
    maximum: int | None = None
    description: str = ""

    def violation(self, value: Any) -> str | None:
        low, high = self.minimum, self.maximum
        if not isinstance(value, Sized):
            return f"{value!r} has no length"
        if (low is None or len(value) >= low) and (high is None or len(value) <= high):
            return None
        return f"length ({len(value)}) is out of range (min: {_limit(low)}, max: {_limit(high)})"


@dataclass(frozen=True, slots=True)
class Modulo:
    step: int
    offset: int = 0
    description: str = ""

    def violation(self, value: Any) -> str | None:
        number = value if isinstance(value, (int, float)) else float(value)
        if number % self.step == self.offset:
            return None
        return f"{value} is not a multiple of {self.step} with an offset of {self.offset}"


_MOST_LISTED = 40
_FIRST, _LAST = 3, 22


def _listed(values: tuple[Any, ...]) -> str:
    """As in a template; of very many, the first few, and the last, where words stand."""
    if len(values) <= _MOST_LISTED:
        return str(list(values))
    shown = [*map(repr, values[:_FIRST]), "…", *map(repr, values[-_LAST:])]
    return f"[{', '.join(shown)}]"


@dataclass(frozen=True, slots=True)
class AllowedValues:
    values: tuple[Any, ...]
    description: str = ""

    def violation(self, value: Any) -> str | None:
        # A list satisfies the constraint when each of its elements does.
        each = value if isinstance(value, list) else [value]
        texts = frozenset(map(str, self.values))
        bad = [one for one in each if not self._allows(one, texts)]
        if not bad:
            return None
        return f"{bad[0]!r} is not an allowed value {_listed(self.values)}"

    def _allows(self, value: Any, texts: frozenset[str]) -> bool:
        """Whether a value is listed, be it as text (``1`` and ``'1'``, ``true`` and ``'true'``)."""
        if str(value) in texts:
            return True
        if isinstance(value, bool):
            return any(each.lower() == str(value).lower() for each in texts) or value in self.values
        return not isinstance(value, str) and value in self.values


@dataclass(frozen=True, slots=True)
class AllowedPattern:
    pattern: str
    description: str = ""

    def violation(self, value: Any) -> str | None:
        # Anchored at both ends: a pattern describes the whole value.
        try:
            if matches_fully(self.pattern, value):
                return None
        except PatternError as error:
            return f"{value!r} cannot be checked against pattern {self.pattern!r}: {error}"
        return f"{value!r} does not match pattern {self.pattern!r}"


@dataclass(frozen=True, slots=True)
class CustomConstraint:
    """A named rule. Names with a pure check are decided here, all others ask the cloud."""

    name: str
    description: str = ""

    @property
    def pure(self) -> bool:
        return self.name in CHECKS

    @property
    def expires(self) -> bool:
        """Whether the value is a date that must lie ahead."""
        return self.name == "expiration"

    def violation(self, value: Any) -> str | None:
        check: Callable[[Any], str | None] | None = CHECKS.get(self.name)
        return check(value) if check else None

    def violation_at(self, now: datetime, value: Any) -> str | None:
        """Like ``violation``, where it is known what time it is."""
        return self.violation(value) or (check_not_expired(value, now) if self.expires else None)


def _limit(number: float | None) -> str:
    return f"{number:g}" if isinstance(number, float) else str(number)


def first_violation(constraints: Sequence[Constraint], value: Any) -> str | None:
    """The reason of the first broken rule, the author's own text first if there is one."""
    for constraint in constraints:
        if reason := constraint.violation(value):
            return f"{constraint.description}: {reason}" if constraint.description else reason
    return None


def near_allowed(constraints: Sequence[Constraint], value: Any) -> str:
    """A hint at the allowed value that ``value`` looks like, or an empty string."""
    for constraint in constraints:
        if isinstance(constraint, AllowedValues) and constraint.violation(value):
            return suggest(str(value), map(str, constraint.values))
    return ""
