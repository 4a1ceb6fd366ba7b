"""What load balancers may be made of: flavors and zones, with the profiles behind them."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import FULL, Kind, Wish
from isotherm.localcloud.load_balancer.dialect import DIALECT
from isotherm.localcloud.load_balancer.entities import (
    PROVIDERS,
    Flavor,
    FlavorProfile,
    Zone,
    ZoneProfile,
)
from isotherm.localcloud.load_balancer.state import Balancing
from isotherm.localcloud.routing import Routes

_CHANGES = dict.fromkeys(("create", "update", "delete"), "offer")
_ALL = dict.fromkeys(("create", "list", "show", "update", "delete"), "offer")


def _in_use(noun: str, name: str) -> Fault:
    return Fault(409, f"{noun} {name} is in use and cannot be modified.")


def _refuse_used_profile(service: Balancing, call: Call, profile: FlavorProfile) -> None:
    if any(each.flavor_profile_id == profile.id for each in service.flavors):
        raise _in_use("Flavor Profile", profile.id)


def change_profile(service: Balancing, call: Call, profile: FlavorProfile, wish: Wish) -> None:
    if wish.keys() - {"name"}:
        _refuse_used_profile(service, call, profile)
    FLAVOR_PROFILES.assign(service, profile, wish)


def create_flavor(service: Balancing, call: Call, wish: Wish) -> Flavor:
    FLAVOR_PROFILES.find(service, call.caller, wish["flavor_profile_id"])
    return FLAVORS.add(service, call.caller, wish)


def delete_flavor(service: Balancing, call: Call, flavor: Flavor) -> None:
    if any(each.flavor_id == flavor.id for each in service.balancers):
        raise _in_use("Flavor", flavor.id)


FLAVOR_PROFILES = Kind[Balancing, FlavorProfile](
    dialect=DIALECT,
    name="flavorprofile",
    noun="Flavor Profile",
    entity=FlavorProfile,
    admins=_ALL,
    change=change_profile,
    delete=_refuse_used_profile,
)
FLAVORS = Kind[Balancing, Flavor](
    dialect=DIALECT,
    name="flavor",
    entity=Flavor,
    admins=_CHANGES,
    create=create_flavor,
    delete=delete_flavor,
)


def _refuse_used_zone_profile(service: Balancing, call: Call, profile: ZoneProfile) -> None:
    if any(each.availability_zone_profile_id == profile.id for each in service.zones):
        raise _in_use("Availability Zone Profile", profile.id)


def change_zone_profile(service: Balancing, call: Call, profile: ZoneProfile, wish: Wish) -> None:
    if wish.keys() - {"name"}:
        _refuse_used_zone_profile(service, call, profile)
    ZONE_PROFILES.assign(service, profile, wish)


def create_zone(service: Balancing, call: Call, wish: Wish) -> Zone:
    ZONE_PROFILES.find(service, call.caller, wish["availability_zone_profile_id"])
    if find_zone(service, call.caller, wish["name"]) is not None:
        raise Fault(409, f"An availability zone named {wish['name']} already exists.")
    return ZONES.add(service, call.caller, wish)


def find_zone(service: Balancing, caller: Caller, name: str) -> Zone | None:
    return next((each for each in service.zones if each.name == name), None)


def delete_zone(service: Balancing, call: Call, zone: Zone) -> None:
    if any(each.availability_zone == zone.name for each in service.balancers):
        raise _in_use("Availability Zone", zone.name)


class ZoneKind(Kind[Balancing, Zone]):
    """Known by their names, and by nothing else."""

    def show(
        self, service: Balancing, call: Call, entity: Zone, view: str = FULL
    ) -> dict[str, Any]:
        shown = super().show(service, call, entity, view)
        del shown["id"]
        return shown


ZONE_PROFILES = Kind[Balancing, ZoneProfile](
    dialect=DIALECT,
    name="availability_zone_profile",
    noun="Availability Zone Profile",
    path="/availabilityzoneprofiles",
    entity=ZoneProfile,
    admins=_ALL,
    change=change_zone_profile,
    delete=_refuse_used_zone_profile,
)
ZONES = ZoneKind(
    dialect=DIALECT,
    name="availability_zone",
    noun="Availability Zone",
    path="/availabilityzones",
    entity=Zone,
    admins=_CHANGES,
    create=create_zone,
    delete=delete_zone,
    find_as=find_zone,
)

routes: Routes[Balancing] = DIALECT.routes()


@routes.get("/providers", "provider.list")
def list_providers(service: Balancing, call: Call) -> object:
    return {"providers": [{"name": name, "description": "The local one."} for name in PROVIDERS]}
