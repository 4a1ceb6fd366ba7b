"""OS::Heat::Delay: makes what depends on it wait."""

import hashlib
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, changeable, register, supported


class DelayProperties(Properties):
    min_wait: float = changeable("Seconds to wait at least.", default=0, ge=0)
    max_jitter: float = changeable(
        "Up to so many times the multiplier in seconds are added, by chance.", default=0, ge=0
    )
    jitter_multiplier: float = changeable("Seconds a unit of jitter.", default=1.0, ge=0)
    actions: list[Any] = changeable(
        "When to wait.", default=["CREATE"], allowed=("CREATE", "DELETE", "SUSPEND", "RESUME")
    )


@register("OS::Heat::Delay", support=supported("11.0.0"))
class Delay(kit.ResourceType[DelayProperties]):
    """A pause between resources, with a random part that spreads a crowd."""

    async def create(self, ctx: kit.Context[DelayProperties]) -> kit.Outcome:
        return self._wait(ctx, "CREATE")

    async def advance(self, ctx: kit.Context[DelayProperties], remote: kit.Remote) -> kit.Outcome:
        return self._wait(ctx, "CREATE")

    async def delete(self, ctx: kit.Context[DelayProperties]) -> kit.Outcome:
        return self._wait(ctx, "DELETE")

    async def advance_delete(self, ctx: kit.Context[DelayProperties], remote: kit.Remote) -> kit.Outcome:
        return self._wait(ctx, "DELETE")

    def _wait(self, ctx: kit.Context[DelayProperties], action: str) -> kit.Outcome:
        if action not in ctx.props.actions:
            return kit.Ready({})
        left = wait_of(ctx, action) - ctx.elapsed
        return kit.Pending(left) if left > 0 else kit.Ready({})


def wait_of(ctx: kit.Context[DelayProperties], action: str) -> float:
    """Seconds to wait; the jitter is drawn from the intent, so that a restart keeps it."""
    digest = hashlib.sha256(f"{ctx.intent.token}/{action}".encode()).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    jitter = share * ctx.props.max_jitter * ctx.props.jitter_multiplier
    return float(round(ctx.props.min_wait + jitter, 3))
