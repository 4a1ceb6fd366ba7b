"""Load balancers that are made with all their parts in one call."""

from collections.abc import Mapping
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Wish
from isotherm.localcloud.load_balancer.balancers import BALANCERS, create, remove
from isotherm.localcloud.load_balancer.dialect import PartKind
from isotherm.localcloud.load_balancer.entities import Listener, LoadBalancer, Part, Pool
from isotherm.localcloud.load_balancer.listeners import LISTENERS
from isotherm.localcloud.load_balancer.members import MEMBERS
from isotherm.localcloud.load_balancer.monitors import MONITORS
from isotherm.localcloud.load_balancer.policies import POLICIES, RULES
from isotherm.localcloud.load_balancer.pools import POOLS
from isotherm.localcloud.load_balancer.state import Balancing

Said = Mapping[str, Any]
_REFERENCES = ("loadbalancers", "l7policies", "members", "healthmonitor_id", "rules", "pools")


@BALANCERS.routes.post(BALANCERS.path, "loadbalancer.create", status=201)
def create_whole(service: Balancing, call: Call) -> object:
    wish = BALANCERS.read(call, "create")
    BALANCERS.require_room(service, call, wish)
    balancer = create(service, call, wish)
    try:
        parts = _Parts(service, call, balancer)
        parts.make(wish.get("listeners") or [], wish.get("pools") or [])
    except Fault:
        remove(service, balancer)
        raise
    BALANCERS.begin(service, call, balancer, "create")
    if not parts.made:
        return BALANCERS.reply(service, call, balancer)
    return {BALANCERS.key: {**BALANCERS.show(service, call, balancer), **parts.shown()}}


class _Parts:
    """The parts of one load balancer; pools are known by the names that others call them."""

    def __init__(self, service: Balancing, call: Call, balancer: LoadBalancer) -> None:
        self._service, self._call, self._balancer = service, call, balancer
        self._pools: dict[str, str] = {}
        self.made: list[tuple[PartKind[Any], Part]] = []

    def make(self, listeners: list[Said], pools: list[Said]) -> None:
        """Raises Fault."""
        for said in pools:
            self._pool(said)
        for said in listeners:
            self._listener(said)
        for kind, part in self.made:
            kind.begin(self._service, self._call, part, "create")
        for _, part in self.made:
            part.provisioning_status = "PENDING_CREATE"

    def _listener(self, said: Said) -> None:
        own, inner = _split(said, "default_pool", "l7policies")
        if inner["default_pool"] is not None:
            own["default_pool_id"] = self._pool(inner["default_pool"])
        listener: Listener = self._add(LISTENERS, {**own, "loadbalancer_id": self._balancer.id})
        for each in inner["l7policies"] or ():
            self._policy(each, listener)

    def _policy(self, said: Said, listener: Listener) -> None:
        own, inner = _split(said, "redirect_pool", "rules")
        if inner["redirect_pool"] is not None:
            own["redirect_pool_id"] = self._pool(inner["redirect_pool"])
        policy = self._add(POLICIES, {**own, "listener_id": listener.id})
        for each in inner["rules"] or ():
            self._add(RULES, each, l7policy_id=policy.id)

    def _pool(self, said: Said) -> str:
        """Its id; one that has nothing but a name is another that has been said."""
        if {*said} == {"name"}:
            if said["name"] not in self._pools:
                raise Fault(
                    400,
                    f"Validation failure: Pool '{said['name']}' is referenced but not defined.",
                )
            return self._pools[said["name"]]
        own, inner = _split(said, "healthmonitor", "members")
        pool: Pool = self._add(POOLS, {**own, "loadbalancer_id": self._balancer.id})
        self._pools[pool.name] = pool.id
        for each in inner["members"] or ():
            self._add(MEMBERS, each, pool_id=pool.id)
        if inner["healthmonitor"] is not None:
            self._add(MONITORS, {**inner["healthmonitor"], "pool_id": pool.id})
        return pool.id

    def _add(self, kind: PartKind[Any], said: Said, **above: str) -> Any:
        """By the rules by which it is made alone; but what it belongs to is being made, too."""
        wish: Wish = {**kind.wish(self._call, dict(said), "create"), **above}
        kind.require_room(self._service, self._call, wish)
        kind.require_named(self._service, self._call, wish)
        assert kind.create is not None
        self._balancer.provisioning_status = "ACTIVE"
        part = kind.create(self._service, self._call, wish)
        self._balancer.provisioning_status = "PENDING_CREATE"
        self.made.append((kind, part))
        return part

    def shown(self) -> dict[str, Any]:
        return {
            "listeners": [self._show_listener(each) for each in self._made(LISTENERS)],
            "pools": [self._show_pool(each) for each in self._made(POOLS)],
        }

    def _made(self, kind: PartKind[Any], **above: str) -> list[Any]:
        return [
            part
            for of, part in self.made
            if of is kind and all(getattr(part, name) == it for name, it in above.items())
        ]

    def _show(self, kind: PartKind[Any], part: Part) -> dict[str, Any]:
        shown = kind.show(self._service, self._call, part)
        return {name: each for name, each in shown.items() if name not in _REFERENCES}

    def _show_listener(self, listener: Listener) -> dict[str, Any]:
        policies = [
            {
                **self._show(POLICIES, each),
                "rules": [self._show(RULES, r) for r in self._made(RULES, l7policy_id=each.id)],
            }
            for each in self._made(POLICIES, listener_id=listener.id)
        ]
        return {**self._show(LISTENERS, listener), "l7policies": policies}

    def _show_pool(self, pool: Pool) -> dict[str, Any]:
        monitors = [self._show(MONITORS, each) for each in self._made(MONITORS, pool_id=pool.id)]
        members = [self._show(MEMBERS, each) for each in self._made(MEMBERS, pool_id=pool.id)]
        monitor = monitors[0] if monitors else None
        return {**self._show(POOLS, pool), "members": members, "healthmonitor": monitor}


def _split(said: Said, *inner: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is said of the part itself, and of what it has inside."""
    own = {name: each for name, each in said.items() if name not in inner}
    return own, {name: said.get(name) for name in inner}
