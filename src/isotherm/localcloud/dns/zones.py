"""Zones: names that the service answers for."""

from typing import Any

from isotherm.localcloud.dns.dialect import NamingDialect, NamingKind, life
from isotherm.localcloud.dns.entities import RecordSet, Zone
from isotherm.localcloud.dns.faults import Mistake
from isotherm.localcloud.dns.state import SERVERS, Naming
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Listing, Wish

DIALECT = NamingDialect()
POOL = "794ccc2c-d751-44fe-b57f-8894c9f5c842"
"""The only pool of servers."""


def create(naming: Naming, call: Call, wish: Wish) -> Zone:
    if wish["type"] == "PRIMARY" and not wish["email"]:
        raise DIALECT.required("type", "email", wish)
    if wish["type"] == "SECONDARY" and not wish["masters"]:
        raise Mistake(
            ["type", "masters"],
            "'masters' is a required property",
            validator="required",
            validator_value=["masters"],
        )
    if wish["masters"] and wish["type"] == "PRIMARY":
        raise _no_masters()
    if any(zone.name.lower() == wish["name"].lower() for zone in naming.zones):
        raise Fault(409, "Duplicate Zone", kind="duplicate_zone")
    if wish["ttl"] is None:
        wish["ttl"] = 3600
    zone = ZONES.add(naming, call.caller, wish, serial=int(naming.now()))
    if zone.type == "PRIMARY":
        for kind in ("SOA", "NS"):
            naming.record_sets.add(_own(naming, zone, kind))
    return zone


def _no_masters() -> Mistake:
    message = "'masters' has more items than allowed"
    return Mistake(["type"], message, validator="maxItems", validator_value=["masters"])


def _own(naming: Naming, zone: Zone, kind: str) -> RecordSet:
    """A record set that every zone has. What the SOA says follows from the zone."""
    return RecordSet(
        project_id=zone.project_id,
        created_at=naming.now(),
        zone_id=zone.id,
        name=zone.name,
        type=kind,
        records=list(SERVERS) if kind == "NS" else [],
        status="ACTIVE",
        action="NONE",
        managed=True,
    )


def change(naming: Naming, call: Call, zone: Zone, wish: Wish) -> None:
    if wish.get("masters") and zone.type == "PRIMARY":
        raise _no_masters()
    if "email" in wish and not wish["email"] and zone.type == "PRIMARY":
        raise DIALECT.required("type", "email", wish)
    if "ttl" in wish and wish["ttl"] is None:
        raise Fault(500, "Column 'ttl' cannot be null")
    naming.advance_serial(zone)
    ZONES.assign(naming, zone, wish)


def remove(naming: Naming, zone: Zone) -> None:
    for each in naming.record_sets.find(zone_id=zone.id):
        naming.cancel(each)
        naming.record_sets.remove(each.id)
    ZONES.forget(naming, zone)


def _more(naming: Naming, call: Call, zone: Zone, view: str) -> dict[str, Any]:
    return {"pool_id": POOL, "transferred_at": None, "shared": False}


ZONES = NamingKind[Zone](
    dialect=DIALECT,
    name="zone",
    entity=Zone,
    limit="zones",
    life=life(removed=remove),
    listing=Listing(filters=("name", "type", "email", "status", "description", "ttl")),
    create=create,
    change=change,
    more=_more,
)


@ZONES.routes.get(f"{ZONES.one}/nameservers", "zone.list_nameservers")
def list_nameservers(naming: Naming, call: Call) -> object:
    ZONES.of(naming, call)
    servers = [{"hostname": name, "priority": at} for at, name in enumerate(SERVERS, 1)]
    return {"nameservers": servers}
