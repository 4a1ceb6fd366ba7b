"""Databases' ways."""

from isotherm.localcloud.database.state import Databases
from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.fault_keys import FAULT_KEYS
from isotherm.localcloud.kinds import Dialect
from isotherm.localcloud.routing import Routes

PREFIX = "/v1.0/{project_id}"
_KEYS = {**FAULT_KEYS, 422: "unprocessableEntity"}


def render(fault: Fault, call: Call) -> Reply:
    kind = _KEYS.get(fault.status, "computeFault")
    body = {kind: {"code": fault.status, "message": fault.message}}
    return Reply(fault.status, body, fault.headers)


class DatabaseDialect(Dialect[Databases]):
    statuses = {"create": 200, "delete": 202, "update": 202}  # noqa: RUF012 -- never changed

    def routes(self) -> Routes[Databases]:
        return Routes[Databases](PREFIX)

    def missing(self, noun: str, entity_id: str) -> Fault:
        return Fault(404, f"{noun} with ID {entity_id} could not be found.")

    def unknown(self, where: str, names: list[str], value: object) -> None:
        return None

    def busy(self, noun: str, entity: Entity, verb: str, statuses: tuple[str, ...]) -> Fault:
        status = getattr(entity, "status", "")
        return Fault(422, f"{noun} {entity.id} is not ready. (Status is {status}).")


DIALECT = DatabaseDialect()
