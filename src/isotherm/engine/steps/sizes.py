"""How big the values of a stack's resources are together."""

from __future__ import annotations

from isotherm.core.values import Value
from isotherm.engine.steps.failures import StepFailed
from isotherm.template import MAX_TEXT, weight

_ANY_STACK = 4 * MAX_TEXT
_EACH_RESOURCE = 64 * 1024
_HEAVY = MAX_TEXT // 8
"""Values of this size can be compared and recorded while others wait for their turn."""


class Sizes:
    """All values of a stack lie in memory at a time, and whoever looks at the stack reads them:
    what one value may be, hundreds may not."""

    def __init__(self, resources: int) -> None:
        self._most = _ANY_STACK + _EACH_RESOURCE * resources
        self._of: dict[str, int] = {}

    @property
    def are_heavy(self) -> bool:
        """Whether the next value may be so big that evaluating it takes long."""
        return max(self._of.values(), default=0) > _HEAVY

    def note(self, resource: str, *values: Value) -> None:
        """Raises StepFailed where it is too much with these values of a resource."""
        self._of[resource] = sum(map(weight, values))
        if sum(self._of.values()) > self._most:
            raise StepFailed("the values of all resources together are too big")
