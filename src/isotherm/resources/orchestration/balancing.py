"""Load balancers that the instances of a group join, in the words of AWS."""

from collections.abc import Collection, Mapping
from typing import Any

from isotherm import kit
from isotherm.kit.services.load_balancer import LISTENER
from isotherm.resources import balancing_servers, pool_members

_TYPE = "AWS::ElasticLoadBalancing::LoadBalancer"


async def join(ctx: kit.Context[Any], names: Collection[kit.Value], servers: Collection[str]) -> None:
    """Have these servers, and no others of the group, be members of all its load balancers. May be
    repeated, and is after each call for which the load balancer is busy for a moment. Raises
    Refused where the stack has no such load balancer."""
    for name in names:
        balancer = ctx.neighbour(name)
        if balancer is not None and balancer.type == kit.stand_in_of(_TYPE):
            await balancing_servers.join(ctx, balancer, servers)
            continue
        if balancer is None or balancer.type != _TYPE:
            raise kit.Refused(f"Unsupported resource '{name}' in LoadBalancerNames")
        inside = {int(each["LoadBalancerPort"]): int(each["InstancePort"]) for each in _listeners(balancer)}
        for listener in await ctx.api.list(LISTENER, loadbalancer_id=balancer.physical_id):
            port, pool = inside.get(listener["protocol_port"]), listener.get("default_pool_id")
            if port is not None and pool is not None:
                await _fill(ctx, str(pool), await _members(ctx, balancer, port, servers))


async def _fill(ctx: kit.Context[Any], pool: str, members: list[dict[str, Any]]) -> None:
    tag = pool_members.tag_of(ctx.physical_id)
    there = await pool_members.present(ctx.api, pool)
    others = [each for each in there if tag not in (each.get("tags") or ())]
    own = [{**each, "tags": [tag]} for each in members]
    await pool_members.have(ctx.api, pool, there, [*others, *own])


async def _members(
    ctx: kit.Context[Any], balancer: kit.Neighbour, port: int, servers: Collection[str]
) -> list[dict[str, Any]]:
    check = balancer.properties.get("HealthCheck")
    target = str(check["Target"]) if isinstance(check, Mapping) else ""
    watched = target.partition(":")[2].partition("/")[0]
    return await pool_members.members_of(ctx.api, sorted(servers), port, int(watched or 0))


def _listeners(balancer: kit.Neighbour) -> list[kit.Fields]:
    given: Any = balancer.properties.get("Listeners")
    return list(given or ())
