"""Image's refusals, in its own wire format: pages for people."""

from html import escape
from http import HTTPStatus

from isotherm.localcloud.exchange import Call, Fault, Reply

_PAGE = """<html>
 <head>
  <title>{title}</title>
 </head>
 <body>
  <h1>{title}</h1>
  {headline}<br /><br />
{detail}


 </body>
</html>"""
_TITLES = {413: "Request Entity Too Large"}
_HEADLINES = {
    "denied": "Access was denied to this resource.",
    "conflict": "There was a conflict when trying to complete your request.",
    "media type": "The request media type is not supported by this server.",
    "range": "The Range requested is not available.",
}


def render(fault: Fault, call: Call) -> Reply:
    """A fault with a kind has a headline, and its message below; another only the message."""
    title = f"{fault.status} {_TITLES.get(fault.status, HTTPStatus(fault.status).phrase)}"
    message = fault.message
    if fault.status == 405:
        message = f"The method {call.method} is not allowed for this resource."
    headline = _HEADLINES.get(fault.kind, message)
    detail = message if fault.kind in _HEADLINES else ""
    page = _PAGE.format(title=title, headline=escape(headline), detail=escape(detail))
    headers = {"Content-Type": "text/html; charset=UTF-8", **fault.headers}
    return Reply(fault.status, page.encode(), headers)


def invalid(message: str) -> Fault:
    return Fault(400, message)


def schema_mismatch(message: str) -> Fault:
    return Fault(400, f"Provided object does not match schema 'image': {message}")


def unauthorized_action(action: str) -> Fault:
    return Fault(403, f"You are not authorized to complete {action} action.")


def forbidden(message: str) -> Fault:
    return Fault(403, message)


def denied(message: str) -> Fault:
    return Fault(403, message, kind="denied")


def no_image(image_id: str) -> Fault:
    return Fault(404, f"No image found with ID {image_id}")


def not_found(message: str) -> Fault:
    return Fault(404, message)


def conflict(message: str) -> Fault:
    return Fault(409, message)


def property_missing(name: str) -> Fault:
    return Fault(409, f"Property {name} does not exist.", kind="conflict")


def wrong_transition(before: str, after: str) -> Fault:
    return conflict(f"Image status transition from {before} to {after} is not allowed")


def over_limit(what: str, attempted: int, most: int) -> Fault:
    return Fault(
        413,
        f"The limit has been exceeded on the number of allowed image {what}. "
        f"Attempted: {attempted}, Maximum: {most}",
    )


def bad_media_type(message: str) -> Fault:
    return Fault(415, message, kind="media type")


def bad_range(message: str) -> Fault:
    return Fault(416, message, kind="range")
