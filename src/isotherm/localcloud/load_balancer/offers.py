"""What load balancers may be made of: flavors and zones, with the profiles behind them."""

from dataclasses import replace
from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import FULL, Kind, Ties, Wish
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


def _used_by(kind: str, field: str, noun: str) -> Ties[Any]:
    return Ties(users={kind: field}, used=lambda offer: _in_use(noun, offer.id))


def _check_provider(name: str) -> None:
    if name and name not in PROVIDERS:
        raise Fault(400, f"Provider '{name}' is not enabled.")


def check_profile(service: Balancing, call: Call, wish: Wish, there: FlavorProfile | None) -> None:
    if there is None:
        _check_provider(wish["provider_name"])
    elif wish.keys() - {"name"}:
        FLAVOR_PROFILES.ties.refuse_used(service, there)


def check_zone_profile(
    service: Balancing, call: Call, wish: Wish, there: ZoneProfile | None
) -> None:
    if there is None:
        _check_provider(wish["provider_name"])
    elif wish.keys() - {"name"}:
        ZONE_PROFILES.ties.refuse_used(service, there)


FLAVOR_PROFILES = Kind[Balancing, FlavorProfile](
    dialect=DIALECT,
    name="flavorprofile",
    noun="Flavor Profile",
    entity=FlavorProfile,
    admins=_ALL,
    ties=_used_by("flavor", "flavor_profile_id", "Flavor Profile"),
    check=check_profile,
)
FLAVORS = Kind[Balancing, Flavor](
    dialect=DIALECT,
    name="flavor",
    entity=Flavor,
    admins=_CHANGES,
    ties=replace(
        _used_by("loadbalancer", "flavor_id", "Flavor"),
        names={"flavor_profile_id": FLAVOR_PROFILES},
    ),
)


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
    ties=_used_by("availability_zone", "availability_zone_profile_id", "Availability Zone Profile"),
    check=check_zone_profile,
)
ZONES = ZoneKind(
    dialect=DIALECT,
    name="availability_zone",
    noun="Availability Zone",
    path="/availabilityzones",
    entity=Zone,
    admins=_CHANGES,
    ties=Ties(
        names={"availability_zone_profile_id": ZONE_PROFILES},
        unique=("name",),
        taken=lambda zone: Fault(409, f"An availability zone named {zone.name} already exists."),
    ),
    delete=delete_zone,
    find_as=find_zone,
)

routes: Routes[Balancing] = DIALECT.routes()


@routes.get("/providers", "provider.list")
def list_providers(service: Balancing, call: Call) -> object:
    return {"providers": [{"name": name, "description": "The local one."} for name in PROVIDERS]}
