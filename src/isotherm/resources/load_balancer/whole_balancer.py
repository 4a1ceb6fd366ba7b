"""Types that are a load balancer with all its parts, which go with it."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from isotherm import kit
from isotherm.kit import P
from isotherm.kit.services.load_balancer import HEALTH_MONITOR, LOAD_BALANCER
from isotherm.resources.load_balancer.balancer import BalancerType

ASKED = ("http_method", "expected_codes", "url_path")
"""What is said of monitors that ask by HTTP."""


class WholeBalancerType(BalancerType[P]):
    """Parts are made and changed one after the other, each once the load balancer has taken in the one
    before: what is there is compared with what is wanted, so it can go on after any interruption."""

    entity = LOAD_BALANCER

    @abstractmethod
    async def change_one(self, ctx: kit.Context[P]) -> bool:
        """Make or change the first part that is not as wanted; whether there was one."""

    always_completes = True

    async def update(self, ctx: kit.Context[P], changes: kit.Changes) -> kit.Outcome:
        return kit.Pending(0)

    async def advance(self, ctx: kit.Context[P], remote: kit.Remote) -> kit.Outcome:
        judged = self.judge(remote)
        if not isinstance(judged, kit.Ready):
            return judged
        return kit.Pending(0) if await self.change_one(ctx) else kit.Ready()

    async def remove(self, ctx: kit.Context[P]) -> None:
        await ctx.api.call("load-balancer", "DELETE", f"{LOAD_BALANCER.path}/{ctx.physical_id}?cascade=true")

    def live(self, remote: kit.Remote) -> kit.Values:
        """What is looked at is the load balancer; the rest is compared part by part."""
        return {}


async def ensure(ctx: kit.Context[Any], entity: kit.Entity, present: kit.Remote | None, wanted: kit.Fields) -> bool:
    """Whether a call had to be made for the part to be as wanted."""
    if present is None:
        await ctx.api.create(entity, wanted)
        return True
    change = {n: each for n, each in wanted.items() if n in present and _differs(present[n], each)}
    if change:
        await ctx.api.update(entity, str(present["id"]), change)
    return bool(change)


async def watch(ctx: kit.Context[Any], pool: kit.Remote, wanted: kit.Fields) -> bool:
    """Whether a call had to be made for the pool to be watched as wanted; empty: not at all. What is
    watched in another way is watched anew."""
    monitor = pool.get("healthmonitor_id")
    shown = await ctx.api.show(HEALTH_MONITOR, str(monitor)) if monitor else None
    if shown is not None and wanted.get("type") != shown["type"]:
        await ctx.api.delete(HEALTH_MONITOR, str(monitor))
        return True
    return bool(wanted) and await ensure(ctx, HEALTH_MONITOR, shown, {**wanted, "pool_id": pool["id"]})


def _differs(shown: Any, wanted: Any) -> bool:
    """Of an object only what is wanted is compared: there may be more."""
    if isinstance(shown, Mapping) and isinstance(wanted, Mapping):
        return any(shown.get(name) != each for name, each in wanted.items())
    return bool(shown != wanted)
