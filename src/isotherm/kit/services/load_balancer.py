"""Load balancers and their parts, which all are immutable while one of them is being changed."""

from isotherm.kit.entity import Entity
from isotherm.kit.finder import ANYTHING, Finder
from isotherm.kit.service import Service, busy, declare

LOAD_BALANCING = declare(
    Service(
        "load-balancer",
        version="v2",
        busy=(busy(r"is immutable and cannot be updated"),),
    )
)


def _entity(key: str, plural: str, finder: Finder, id_field: str = "id") -> Entity:
    path = f"/lbaas/{plural.replace('_', '')}"
    return LOAD_BALANCING.entity(key, path, plural, id_field=id_field, finder=finder)


AVAILABILITY_ZONE = _entity(
    "availability_zone",
    "availability_zones",
    Finder("octavia.availabilityzone", ANYTHING, by_name=False),
    id_field="name",
)
AVAILABILITY_ZONE_PROFILE = _entity(
    "availability_zone_profile",
    "availability_zone_profiles",
    Finder("octavia.availabilityzoneprofile"),
)
FLAVOR = _entity("flavor", "flavors", Finder("octavia.flavor"))
FLAVOR_PROFILE = _entity("flavorprofile", "flavorprofiles", Finder("octavia.flavorprofile"))
L7_POLICY = _entity("l7policy", "l7policies", Finder("octavia.l7policy"))
LISTENER = _entity("listener", "listeners", Finder("octavia.listener"))
LOAD_BALANCER = _entity("loadbalancer", "loadbalancers", Finder("octavia.loadbalancer"))
POOL = _entity("pool", "pools", Finder("octavia.pool"))
