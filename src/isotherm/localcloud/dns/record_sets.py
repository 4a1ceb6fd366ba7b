"""Record sets: what a zone says of one name, by type."""

from collections.abc import Callable
from typing import Any

from isotherm.localcloud.dns.checks import address_of
from isotherm.localcloud.dns.dialect import NamingDialect, NamingKind, life, settled
from isotherm.localcloud.dns.entities import RecordSet, Zone
from isotherm.localcloud.dns.faults import Mistake
from isotherm.localcloud.dns.state import SERVERS, Naming
from isotherm.localcloud.dns.zones import ZONES
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Listing, Wish

_FORMS: dict[str, Callable[[str], bool]] = {
    "A": lambda record: address_of(4, record),
    "AAAA": lambda record: address_of(6, record),
    "CNAME": lambda record: record.endswith("."),
    "MX": lambda record: record.split()[0].isdigit() and len(record.split()) == 2,
    "NS": lambda record: record.endswith("."),
    "PTR": lambda record: record.endswith("."),
    "SRV": lambda record: len(record.split()) == 4,
}


class RecordSetDialect(NamingDialect):
    change_method = "PUT"


DIALECT = RecordSetDialect()


class RecordSetKind(NamingKind[RecordSet]):
    def address(self, entity: RecordSet) -> str:
        return f"/zones/{entity.zone_id}/recordsets/{entity.id}"


def create(naming: Naming, call: Call, wish: Wish) -> RecordSet:
    zone = ZONES.find(naming, call.caller, wish["zone_id"])
    _require_place(zone, wish)
    wish["records"] = list(dict.fromkeys(wish["records"]))
    _require_records(naming, zone, wish["type"], wish["records"])
    for other in naming.record_sets.find(zone_id=zone.id):
        if (other.name.lower(), other.type) == (wish["name"].lower(), wish["type"]):
            raise Fault(409, "Duplicate RecordSet", kind="duplicate_recordset")
        if other.name.lower() == wish["name"].lower() and "CNAME" in (other.type, wish["type"]):
            message = "CNAME recordsets may not share a name with any other records"
            raise Fault(400, message, kind="invalid_recordset_location")
    limits, there = naming.quotas.limits(zone.project_id), naming.record_sets.find(zone_id=zone.id)
    if 0 <= limits["zone_recordsets"] <= len([each for each in there if not each.managed]):
        raise DIALECT.over_quota("RecordSet", "zone_recordsets", len(there))
    _change_zone(naming, zone)
    wish["project_id"] = zone.project_id
    return RECORD_SETS.add(naming, call.caller, wish)


def _require_place(zone: Zone, wish: Wish) -> None:
    name, top = wish["name"].lower(), zone.name.lower()
    if name != top and not name.endswith(f".{top}"):
        message = "RecordSet is not contained within it's parent zone"
        raise Fault(400, message, kind="invalid_recordset_location")
    if name == top and wish["type"] == "CNAME":
        message = "CNAME recordsets may not be created at the zone apex"
        raise Fault(400, message, kind="invalid_recordset_location")
    if wish["type"] == "SOA":
        raise Fault(400, "Creating a SOA recordset is not allowed", kind="bad_request")


def _require_records(naming: Naming, zone: Zone, kind: str, records: list[str]) -> None:
    fits = _FORMS.get(kind)
    for position, record in enumerate(records):
        if fits is not None and not fits(record):
            raise Mistake(
                ["records", position],
                f"{record!r} is not a {kind!r} Record",
                validator="format",
                validator_value=[kind],
            )
    if kind == "CNAME" and len(records) > 1:
        raise Fault(400, "CNAME recordsets may not have more than 1 record", kind="bad_request")
    if 0 <= naming.quotas.limits(zone.project_id)["recordset_records"] < len(records):
        raise DIALECT.over_quota("RecordSet", "recordset_records", len(records))


def _change_zone(naming: Naming, zone: Zone) -> None:
    naming.advance_serial(zone)
    naming.zones.save(zone)


def change(naming: Naming, call: Call, record_set: RecordSet, wish: Wish) -> None:
    zone = _zone_of(naming, record_set)
    _refuse_managed(record_set, "updated")
    if "records" in wish:
        wish["records"] = list(dict.fromkeys(wish["records"]))
        _require_records(naming, zone, record_set.type, wish["records"])
    _change_zone(naming, zone)
    RECORD_SETS.assign(naming, record_set, wish)


def delete(naming: Naming, call: Call, record_set: RecordSet) -> None:
    _refuse_managed(record_set, "deleted")
    _change_zone(naming, _zone_of(naming, record_set))


def _refuse_managed(record_set: RecordSet, done: str) -> None:
    if record_set.managed:
        raise Fault(400, f"Managed records may not be {done}", kind="bad_request")


def _zone_of(naming: Naming, record_set: RecordSet) -> Zone:
    zone = naming.zones.get(record_set.zone_id)
    assert zone is not None
    return zone


def _more(naming: Naming, call: Call, record_set: RecordSet, view: str) -> dict[str, Any]:
    zone = _zone_of(naming, record_set)
    shown: dict[str, Any] = {"zone_name": zone.name}
    if record_set.type == "SOA":
        contact = str(zone.email).replace("@", ".")
        shown["records"] = [f"{SERVERS[0]} {contact}. {zone.serial} 3600 600 86400 3600"]
    return shown


RECORD_SETS = RecordSetKind(
    dialect=DIALECT,
    name="recordset",
    noun="RecordSet",
    path="/zones/{zone_id}/recordsets",
    entity=RecordSet,
    parent=ZONES,
    life=life(completed=settled),
    listing=Listing(
        filters=("name", "type", "status", "description", "ttl"),
        matchers={"data": lambda naming, record_set, said: said in record_set.records},
    ),
    create=create,
    change=change,
    delete=delete,
    more=_more,
)


@RECORD_SETS.routes.get("/recordsets", "recordset.list_all")
def list_all(naming: Naming, call: Call) -> object:
    seen = [each for each in naming.record_sets if DIALECT.sees(call, each.project_id)]
    return RECORD_SETS.list_these(naming, call, seen)
