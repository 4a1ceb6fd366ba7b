"""Object store's refusals: pages, as they were before there was JSON."""

from http import HTTPStatus

from isotherm.localcloud.exchange import Call, Fault, Reply

_DETAILS = {
    401: (
        "This server could not verify that you are authorized to access the document you requested."
    ),
    403: "Access was denied to this resource.",
    404: "The resource could not be found.",
    409: "There was a conflict when trying to complete your request.",
    411: "Content-Length header required.",
    412: "A precondition for this request was not met.",
    413: "The body of your request was too large for this server.",
    416: "The Range requested is not available.",
    422: "Unable to process the contained instructions",
}
_HTML = "text/html; charset=UTF-8"


def render(fault: Fault, call: Call) -> Reply:
    """A page; the words alone where the service has some of its own."""
    headers = {"Content-Type": _HTML, **fault.headers}
    if fault.kind == "plain":
        return Reply(fault.status, fault.message.encode(), headers)
    detail = fault.message or _DETAILS.get(fault.status, "")
    title = HTTPStatus(fault.status).phrase
    if fault.status in _DETAILS:
        detail = _DETAILS[fault.status]
    return Reply(fault.status, f"<html><h1>{title}</h1><p>{detail}</p></html>".encode(), headers)


def refused(status: int, message: str) -> Fault:
    """With a message of its own."""
    return Fault(status, message, kind="plain")


def missing() -> Fault:
    return Fault(404, "")


def denied(*, known: bool) -> Fault:
    """`known`: whether it is known who asks."""
    return Fault(403 if known else 401, "")
