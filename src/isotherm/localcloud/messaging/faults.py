"""Messaging's refusals, and its own wire format: a title and a description."""

from http import HTTPStatus

from isotherm.localcloud.exchange import Call, Fault, Reply

_TITLES = {
    400: "Invalid API request",
    404: "Not found",
    409: "Resource conflict",
    503: "Service temporarily unavailable",
}


def render(fault: Fault, call: Call) -> Reply:
    title = fault.kind or _TITLES.get(fault.status) or HTTPStatus(fault.status).phrase
    return Reply(fault.status, {"title": title, "description": fault.message}, fault.headers)


def invalid(message: str) -> Fault:
    return Fault(400, message)


def unreadable(message: str) -> Fault:
    return Fault(400, message, kind="Invalid request body")


def no_queue(name: str, project_id: str) -> Fault:
    return Fault(404, f"Queue {name} does not exist for project {project_id}")


def no_message(message_id: str, queue: str, project_id: str) -> Fault:
    return Fault(
        404, f"Message {message_id} does not exist in queue {queue} for project {project_id}"
    )


def no_claim(claim_id: str, queue: str, project_id: str) -> Fault:
    return _not_in("Claim", claim_id, queue, project_id)


def _not_in(noun: str, entity_id: str, queue: str, project_id: str) -> Fault:
    where = f"queue {queue} for project {project_id}"
    return Fault(404, f"{noun} {entity_id} does not exist in {where}")
