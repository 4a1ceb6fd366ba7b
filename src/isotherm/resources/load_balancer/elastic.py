"""AWS::ElasticLoadBalancing::LoadBalancer: a load balancer in the words of AWS."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, Told, attr, changeable, prop, register
from isotherm.kit.services.load_balancer import LISTENER, LOAD_BALANCER, POOL
from isotherm.kit.services.network import NETWORK, PORT, SUBNET
from isotherm.resources import balancing_servers, pool_members
from isotherm.resources.balancing_servers import target_of
from isotherm.resources.load_balancer.whole_balancer import WholeBalancerType, ensure, watch
from isotherm.resources.networking import default_groups


class HealthCheck(Properties):
    healthy: int = prop("Looks until it is up.", name="HealthyThreshold")
    interval: int = prop("Seconds from look to look.", name="Interval")
    target: str = prop("What to ask: PROTOCOL:PORT, and a path where it is HTTP.", name="Target")
    timeout: int = prop("Seconds that a look may take.", name="Timeout")
    unhealthy: int = prop("Looks that fail until it is down.", name="UnhealthyThreshold")


class Listening(Properties):
    inside: int = prop("Port of the instances.", name="InstancePort")
    port: int = prop("Port of the load balancer.", name="LoadBalancerPort")
    protocol: str = prop("Protocol.", name="Protocol", allowed=("TCP", "HTTP"))
    certificate: str | None = prop("Not used.", name="SSLCertificateId", implemented=False)
    policies: list[Any] | None = prop("Not used.", name="PolicyNames", implemented=False)


class ElasticProperties(Properties):
    zones: list[Any] | None = prop("Its subnet decides where it is.", name="AvailabilityZones", told=Told.AS_REQUIRED)
    check: HealthCheck | None = prop("How instances are watched.", name="HealthCheck")
    instances: list[Any] | None = changeable("Servers that do the work.", name="Instances")
    listeners: list[Listening] = prop("What it takes in.", name="Listeners")
    app_cookies: str | None = prop("Not used.", name="AppCookieStickinessPolicy", implemented=False)
    own_cookies: str | None = prop("Not used.", name="LBCookieStickinessPolicy", implemented=False)
    groups: list[Any] | None = changeable("Security groups of its port.", name="SecurityGroups")
    subnets: list[Any] | None = prop("Subnet of its address: a list of one.", name="Subnets", told=Told.NOT_AT_ALL)


ONE_SUBNET = "Anything other than one subnet is not supported yet; give that of its address: instances may be in any"
Here = kit.Context[ElasticProperties]
_SUBNET = "subnet"
"""Key of the private data: where its address is."""


def _nothing(ctx: Here, remote: kit.Remote) -> kit.Value:
    return ""


class InWordsOfAws(kit.ResourceType[ElasticProperties]):
    """What holds of a load balancer of AWS, whatever stands for it."""

    refers_by = "resource"
    attributes = (
        attr("CanonicalHostedZoneName", doc="Its address.", source="vip_address"),
        attr("CanonicalHostedZoneNameID", doc="Always empty.", reads=_nothing),
        attr("DNSName", doc="Its address.", source="vip_address"),
        attr("SourceSecurityGroup.GroupName", doc="Always empty.", reads=_nothing),
        attr("SourceSecurityGroup.OwnerAlias", doc="Always empty.", reads=_nothing),
    )
    one_of = (("AvailabilityZones", "Subnets"),)

    def problems(self, properties: kit.Values) -> kit.Problems:
        subnets = properties.get("Subnets")
        if isinstance(subnets, list) and len(subnets) != 1:
            yield "Subnets", ONE_SUBNET
        check = properties.get("HealthCheck")
        if not isinstance(check, Mapping):
            return
        interval, timeout = check.get("Interval"), check.get("Timeout")
        if isinstance(interval, int) and isinstance(timeout, int) and interval <= timeout:
            yield "HealthCheck.Interval", "must be larger than Timeout"
        target = check.get("Target")
        if isinstance(target, str) and target_of(target) is None:
            yield "HealthCheck.Target", "must be written as TCP:PORT or HTTP:PORT/PATH"


@register("AWS::ElasticLoadBalancing::LoadBalancer")
class ElasticLoadBalancer(InWordsOfAws, WholeBalancerType[ElasticProperties]):
    """A load balancer in the words of AWS. Its address is in its subnet, or else in that of the first instance."""

    async def create(self, ctx: Here) -> kit.Outcome:
        if _SUBNET not in ctx.data:
            ctx.data[_SUBNET] = await _subnet(ctx)
            return kit.Pending(0, stage="placed")
        return await super().create(ctx)

    def create_body(self, ctx: Here) -> kit.Fields:
        return {"name": ctx.physical_name, "vip_subnet_id": ctx.data.get(_SUBNET)}

    async def suspend(self, ctx: Here) -> kit.Outcome:
        return await self._switch(ctx, up=False)

    async def resume(self, ctx: Here) -> kit.Outcome:
        return await self._switch(ctx, up=True)

    async def _switch(self, ctx: Here, *, up: bool) -> kit.Outcome:
        await ctx.api.update(LOAD_BALANCER, ctx.physical_id, {"admin_state_up": up})
        return kit.Pending(0)

    async def change_one(self, ctx: Here) -> bool:
        for each in ctx.props.listeners:
            if await self._listen(ctx, each):
                return True
        await self._guard(ctx)
        return False

    async def _listen(self, ctx: Here, told: Listening) -> bool:
        here = {"loadbalancer_id": ctx.physical_id}
        listeners = await ctx.api.list(LISTENER, **here)
        listener = next((each for each in listeners if each["protocol_port"] == told.port), None)
        wanted = {**here, "protocol": told.protocol, "protocol_port": told.port}
        if await ensure(ctx, LISTENER, listener, wanted) or listener is None:
            return True
        pool_id = listener.get("default_pool_id")
        pool = await ctx.api.show(POOL, str(pool_id)) if pool_id else None
        wanted = {"listener_id": listener["id"], "protocol": told.protocol, "lb_algorithm": "ROUND_ROBIN"}
        if await ensure(ctx, POOL, pool, wanted) or pool is None:
            return True
        return await watch(ctx, pool, _monitor(ctx.props.check)) or await self._fill(ctx, told, str(pool["id"]))

    async def _fill(self, ctx: Here, told: Listening, pool: str) -> bool:
        """Members that groups have put there stay."""
        check = ctx.props.check
        watched = int(_target(check.target)["port"]) if check else 0
        servers = [str(each) for each in ctx.props.instances or ()]
        own = await pool_members.members_of(ctx.api, servers, told.inside, watched)
        there = await pool_members.present(ctx.api, pool)
        kept = [each for each in there if pool_members.joined(each)]
        return await pool_members.have(ctx.api, pool, there, [*own, *kept])

    async def _guard(self, ctx: Here) -> None:
        if ctx.props.groups is None and not ctx.changes("SecurityGroups"):
            return
        port = (await ctx.api.show(LOAD_BALANCER, ctx.physical_id))["vip_port_id"]
        groups = (
            await default_groups(ctx)
            if ctx.props.groups is None
            else [await ctx.api.find("neutron.security_group", each) for each in ctx.props.groups]
        )
        if set((await ctx.api.show(PORT, port))["security_groups"]) != set(groups):
            await ctx.api.update(PORT, port, {"security_groups": groups})


def _target(text: str) -> Mapping[str, str]:
    """Protocol, port and path. Validation has seen to its form."""
    return target_of(text) or {"protocol": "TCP", "port": "0", "path": ""}


async def _subnet(ctx: Here) -> str:
    """The one that was named, or that of the first instance, or else any of the project's own."""
    for named in ctx.props.subnets or ():
        return await ctx.api.find("neutron.subnet", str(named))
    for instance in ctx.props.instances or ():
        for port in await ctx.api.list(PORT, device_id=str(instance)):
            return str(port["fixed_ips"][0]["subnet_id"])
    own: dict[str, Any] = {"router:external": False}
    for network in await ctx.api.list(NETWORK, **own):
        for subnet in await ctx.api.list(SUBNET, network_id=str(network["id"])):
            return str(subnet["id"])
    raise kit.Refused("There is no subnet that the load balancer could be in.")


def _monitor(check: HealthCheck | None) -> dict[str, Any]:
    if check is None:
        return {}
    target = _target(check.target)
    asks = target["protocol"].upper() in ("HTTP", "HTTPS")
    asked = {"url_path": target["path"]} if asks and target["path"] else {}
    return {
        "type": target["protocol"].upper() if asks else "TCP",
        "delay": check.interval,
        "timeout": check.timeout,
        "max_retries": check.healthy,
        "max_retries_down": check.unhealthy,
        **asked,
    }


Standing = kit.Context[ElasticProperties]
_SERVERS, _TOLD = "servers", "told"
"""Keys of the private data: addresses of the instances by their ids, and what has been told so far."""


@register(kit.stand_in_of("AWS::ElasticLoadBalancing::LoadBalancer"))
class ElasticServer(InWordsOfAws, kit.StackType[ElasticProperties]):
    """A server with HAProxy, from a template that the operator may replace."""

    _template = str(Path(__file__).with_name("elastic_server.yaml"))

    def heed(self, options: Mapping[str, Any]) -> None:
        super().heed(options)
        self._template = options.get("loadbalancer_template") or self._template

    async def create(self, ctx: Standing) -> kit.Outcome:
        await self._look(ctx)
        return await super().create(ctx)

    async def update(self, ctx: Standing, changes: kit.Changes) -> kit.Outcome:
        present = await ctx.stacks.blueprint(ctx.physical_id)
        ctx.data[_TOLD] = balancing_servers.told(json.loads(present.template)) if present else ""
        await self._look(ctx)
        return await super().update(ctx, changes)

    async def _look(self, ctx: Standing) -> None:
        servers = [str(each) for each in ctx.props.instances or ()]
        ctx.data[_SERVERS] = await balancing_servers.addresses_of(ctx.api, servers)

    def blueprint(self, ctx: Standing) -> kit.Blueprint:
        template = kit.template_data(Path(self._template).read_text(encoding="utf-8"))
        servers, told = ctx.data.get(_SERVERS) or {}, str(ctx.data.get(_TOLD) or "")
        properties: Any = kit.reveal(ctx.sealed)
        balancing_servers.tell(template, balancing_servers.configuration(properties, servers, told))
        if ctx.props.groups:
            instance = template["Resources"][balancing_servers.INSTANCE]
            instance["Properties"]["SecurityGroupIds"] = list(ctx.props.groups)
        return kit.Blueprint(json.dumps(template), {})

    def attribute(self, ctx: Standing, remote: kit.Remote, name: str) -> kit.Value:
        if name in ("CanonicalHostedZoneName", "DNSName"):
            return remote["outputs"].get("PublicIp")
        declared = any(each.name == name for each in self.attributes)
        return "" if declared else super().attribute(ctx, remote, name)
