"""Operations of the cloud, `<service type>.<entity>.<verb>`: how long, how they fail, how often.

A pattern may end in or contain `*`: `compute.*`, `*.create`. An exact name beats a pattern.
"""

import random
from collections import Counter
from fnmatch import fnmatchcase
from typing import Literal

import msgspec


class FaultRule(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What goes wrong with an operation. Without `count`, until the rules are replaced.

    `delay` (seconds) comes first. Then either the operation is refused with `status` and
    `message`, or the connection is closed without a reply (`drop_reply`: `before` the
    operation is applied, or `after`), or it is accepted and its object later goes to
    `state` with `message` as its fault.
    """

    status: int | None = None
    message: str = "Injected fault."
    retry_after: int | None = None
    delay: float = 0.0
    drop_reply: Literal["before", "after"] | None = None
    state: str | None = None
    count: int | None = None
    skip: int = 0
    probability: float = 1.0
    seed: int | None = None


class Injector:
    """The fault rules in force, and how far each is used up."""

    def __init__(self) -> None:
        self._rules: dict[str, FaultRule] = {}
        self._seen: Counter[str] = Counter()
        self._fired: Counter[str] = Counter()
        self._random: dict[str, random.Random] = {}

    @property
    def rules(self) -> dict[str, FaultRule]:
        return self._rules

    def replace(self, rules: dict[str, FaultRule]) -> None:
        self._rules = rules
        self._seen.clear()
        self._fired.clear()
        self._random = {
            pattern: random.Random(rule.seed)  # noqa: S311 -- dice, not keys
            for pattern, rule in rules.items()
        }

    def draw(self, operation: str) -> FaultRule | None:
        """The rule that strikes this call of the operation, if any."""
        for pattern in _matching(self._rules, operation):
            rule = self._rules[pattern]
            self._seen[pattern] += 1
            if self._seen[pattern] <= rule.skip:
                continue
            if rule.count is not None and self._fired[pattern] >= rule.count:
                continue
            if self._random[pattern].random() < rule.probability:
                self._fired[pattern] += 1
                return rule
        return None


class Timings:
    """Seconds that operations take; what is not named takes its own default."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def of(self, operation: str, default: float) -> float:
        for pattern in _matching(self.seconds, operation):
            return self.seconds[pattern]
        return default


class Calls:
    """How often operations were called, and how often they were applied (not refused)."""

    def __init__(self) -> None:
        self.called: Counter[str] = Counter()
        self.applied: Counter[str] = Counter()

    def clear(self) -> None:
        self.called.clear()
        self.applied.clear()


def _matching(patterns: dict[str, FaultRule] | dict[str, float], operation: str) -> list[str]:
    if not patterns:
        return []
    exact = [operation] if operation in patterns else []
    return exact + [p for p in patterns if p != operation and fnmatchcase(operation, p)]
