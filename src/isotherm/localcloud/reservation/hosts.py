"""Hosts that can be reserved."""

from typing import Any

from isotherm.localcloud.entities import new_hex_id
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing, Wish
from isotherm.localcloud.reservation.dialect import ReservationDialect
from isotherm.localcloud.reservation.state import Host, Reservations

_IDS = 10**9
"""Ids are numbers, none of which comes again."""


class _HostDialect(ReservationDialect):
    def body(self, call: Call, key: str) -> Any:
        """Whatever else is said of a host is a capability of it."""
        return {name: value for name, value in call.json.items() if name == "name"}


def create(reservations: Reservations, call: Call, wish: Wish) -> Host:
    name = wish["name"]
    if reservations.hosts.find(name=name):
        raise Fault(409, f"Host {name} already exists.")
    said = {n: value for n, value in call.json.items() if n != "name"}
    return reservations.hosts.add(
        Host(
            id=str(int(new_hex_id(), 16) % _IDS),
            name=name,
            hypervisor_hostname=name,
            service_name=name,
            created_at=reservations.now(),
            capabilities=said,
        )
    )


def change(reservations: Reservations, call: Call, host: Host, wish: Wish) -> None:
    host.capabilities = {**host.capabilities, **call.json}
    HOSTS.touch(reservations, host)


def delete(reservations: Reservations, call: Call, host: Host) -> None:
    if any(
        host.name in (r.get("hosts") or ()) for e in reservations.leases for r in e.reservations
    ):
        raise Fault(409, f"Host {host.id} has allocations.")


def _more(reservations: Reservations, call: Call, host: Host, view: str) -> dict[str, Any]:
    return dict(host.capabilities)


HOSTS = Kind[Reservations, Host](
    dialect=_HostDialect(),
    name="host",
    entity=Host,
    path="/os-hosts",
    admins={
        verb: f"blazar:oshosts:{rule}"
        for verb, rule in (
            ("create", "post"),
            ("list", "get"),
            ("show", "get"),
            ("update", "put"),
            ("delete", "delete"),
        )
    },
    listing=Listing(paged=False),
    create=create,
    change=change,
    delete=delete,
    more=_more,
)
