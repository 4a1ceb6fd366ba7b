"""Host aggregates: hosts that belong together, perhaps as an availability zone."""

from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.compute import aggregate_zones, checks
from isotherm.localcloud.compute.aggregate_zones import ZONE
from isotherm.localcloud.compute.dialect import ComputeDialect, read_action
from isotherm.localcloud.compute.entities import Aggregate
from isotherm.localcloud.compute.faults import conflict, invalid, not_found, refused
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.placement import HOSTS
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import NEW, Kind, Listing, Ties, Wish, said
from isotherm.localcloud.kinds.checks import mapping, or_none, text

_RULE = "os-aggregates"
_HOST = text(1)
_ADD_HOST = {"host": said(_HOST, required=True)}
_METADATA = mapping(or_none(text()), "^[a-zA-Z0-9-_:. ]{1,255}$")


class _AggregateDialect(ComputeDialect):
    def nothing(self, where: str) -> Fault:
        return refused(where, {}, "{} is not valid under any of the given schemas")


def _zone(value: Any) -> str | None:
    if isinstance(value, str) and (not value or ":" in value):
        raise ValueError(f"{value!r} is not valid under any of the given schemas")
    return or_none(text(1))(value)  # type: ignore[no-any-return]


def create(compute: Compute, call: Call, wish: Wish) -> Aggregate:
    serial = 1 + max((int(each.id) for each in compute.aggregates), default=0)
    zone = wish.pop(ZONE, None)
    times = {"created_at": compute.now(), "metadata": {ZONE: zone} if zone else {}}
    return AGGREGATES.add(compute, call.caller, wish, id=str(serial), **times)


def change(compute: Compute, call: Call, aggregate: Aggregate, wish: Wish) -> None:
    if ZONE in wish:
        aggregate_zones.check_renaming(compute, aggregate, wish[ZONE])
        _set_metadata(aggregate, {ZONE: wish[ZONE]})
    if "name" in wish:
        AGGREGATES.assign(compute, aggregate, {"name": wish["name"]})
    _touch(compute, aggregate)


def delete(compute: Compute, call: Call, aggregate: Aggregate) -> None:
    if aggregate.hosts:
        raise invalid(f"Cannot delete aggregate {aggregate.id}. Reason: it is not empty.")


def _set_metadata(aggregate: Aggregate, said: dict[str, str | None]) -> None:
    merged = {**aggregate.metadata, **said}
    aggregate.metadata = {name: value for name, value in merged.items() if value is not None}


def _touch(compute: Compute, aggregate: Aggregate) -> None:
    aggregate.updated_at = compute.now()
    compute.aggregates.save(aggregate)


def _more(compute: Compute, call: Call, aggregate: Aggregate, view: str) -> dict[str, Any]:
    changed = aggregate.updated_at
    shown: dict[str, Any] = {
        "id": int(aggregate.id),
        ZONE: aggregate.metadata.get(ZONE),
        "created_at": iso_time(aggregate.created_at),
        "updated_at": None if changed is None else iso_time(changed),
        "deleted": False,
        "deleted_at": None,
    }
    if view != NEW:
        shown |= {"hosts": aggregate.hosts, "metadata": aggregate.metadata}
    return {**shown, "uuid": aggregate.uuid} if minor_of(call) >= 41 else shown


AGGREGATES = Kind[Compute, Aggregate](
    dialect=_AggregateDialect(),
    name="aggregate",
    entity=Aggregate,
    noun="Aggregate",
    path="/os-aggregates",
    admins={verb: f"{_RULE}:{verb}" for verb in ("create", "list", "show", "update", "delete")},
    options={"delete": {"status": 200}},
    also={
        "name": said(checks.name_text, required=True),
        ZONE: said(_zone, shown=False),
    },
    listing=Listing(paged=False, linked=False),
    ties=Ties(
        unique=("name",),
        taken=lambda aggregate: conflict(f"Aggregate {aggregate.name} already exists."),
    ),
    create=create,
    change=change,
    delete=delete,
    more=_more,
)


@AGGREGATES.action("add_host", "add_host", rule=f"{_RULE}:add_host", status=200)
def add_host(compute: Compute, call: Call, aggregate: Aggregate, told: Any) -> object:
    host = read_action(call, _ADD_HOST)["host"]
    if host in aggregate.hosts:
        raise conflict(f"Aggregate {aggregate.id} already has host {host}.")
    if host not in {each.name for each in HOSTS}:
        raise not_found("Compute host", host)
    aggregate_zones.check_joining(compute, aggregate, host)
    aggregate.hosts = [*aggregate.hosts, host]
    return _changed(compute, call, aggregate)


@AGGREGATES.action("remove_host", "remove_host", rule=f"{_RULE}:remove_host", status=200)
def remove_host(compute: Compute, call: Call, aggregate: Aggregate, told: Any) -> object:
    host = read_action(call, _ADD_HOST)["host"]
    if host not in aggregate.hosts:
        raise not_found(f"Aggregate {aggregate.id} has no host", host)
    aggregate_zones.check_leaving(compute, aggregate, host)
    aggregate.hosts = [each for each in aggregate.hosts if each != host]
    return _changed(compute, call, aggregate)


@AGGREGATES.action("set_metadata", "set_metadata", rule=f"{_RULE}:set_metadata", status=200)
def set_metadata(compute: Compute, call: Call, aggregate: Aggregate, told: Any) -> object:
    """What is null goes."""
    checked = read_action(call, {"metadata": said(_METADATA, required=True)})["metadata"]
    if ZONE in checked:
        aggregate_zones.check_renaming(compute, aggregate, checked[ZONE], "update metadata of")
    _set_metadata(aggregate, checked)
    return _changed(compute, call, aggregate)


def _changed(compute: Compute, call: Call, aggregate: Aggregate) -> object:
    _touch(compute, aggregate)
    return {"aggregate": AGGREGATES.show(compute, call, aggregate)}
