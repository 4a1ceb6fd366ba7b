"""Block storage's refusals, in its own wire format."""

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.fault_keys import FAULT_KEYS, UNKNOWN


def render(fault: Fault, call: Call) -> Reply:
    if fault.status == 401:
        # Refused before the service is reached.
        error = {"code": 401, "title": "Unauthorized", "message": fault.message}
        return Reply(401, {"error": error}, fault.headers)
    kind = fault.kind or FAULT_KEYS.get(fault.status, UNKNOWN)
    body: dict[str, object] = {"code": fault.status, "message": fault.message}
    headers = dict(fault.headers)
    if fault.status in (413, 429):
        headers.setdefault("Retry-After", "0")
        body["retryAfter"] = headers["Retry-After"]
    return Reply(fault.status, {kind: body}, headers)


def invalid(message: str) -> Fault:
    return Fault(400, message)


def invalid_input(message: str) -> Fault:
    return invalid(f"Invalid input received: {message}")


def invalid_volume(message: str) -> Fault:
    return invalid(f"Invalid volume: {message}")


def invalid_field(field: str, problem: str) -> Fault:
    return invalid(f"Invalid input for field/attribute {field}. {problem}")


def not_found(kind: str, entity_id: str) -> Fault:
    return Fault(404, f"{kind} {entity_id} could not be found.")


def conflict(message: str) -> Fault:
    return Fault(409, message)


def over_limit(name: str, message: str) -> Fault:
    return Fault(413, f"{name}: {message}")


def forbidden(policy: str) -> Fault:
    return Fault(403, f"Policy doesn't allow {policy} to be performed.")
