"""Databases' ways."""

from typing import ClassVar

from isotherm.localcloud.database.state import Databases
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.fault_keys import FAULT_KEYS
from isotherm.localcloud.kinds import Dialect

PREFIX = "/v1.0/{project_id}"
_KEYS = {**FAULT_KEYS, 422: "unprocessableEntity"}


def render(fault: Fault, call: Call) -> Reply:
    kind = _KEYS.get(fault.status, "computeFault")
    body = {kind: {"code": fault.status, "message": fault.message}}
    return Reply(fault.status, body, fault.headers)


class DatabaseDialect(Dialect[Databases]):
    statuses = {"create": 200, "delete": 202, "update": 202}  # noqa: RUF012 -- never changed
    prefixes = (PREFIX,)
    words: ClassVar = {
        "missing": (404, "{noun} with ID {entity_id} could not be found."),
        "busy": (422, "{noun} {entity.id} is not ready. (Status is {status})."),
    }

    def unknown(self, where: str, names: list[str], value: object) -> None:
        return None


DIALECT = DatabaseDialect()
