"""Reservations' ways: bare requests, wrapped replies."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.kinds import Dialect
from isotherm.localcloud.reservation.state import Reservations
from isotherm.localcloud.routing import Routes

versions = Routes[Reservations]()


def render(fault: Fault, call: Call) -> Reply:
    body = {"error_code": fault.status, "error_message": fault.message, "error_name": fault.status}
    return Reply(fault.status, body, fault.headers)


@versions.get("", "version.list", open=True)
def list_versions(reservations: Reservations, call: Call) -> object:
    link = {"rel": "self", "href": f"{call.base_url}/reservation/v1"}
    return {"versions": [{"id": "v1.0", "status": "CURRENT", "links": [link]}]}


class ReservationDialect(Dialect[Reservations]):
    statuses = {"create": 201, "delete": 204}  # noqa: RUF012 -- never changed
    prefixes = ("/v1",)

    def body(self, call: Call, key: str) -> Any:
        return call.json

    def missing(self, noun: str, entity_id: str) -> Fault:
        return Fault(404, f"Object with {{{noun.lower()}}} {entity_id} not found.")


DIALECT = ReservationDialect()
