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
_AS_PAGE = {"Content-Type": "text/html; charset=UTF-8"}


def render(fault: Fault, call: Call) -> Reply:
    """A page; the words alone where the service has some of its own."""
    headers = {**_AS_PAGE, **fault.headers}
    if fault.kind == "plain":
        return Reply(fault.status, fault.message.encode(), headers)
    detail = fault.message or _DETAILS.get(fault.status, "")
    title = HTTPStatus(fault.status).phrase
    if fault.status in _DETAILS:
        detail = _DETAILS[fault.status]
    return Reply(fault.status, _page(title, detail), headers)


def refused(status: int, message: str) -> Fault:
    """With a message of its own."""
    return Fault(status, message, kind="plain")


def missing() -> Fault:
    return Fault(404, "")


def denied(*, known: bool) -> Fault:
    """`known`: whether it is known who asks."""
    return Fault(403 if known else 401, "")


def accepted() -> Reply:
    """What the service says where it has not made anything."""
    return Reply(202, _page("Accepted", "The request is accepted for processing."), _AS_PAGE)


def _page(title: str, detail: str) -> bytes:
    return f"<html><h1>{title}</h1><p>{detail}</p></html>".encode()
