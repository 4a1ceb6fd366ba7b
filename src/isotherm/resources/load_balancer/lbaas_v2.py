"""OS::Neutron::LBaaS::*: load balancers as the network service once had them, on its successor."""

from typing import Any

from isotherm import kit
from isotherm.kit import attr, changeable, hidden, prop, register, supported
from isotherm.kit.services.load_balancer import MEMBER, POOL
from isotherm.resources.load_balancer import balancer, l7, pool

_GONE = hidden("21.0.0", supported("6.0.0"))
_GONE_L7 = hidden("21.0.0", supported("7.0.0"))


class LoadBalancerProperties(balancer.Described, balancer.Addressed):
    provider: str | None = prop("Who provides it.", exists="neutron.lbaas.provider", reads=None)


@register("OS::Neutron::LBaaS::LoadBalancer", support=_GONE, successor="OS::Octavia::LoadBalancer")
class LoadBalancer(balancer.LoadBalancer):
    """An address behind which others do the work."""

    Properties = LoadBalancerProperties
    attributes = balancer.ATTRIBUTES


class ListenerProperties(balancer.Listening):
    protocol: str = prop("Protocol.", allowed=("TCP", "HTTP", "HTTPS", balancer.TLS))
    loadbalancer: str | None = prop(
        "Load balancer; by default that of the pool.", finds="neutron.lbaas.loadbalancer", reads="loadbalancers.0.id"
    )
    default_pool: str | None = changeable("Pool that does the work.", finds="neutron.lbaas.pool")


@register("OS::Neutron::LBaaS::Listener", support=_GONE, successor="OS::Octavia::Listener")
class Listener(balancer.Listener):
    """A port that a load balancer listens on."""

    Properties = ListenerProperties
    one_of = (("loadbalancer", "default_pool"),)

    async def create(self, ctx: kit.Context[Any]) -> kit.Outcome:
        if ctx.props.loadbalancer is None and ctx.props.default_pool is not None:
            shown = await ctx.api.show(POOL, ctx.props.default_pool)
            ctx.props.loadbalancer = shown["loadbalancers"][0]["id"]
        return await super().create(ctx)


class PoolProperties(balancer.Described):
    session_persistence: pool.SessionPersistence | None = prop("How clients come back to the same member.")
    lb_algorithm: str = changeable("How members are chosen.", allowed=("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP"))
    listener: str | None = prop("Listener whose work it does.", finds="neutron.lbaas.listener", reads="listeners.0.id")
    loadbalancer: str | None = prop(
        "Load balancer it belongs to.", finds="neutron.lbaas.loadbalancer", reads="loadbalancers.0.id"
    )
    protocol: str = prop("Protocol of the members.", allowed=("TCP", "HTTP", "HTTPS"))


@register("OS::Neutron::LBaaS::Pool", support=_GONE, successor="OS::Octavia::Pool")
class Pool(pool.Pool):
    """Members that do the work of a listener."""

    Properties = PoolProperties


class PoolMemberProperties(pool.Membership):
    pool: str = prop("Pool.", finds="neutron.lbaas.pool", sends=None)
    subnet: str = prop("Subnet of its address.", finds="neutron.subnet")


def _pool_of(ctx: kit.Context[PoolMemberProperties], _: kit.Remote) -> kit.Value:
    return ctx.props.pool


@register("OS::Neutron::LBaaS::PoolMember", support=_GONE, successor="OS::Octavia::PoolMember")
class PoolMember(balancer.BalancerType[PoolMemberProperties]):
    """A server that does work of a pool."""

    entity = MEMBER
    parent_property = "pool"
    attributes = (attr("address", doc="Its address."), attr("pool_id", doc="Its pool.", reads=_pool_of))


class HealthMonitorProperties(pool.Watching):
    expected_codes: str = changeable("HTTP statuses of a member that works.", default="200")
    http_method: str = changeable("HTTP method to ask with.", default="GET", allowed=pool.METHODS)
    pool: str = prop("Pool to watch.", finds="neutron.lbaas.pool", reads="pools.0.id")
    type: str = prop("How to ask.", allowed=("PING", "TCP", "HTTP", "HTTPS"))
    url_path: str = changeable("Path to ask for.", default="/")


_ASKS = frozenset({"expected_codes", "http_method", "url_path"})


@register("OS::Neutron::LBaaS::HealthMonitor", support=_GONE, successor="OS::Octavia::HealthMonitor")
class HealthMonitor(pool.HealthMonitor):
    """How it is found out whether the members of a pool work."""

    Properties = HealthMonitorProperties

    def create_body(self, ctx: kit.Context[Any]) -> kit.Fields:
        return _told(ctx, super().create_body(ctx))

    def update_body(self, ctx: kit.Context[Any], changes: kit.Changes) -> kit.Fields:
        return _told(ctx, super().update_body(ctx, changes))


def _told(ctx: kit.Context[Any], body: kit.Fields) -> kit.Fields:
    """What is asked for by HTTP has defaults, and today's service takes it of no other kind."""
    asks = ctx.props.type in ("HTTP", "HTTPS")
    return {name: each for name, each in body.items() if asks or name not in _ASKS}


class L7PolicyProperties(l7.Deciding):
    redirect_pool: str | None = changeable("Pool that they are sent to.", finds="neutron.lbaas.pool")
    listener: str = prop("Listener.", finds="neutron.lbaas.listener")


@register("OS::Neutron::LBaaS::L7Policy", support=_GONE_L7, successor="OS::Octavia::L7Policy")
class L7Policy(l7.L7Policy):
    """What becomes of requests that meet some rules."""

    Properties = L7PolicyProperties


class L7RuleProperties(l7.Comparing):
    l7policy: str = prop("Policy.", resolves="octavia.l7policy", sends=None)


@register("OS::Neutron::LBaaS::L7Rule", support=_GONE_L7, successor="OS::Octavia::L7Rule")
class L7Rule(l7.L7Rule):
    """What a request must have for a policy to hold."""

    Properties = L7RuleProperties
