"""Hosts that can be reserved."""

from typing import Any

from isotherm.localcloud.entities import new_hex_id
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing, Ties, Wish
from isotherm.localcloud.reservation.dialect import ReservationDialect
from isotherm.localcloud.reservation.state import Host, Reservations

_IDS = 10**9
"""Ids are numbers, none of which comes again."""


class _HostDialect(ReservationDialect):
    def required(self, where: str, name: str, said: object = None) -> Fault:
        return Fault(403, f"Invalid values for host {said}")

    def body(self, call: Call, key: str) -> Any:
        """Whatever else is said of a host is a capability of it."""
        return {name: value for name, value in call.json.items() if name == "name"}


def create(reservations: Reservations, call: Call, wish: Wish) -> Host:
    name = wish["name"]
    return HOSTS.add(
        reservations,
        call.caller,
        wish,
        id=str(int(new_hex_id(), 16) % _IDS),
        hypervisor_hostname=name,
        service_name=name,
        capabilities={n: value for n, value in call.json.items() if n != "name"},
    )


def change(reservations: Reservations, call: Call, host: Host, wish: Wish) -> None:
    host.capabilities = {**host.capabilities, **call.json}
    HOSTS.touch(reservations, host)


def delete(reservations: Reservations, call: Call, host: Host) -> None:
    if any(
        host.name in (r.get("hosts") or ()) for e in reservations.leases for r in e.reservations
    ):
        raise Fault(409, f"Can't delete host {host.id}. The host is reserved.")


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
    ties=Ties(
        unique=("name",),
        taken=lambda host: Fault(409, f"Host {host.name} already exists."),
    ),
    create=create,
    change=change,
    delete=delete,
    more=_more,
)
