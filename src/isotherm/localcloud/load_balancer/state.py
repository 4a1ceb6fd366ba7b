"""The load balancer service: its collections, and what belongs to what."""

from collections.abc import Iterator

from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.load_balancer.entities import (
    Flavor,
    FlavorProfile,
    HealthMonitor,
    L7Policy,
    L7Rule,
    Listener,
    LoadBalancer,
    Member,
    Part,
    Pool,
    Zone,
    ZoneProfile,
)
from isotherm.localcloud.quotas import UNLIMITED, Quotas
from isotherm.localcloud.service import Frame, Service

LIMITS = ("loadbalancer", "listener", "pool", "member", "healthmonitor", "l7policy", "l7rule")


class Balancing(Service):
    service_type = "load-balancer"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        make, owned = self.collection, ("project_id",)
        self.balancers = make("loadbalancer", LoadBalancer, index=owned)
        self.listeners = make("listener", Listener, index=(*owned, "loadbalancer_id"))
        self.pools = make("pool", Pool, index=(*owned, "loadbalancer_id"))
        self.members = make("member", Member, index=(*owned, "pool_id"))
        self.monitors = make("healthmonitor", HealthMonitor, index=(*owned, "pool_id"))
        self.policies = make("l7policy", L7Policy, index=(*owned, "listener_id"))
        self.rules = make("l7rule", L7Rule, index=(*owned, "l7policy_id"))
        self.flavor_profiles = make("flavorprofile", FlavorProfile)
        self.flavors = make("flavor", Flavor)
        self.zone_profiles = make("availability_zone_profile", ZoneProfile)
        self.zones = make("availability_zone", Zone)
        self.quotas = Quotas(self, dict.fromkeys(LIMITS, UNLIMITED))

    # What belongs to what.

    def above(self, part: Part) -> list[Part]:
        """What a part belongs to, the load balancer last; empty for that itself."""
        found: list[Part | None] = []
        if isinstance(part, L7Rule):
            found = [self.policies.get(part.l7policy_id)]
        elif isinstance(part, L7Policy):
            found = [self.listeners.get(part.listener_id)]
        elif isinstance(part, Member | HealthMonitor):
            found = [self.pools.get(part.pool_id)]
        elif isinstance(part, Pool):
            found = [*self.listeners_of(part), self.balancers.get(part.loadbalancer_id)]
        elif isinstance(part, Listener):
            found = [self.balancers.get(part.loadbalancer_id)]
        near = [each for each in found if each is not None]
        if len(near) == 1 and not isinstance(near[0], LoadBalancer):
            return [*near, *self.above(near[0])]
        return near

    def balancer_of(self, part: Part) -> LoadBalancer:
        top = [part, *self.above(part)][-1]
        assert isinstance(top, LoadBalancer)
        return top

    def below(self, part: Part) -> Iterator[Part]:
        """What goes when a part goes, those that belong to others first."""
        parts: list[Part] = []
        if isinstance(part, LoadBalancer):
            parts = [*self.listeners.find(loadbalancer_id=part.id)]
            parts += self.pools.find(loadbalancer_id=part.id)
        elif isinstance(part, Listener):
            parts = [*self.policies.find(listener_id=part.id)]
        elif isinstance(part, L7Policy):
            parts = [*self.rules.find(l7policy_id=part.id)]
        elif isinstance(part, Pool):
            parts = [*self.members.find(pool_id=part.id), *self.monitors.find(pool_id=part.id)]
        for each in parts:
            yield from self.below(each)
            yield each

    def listeners_of(self, pool: Pool) -> list[Listener]:
        """Those that lead to the pool, by themselves or by a policy."""
        listeners = self.listeners.find(loadbalancer_id=pool.loadbalancer_id)
        return [
            each
            for each in listeners
            if each.default_pool_id == pool.id
            or any(p.redirect_pool_id == pool.id for p in self.policies.find(listener_id=each.id))
        ]

    def monitor_of(self, pool_id: str) -> HealthMonitor | None:
        return next(iter(self.monitors.find(pool_id=pool_id)), None)

    def keep(self, part: Part) -> None:
        """Store a changed part of whatever kind."""
        for made in self.collections.values():
            if made.get(part.id) is part:
                made.save(part)

    # The rule of the service: one change at a time.

    def require_mutable(self, balancer: LoadBalancer, *, or_failed: bool = False) -> None:
        """Raises Fault 409 while something of the load balancer is being changed."""
        allowed = ("ACTIVE", "ERROR") if or_failed else ("ACTIVE",)
        if balancer.provisioning_status not in allowed:
            raise Fault(409, f"Load Balancer {balancer.id} is immutable and cannot be updated.")

    def require_settled(self, balancer: LoadBalancer, *, or_failed: bool) -> None:
        """The same for the load balancer itself, of which the service says it otherwise."""
        allowed = ("ACTIVE", "ERROR") if or_failed else ("ACTIVE",)
        if (status := balancer.provisioning_status) not in allowed:
            raise Fault(409, f"Invalid state {status} of loadbalancer resource {balancer.id}")

    def mark(self, parts: list[Part], status: str) -> None:
        for each in parts:
            if not each.provisioning_status.startswith("PENDING_DELETE"):
                each.provisioning_status = status
                self.keep(each)
