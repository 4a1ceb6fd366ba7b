"""What is to be started first: steps from which the longest way leads to the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from isotherm.planning.plan import Plan, Step


def remaining_seconds(plan: Plan, expected: Callable[[Step], float]) -> Mapping[str, float]:
    """For each step how long it takes from its beginning to the end of all that waits for it,
    where each step takes as long as is expected of it."""
    remaining: dict[str, float] = {}
    for step in reversed(tuple(plan)):
        following = (remaining[key] for key in plan.dependants[step.key])
        remaining[step.key] = expected(step) + max(following, default=0.0)
    return remaining
