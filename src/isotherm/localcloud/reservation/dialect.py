"""Reservations' ways: bare requests, wrapped replies."""

from typing import Any, ClassVar

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

    words: ClassVar = {
        "required": (400, "Missing parameter {name}"),
        "forbidden": (403, "Policy doesn't allow {rule} to be performed"),
    }

    def body(self, call: Call, key: str) -> Any:
        return call.json

    def missing(self, noun: str, entity_id: str) -> Fault:
        return Fault(404, f"Object with {{'{noun.lower()}_id': '{entity_id}'}} not found")


DIALECT = ReservationDialect()
