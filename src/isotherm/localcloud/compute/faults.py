"""Compute's refusals, in its own wire format."""

from typing import TYPE_CHECKING

from isotherm.localcloud.compute.microversion import version_headers
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.fault_keys import FAULT_KEYS, UNKNOWN

if TYPE_CHECKING:
    from isotherm.localcloud.compute.entities import Server


def render(fault: Fault, call: Call) -> Reply:
    error: dict[str, object] = {"code": fault.status, "message": fault.message}
    if "Retry-After" in fault.headers:
        error["retryAfter"] = fault.headers["Retry-After"]
    body = {FAULT_KEYS.get(fault.status, UNKNOWN): error}
    return Reply(fault.status, body, {**version_headers(call), **fault.headers})


def invalid(message: str) -> Fault:
    return Fault(400, message)


def conflict(message: str) -> Fault:
    return Fault(409, message)


def not_found(kind: str, entity_id: str) -> Fault:
    return Fault(404, f"{kind} {entity_id} could not be found.")


def wrong_state(server: "Server", action: str, attribute: str = "vm_state") -> Fault:
    state = getattr(server, attribute)
    return conflict(f"Cannot '{action}' instance {server.id} while it is in {attribute} {state}")


def locked(server: "Server") -> Fault:
    return conflict(f"Instance {server.id} is locked")


def quota_exceeded(message: str) -> Fault:
    return Fault(403, message)


def refused(name: str, value: object, reason: str) -> Fault:
    return Fault(400, f"Invalid input for field/attribute {name}. Value: {value}. {reason}")
