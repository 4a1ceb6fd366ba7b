"""Identity's refusals, in its own wire format."""

from http import HTTPStatus

from isotherm.localcloud.exchange import Call, Fault, Reply


def render(fault: Fault, call: Call) -> Reply:
    title = HTTPStatus(fault.status).phrase
    error = {"code": fault.status, "message": fault.message, "title": title}
    headers = {"Vary": "X-Auth-Token", **fault.headers}
    return Reply(fault.status, {"error": error}, headers)


def unauthorized() -> Fault:
    return Fault(401, "The request you have made requires authentication.")


def forbidden(action: str = "") -> Fault:
    what = f"the requested action: {action}" if action else "the requested action"
    return Fault(403, f"You are not authorized to perform {what}.")


def not_found(kind: str, entity_id: str) -> Fault:
    return Fault(404, f"Could not find {kind}: {entity_id}.")


def conflict(kind: str, detail: str) -> Fault:
    return Fault(409, f"Conflict occurred attempting to store {kind} - {detail}.")


def duplicate_name(kind: str, name: str, domain_id: str | None = None) -> Fault:
    where = f" at domain ID {domain_id}" if domain_id else ""
    return conflict(kind, f"Duplicate entry found with name {name}{where}")


def invalid(message: str) -> Fault:
    return Fault(400, message)
