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
        self._together = 0
        self._biggest = 0

    @property
    def are_heavy(self) -> bool:
        """Whether the next value may be so big that evaluating it takes long:
        one that big was among those before."""
        return self._biggest > _HEAVY

    def note(self, resource: str, *values: Value) -> None:
        """Raises StepFailed where it is too much with these values of a resource."""
        size = sum(map(weight, values))
        self._together += size - self._of.get(resource, 0)
        self._biggest = max(self._biggest, size)
        self._of[resource] = size
        if self._together > self._most:
            raise StepFailed("the values of all resources together are too big")
