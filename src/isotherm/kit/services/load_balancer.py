"""Load balancers and their parts, which all are immutable while one of them is being changed."""

from typing import Any

from isotherm.kit.entity import Entity
from isotherm.kit.finder import ANYTHING, FINDERS, NOTHING, Finder
from isotherm.kit.service import Service, busy, declare

LOAD_BALANCING = declare(
    Service(
        "load-balancer",
        version="v2",
        busy=(
            busy(r"is immutable and cannot be updated"),
            busy(r"Invalid state PENDING_\w+ of loadbalancer resource"),
        ),
    )
)


def _entity(key: str, path: str = "", plural: str = "", **more: str) -> Entity:
    plural = plural or f"{key}s"
    found_by = Finder(f"octavia.{key.replace('_', '')}")
    path = f"/lbaas/{path or plural.replace('_', '')}"
    return LOAD_BALANCING.entity(key, path, plural, finder=found_by, **more)


def _by_name_alone(key: str, plural: str, finder: str) -> Entity:
    """What has no other id than its name."""
    looked_up = Finder(finder, ANYTHING, by_name=False)
    path = f"/lbaas/{plural.replace('_', '')}"
    return LOAD_BALANCING.entity(key, path, plural, id_field="name", finder=looked_up)


AVAILABILITY_ZONE = _by_name_alone(
    "availability_zone", "availability_zones", "octavia.availabilityzone"
)
AVAILABILITY_ZONE_PROFILE = _entity("availability_zone_profile")
FLAVOR = _entity("flavor")
FLAVOR_PROFILE = _entity("flavorprofile")
HEALTH_MONITOR = LOAD_BALANCING.entity("healthmonitor", "/lbaas/healthmonitors")
L7_POLICY = _entity("l7policy", plural="l7policies")
L7_RULE = LOAD_BALANCING.entity("rule", "/lbaas/l7policies/{parent}/rules")
LISTENER = _entity("listener")
LOAD_BALANCER = _entity("loadbalancer")
MEMBER = LOAD_BALANCING.entity("member", "/lbaas/pools/{parent}/members")
POOL = _entity("pool")
PROVIDER = LOAD_BALANCING.entity("provider", "/lbaas/providers", id_field="name")
QUOTA = LOAD_BALANCING.entity("quota", "/lbaas/quotas")


def _formerly(name: str, entity: Entity, **more: Any) -> None:
    """What templates of the time before this service look an object up by."""
    FINDERS[name] = (entity, Finder(name, **more))


_formerly("neutron.lbaas.listener", LISTENER)
_formerly("neutron.lbaas.loadbalancer", LOAD_BALANCER)
_formerly("neutron.lbaas.pool", POOL)
_formerly("neutron.lb.provider", PROVIDER, ids=NOTHING)
_formerly("neutron.lbaas.provider", PROVIDER, ids=NOTHING)
