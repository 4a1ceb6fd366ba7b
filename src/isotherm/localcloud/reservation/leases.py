"""Leases: hosts, or room on them, for some time."""

from typing import Any

from isotherm.localcloud.clock import iso_time, time_of
from isotherm.localcloud.entities import new_uuid
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing, Wish
from isotherm.localcloud.reservation.dialect import DIALECT
from isotherm.localcloud.reservation.state import Lease, Reservations

_FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S.000000")


def create(reservations: Reservations, call: Call, wish: Wish) -> Lease:
    start, end = _moment(reservations, wish["start_date"]), _moment(reservations, wish["end_date"])
    if start < reservations.now() - 60:
        raise Fault(400, "Start date must be later than current date")
    if end <= start:
        raise Fault(400, "End date must be later than start date.")
    wish["reservations"] = [
        _reserve(reservations, each, _told(start), _told(end)) for each in wish["reservations"]
    ]
    wish["events"] = [*_events(start, end, wish["before_end_date"]), *wish["events"]]
    wish |= {"start_date": _told(start), "end_date": _told(end)}
    lease = LEASES.add(reservations, call.caller, wish)
    reservations.schedule("lease.begin", lease, after=max(start - reservations.now(), 0))
    reservations.schedule("lease.end", lease, after=end - reservations.now())
    return lease


def change(reservations: Reservations, call: Call, lease: Lease, wish: Wish) -> None:
    for name in ("start_date", "end_date"):
        if name in wish:
            wish[name] = _told(_moment(reservations, wish[name]))
    LEASES.assign(reservations, lease, wish)


def _moment(reservations: Reservations, text: str) -> float:
    """Raises Fault 400."""
    if text == "now":
        return reservations.now()
    at = time_of(text, *_FORMS)
    if at is None:
        raise Fault(400, f"{text} is an invalid date. Required format: {_FORMS[0]}")
    return at


def _told(seconds: float) -> str:
    return iso_time(seconds, suffix=".000000")


def _events(start: float, end: float, before: str | None) -> list[dict[str, Any]]:
    known = [("start_lease", _told(start)), ("end_lease", _told(end))]
    known += [("before_end_lease", before)] if before else []
    return [
        {"id": new_uuid(), "event_type": kind, "time": at, "status": "UNDONE"} for kind, at in known
    ]


_HOST_NEEDS = ("min", "max", "hypervisor_properties", "resource_properties")


def _bounds(wish: dict[str, Any]) -> tuple[int, int]:
    """How many hosts there are to be. Raises Fault 400."""
    for name in _HOST_NEEDS:
        if name not in wish:
            raise DIALECT.required("reservation", name)
    for name in ("min", "max"):
        if not str(wish[name]).isdigit():
            raise Fault(400, f"Malformed parameter {name}")
    least, most = int(wish["min"]), int(wish["max"])
    if least > most:
        reason = "Max must be equal to or larger than min."
        raise Fault(400, f"Invalid values for min/max of hosts. {reason}")
    return least, most


def _reserve(
    reservations: Reservations, wish: dict[str, Any], start: str, end: str
) -> dict[str, Any]:
    """Raises Fault 400, 500."""
    if "resource_type" not in wish:
        raise DIALECT.required("reservation", "resource_type")
    told = {"id": new_uuid(), "status": "pending", "missing_resources": False, **wish}
    match wish.get("resource_type"):
        case "physical:host":
            least, most = _bounds(wish)
            at_once = [e for e in reservations.leases if e.start_date < end and start < e.end_date]
            taken = {name for each in at_once for name in each.hosts}
            free = [each.name for each in reservations.hosts if each.name not in taken]
            if least > len(free):
                raise Fault(500, "Not enough hosts available")
            return {**told, "hosts": free[:most]}
        case "virtual:instance":
            return {**told, "flavor_id": told["id"], "aggregate_id": 1}
        case kind:
            raise Fault(500, f"The {kind} resource type is not supported")


LEASES = Kind[Reservations, Lease](
    dialect=DIALECT,
    name="lease",
    entity=Lease,
    listing=Listing(paged=False),
    create=create,
    change=change,
)


@LEASES.transitions.on("lease.begin")
def begin(reservations: Reservations, lease: Lease, args: dict[str, Any]) -> None:
    lease.status = "ACTIVE"
    lease.reservations = [{**each, "status": "active"} for each in lease.reservations]
    reservations.leases.save(lease)


@LEASES.transitions.on("lease.end")
def end(reservations: Reservations, lease: Lease, args: dict[str, Any]) -> None:
    lease.status = "TERMINATED"
    lease.reservations = [{**each, "status": "deleted", "hosts": []} for each in lease.reservations]
    reservations.leases.save(lease)
