"""OS::Neutron::Pool and what went with it: the first generation of load balancers, on today's service."""

import json
from collections.abc import Collection, Set
from typing import Any

from isotherm import kit
from isotherm.kit import KEEP, Properties, attr, changeable, deprecated, former, hidden, prop, register, supported
from isotherm.kit.services.compute import SERVER
from isotherm.kit.services.load_balancer import LISTENER, MEMBER, POOL
from isotherm.resources.load_balancer.balancer import BalancerType, Switched
from isotherm.resources.load_balancer.pool import SessionPersistence
from isotherm.resources.load_balancer.whole_balancer import ASKED, WholeBalancerType, ensure, watch

_GONE = hidden("9.0.0", deprecated("7.0.0"))
_GONE_SINCE = hidden("9.0.0", deprecated("7.0.0", supported("2014.1")))
_POOL = "pool"
"""Key of the private data: the pool behind the load balancer."""


class HealthMonitorProperties(Switched):
    delay: int = changeable("Seconds from look to look.")
    type: str = prop("How to ask.", allowed=("PING", "TCP", "HTTP", "HTTPS"))
    max_retries: int = changeable("Looks that must fail until a member is down.")
    timeout: int = changeable("Seconds that a look may take.")
    http_method: str | None = changeable("HTTP method to ask with.")
    expected_codes: str | None = changeable("HTTP statuses of a member that works.")
    url_path: str | None = changeable("Path to ask for.")


def _given(name: str) -> kit.Reading:
    return lambda ctx, _: ctx.props.given().get(name)


@register("OS::Neutron::HealthMonitor", support=_GONE, successor="OS::Octavia::HealthMonitor")
class HealthMonitor(kit.NamedType[HealthMonitorProperties]):
    """How it is found out whether members work. Today a monitor belongs to its pool: this one is
    nothing but what is said of it, and a reference to it says the same."""

    service = "load-balancer"
    attributes = tuple(
        attr(name, kind, f"Its {name}.", reads=_given(name))
        for name, kind in (
            *(("admin_state_up", str), ("delay", str), ("expected_codes", list), ("http_method", str)),
            *(("max_retries", str), ("timeout", str), ("type", str), ("url_path", str)),
        )
    ) + (attr("tenant_id", doc="Project that owns it.", reads=lambda ctx, _: ctx.stack.project_id),)

    def reference(self, ctx: kit.Context[HealthMonitorProperties]) -> kit.Value:
        return json.dumps(ctx.props.given(), sort_keys=True)


class Vip(Properties):
    name: str | None = prop("Name.")
    description: str | None = prop("Description.")
    subnet: str | None = prop("Subnet of the address; by default that of the members.", finds="neutron.subnet")
    address: str | None = prop("Address.", exists="ip_addr")
    connection_limit: int | None = prop("Most connections.")
    protocol_port: int = prop("Port.")
    session_persistence: SessionPersistence | None = prop("How clients come back to the same member.")
    admin_state_up: bool = prop("Whether it is in use.", default=True)


class PoolProperties(Switched):
    protocol: str = prop("Protocol.", allowed=("TCP", "HTTP", "HTTPS"))
    subnet_id: str | None = former("subnet", exists="neutron.subnet", support=supported())
    subnet: str = prop("Subnet of the members.", finds="neutron.subnet")
    lb_method: str = changeable("How members are chosen.", allowed=("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP"))
    name: str | None = prop("Name.")
    description: str | None = changeable("Description.")
    vip: Vip = prop("The address.")
    provider: str | None = prop("Who provides it.", exists="neutron.lb.provider")
    monitors: list[Any] = changeable("Monitors: references of OS::Neutron::HealthMonitor.", default=[])


Here = kit.Context[PoolProperties]


def _vip(ctx: Here, remote: kit.Remote) -> kit.Value:
    shown = {"address": "vip_address", "port_id": "vip_port_id", "subnet_id": "vip_subnet_id", "id": "id"}
    return {**{name: remote.get(field) for name, field in shown.items()}, "protocol_port": ctx.props.vip.protocol_port}


@register("OS::Neutron::Pool", support=_GONE, successor="OS::Octavia::Pool")
class Pool(WholeBalancerType[PoolProperties]):
    """An address and the members behind it: a load balancer with one listener and one pool, which go
    with it. A reference means the pool."""

    attributes = (
        *(attr(name, doc=f"Its {name}.", reads=_given(name)) for name in ("lb_method", "protocol", "provider")),
        *(attr(name, doc=f"Its {name}.") for name in ("admin_state_up", "name", "description")),
        attr("subnet_id", doc="Subnet of the members.", reads=_given("subnet")),
        attr("tenant_id", doc="Project that owns it.", source="project_id"),
        attr("vip", dict, "The address.", reads=_vip),
    )

    def problems(self, properties: kit.Values) -> kit.Problems:
        monitors = properties.get("monitors")
        if not isinstance(monitors, list):
            return
        if len(monitors) > 1:
            yield "monitors.1", "cannot be: the load balancer service watches a pool in one way"
        for i, each in enumerate(monitors):
            if not isinstance(each, kit.Unknown) and _said(each) is None:
                yield f"monitors.{i}", "is no reference of an OS::Neutron::HealthMonitor"

    def create_body(self, ctx: Here) -> kit.Fields:
        props, vip = ctx.props, ctx.props.vip
        body = {
            "name": vip.name or props.name or ctx.physical_name,
            "description": vip.description,
            "vip_subnet_id": vip.subnet or props.subnet,
            "vip_address": vip.address,
            "provider": props.provider,
        }
        return {"admin_state_up": vip.admin_state_up, **{n: each for n, each in body.items() if each}}

    async def change_one(self, ctx: Here) -> bool:
        listener = await self._only(ctx, LISTENER)
        if await ensure(ctx, LISTENER, listener, {**_listener(ctx), "loadbalancer_id": ctx.physical_id}):
            return True
        assert listener is not None
        pool = await self._only(ctx, POOL)
        if await ensure(ctx, POOL, pool, {**_pool(ctx), "listener_id": listener["id"]}):
            return True
        assert pool is not None
        ctx.data[_POOL] = pool["id"]
        return await watch(ctx, pool, _monitor(ctx))

    async def _only(self, ctx: Here, entity: kit.Entity) -> kit.Remote | None:
        """The only part of its kind, if it is there."""
        return next(iter(await ctx.api.list(entity, loadbalancer_id=ctx.physical_id)), None)

    def reference(self, ctx: Here) -> kit.Value:
        return ctx.data.get(_POOL) or ctx.physical_id


def _listener(ctx: Here) -> kit.Fields:
    limit = ctx.props.vip.connection_limit
    return {
        "protocol": ctx.props.protocol,
        "protocol_port": ctx.props.vip.protocol_port,
        **({} if limit is None else {"connection_limit": limit}),
    }


def _pool(ctx: Here) -> kit.Fields:
    kept = ctx.props.vip.session_persistence
    return {
        "protocol": ctx.props.protocol,
        "lb_algorithm": ctx.props.lb_method,
        "admin_state_up": ctx.props.admin_state_up,
        "description": ctx.props.description or "",
        **({"session_persistence": kit.create_fields(kept)} if kept else {}),
    }


def _monitor(ctx: Here) -> dict[str, Any]:
    """What the reference of a monitor says."""
    for told in filter(None, map(_said, ctx.props.monitors)):
        asks = told["type"] in ("HTTP", "HTTPS")
        return {n: v for n, v in told.items() if asks or n not in ASKED}
    return {}


def _said(reference: kit.Value) -> dict[str, Any] | None:
    """What the reference of a monitor says; None where it is of something else."""
    try:
        said = json.loads(reference) if isinstance(reference, str) else None
    except ValueError:
        return None
    return said if isinstance(said, dict) and "type" in said else None


class PoolMemberProperties(Properties):
    pool_id: str = changeable("Pool.", sends=None)
    address: str = prop("Address.", exists="ip_addr")
    protocol_port: int = prop("Port.", ge=0, le=65535)
    weight: int | None = changeable("How much work it takes, against the others.", ge=0, le=256, clears=1)
    admin_state_up: bool = prop("Whether it is in use.", default=True)


@register("OS::Neutron::PoolMember", support=_GONE_SINCE, successor="OS::Octavia::PoolMember")
class PoolMember(BalancerType[PoolMemberProperties]):
    """A server that does work of a pool."""

    entity = MEMBER
    parent_property = "pool_id"
    renewed_by = ("pool_id",)
    attributes = (
        *(attr(name, doc=f"Its {name}.") for name in ("admin_state_up", "weight", "address", "protocol_port")),
        attr("tenant_id", doc="Project that owns it.", source="project_id"),
        attr("pool_id", doc="Its pool.", reads=_given("pool_id")),
    )


class LoadBalancerProperties(Properties):
    pool_id: str = changeable("Pool.")
    protocol_port: int = prop("Port of the servers.", ge=0, le=65535)
    members: list[Any] | None = changeable("Servers.", clears=KEEP)


@register("OS::Neutron::LoadBalancer", support=_GONE_SINCE, successor="OS::Octavia::PoolMember")
class LoadBalancer(kit.MembershipsType[LoadBalancerProperties]):
    """Servers that do work of a pool, each by its first address. A member goes by its server's id."""

    entity = MEMBER

    async def create(self, ctx: kit.Context[LoadBalancerProperties]) -> kit.Outcome:
        await ctx.api.show(POOL, ctx.props.pool_id)
        return await super().create(ctx)

    async def update(self, ctx: kit.Context[LoadBalancerProperties], changes: kit.Changes) -> kit.Outcome:
        if "pool_id" in changes:
            await ctx.api.show(POOL, ctx.props.pool_id)
        return await super().update(ctx, changes)

    def members(self, props: LoadBalancerProperties) -> Set[str]:
        return {f"{props.pool_id}/{server}" for server in props.members or ()}

    async def add(self, ctx: kit.Context[LoadBalancerProperties], member: str) -> None:
        pool, _, server = member.partition("/")
        if member in await self.shown(ctx, [member]):
            return
        addresses = (await ctx.api.show(SERVER, server)).get("addresses") or {}
        for each in (each for network in addresses.values() for each in network):
            body = {"name": server, "address": each["addr"], "protocol_port": ctx.props.protocol_port}
            await ctx.api.create(MEMBER, body, parent=pool)
            return
        raise kit.Refused(f"Server {server} has no address.")

    async def take(self, ctx: kit.Context[LoadBalancerProperties], member: str) -> None:
        pool, _, server = member.partition("/")
        for each in await ctx.api.list(MEMBER, parent=pool, name=server):
            await ctx.api.delete(MEMBER, str(each["id"]), parent=pool)

    async def shown(self, ctx: kit.Context[LoadBalancerProperties], members: Collection[str]) -> Set[str]:
        pools = {member.partition("/")[0] for member in members}
        return {f"{pool}/{each['name']}" for pool in sorted(pools) for each in await ctx.api.list(MEMBER, parent=pool)}
