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
    if any(e.project_id == call.project_id for e in reservations.leases.find(name=wish["name"])):
        raise Fault(409, f"The lease with name: {wish['name']} already exists.")
    start, end = _moment(reservations, wish["start_date"]), _moment(reservations, wish["end_date"])
    if start < reservations.now() - 60:
        raise Fault(400, "Start date must be later than current date.")
    if end <= start:
        raise Fault(400, "End date must be later than start date.")
    if not wish["reservations"]:
        raise Fault(400, "A lease needs a reservation.")
    wish["reservations"] = [_reserve(reservations, each) for each in wish["reservations"]]
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
        raise Fault(400, f"Invalid date {text}: give YYYY-MM-DD HH:MM.")
    return at


def _told(seconds: float) -> str:
    return iso_time(seconds, suffix=".000000")


def _events(start: float, end: float, before: str | None) -> list[dict[str, Any]]:
    known = [("start_lease", _told(start)), ("end_lease", _told(end))]
    known += [("before_end_lease", before)] if before else []
    return [
        {"id": new_uuid(), "event_type": kind, "time": at, "status": "UNDONE"} for kind, at in known
    ]


def _reserve(reservations: Reservations, wish: dict[str, Any]) -> dict[str, Any]:
    """Raises Fault 400, 409."""
    told = {"id": new_uuid(), "status": "pending", "missing_resources": False, **wish}
    match wish.get("resource_type"):
        case "physical:host":
            taken = {
                n for e in reservations.leases for r in e.reservations for n in r.get("hosts", ())
            }
            free = [each.name for each in reservations.hosts if each.name not in taken]
            if int(wish.get("min", 1)) > len(free):
                raise Fault(409, "Not enough hosts available.")
            return {**told, "hosts": free[: int(wish.get("max", 1))]}
        case "virtual:instance":
            return {**told, "flavor_id": told["id"], "aggregate_id": 1}
        case kind:
            raise Fault(400, f"Unsupported resource type {kind}.")


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
