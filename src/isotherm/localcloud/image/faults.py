"""Image's refusals, in its own wire format: pages for people, or what they accept."""

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
    "media type": "",
    "range": "The Range requested is not available.",
}


def render(fault: Fault, call: Call) -> Reply:
    """A fault with a kind has a headline, and its message below; another only the message."""
    title = f"{fault.status} {_TITLES.get(fault.status, HTTPStatus(fault.status).phrase)}"
    message = fault.message
    if fault.status == 405:
        message = f"The method {call.method} is not allowed for this resource."
    headline = _HEADLINES.get(fault.kind, message)
    if fault.kind == "media type":
        said = call.headers.get("content-type", "")
        headline = f"The request media type {said} is not supported by this server."
    detail = message if fault.kind in _HEADLINES else ""
    content_type, body = _body(call, title, headline, detail)
    return Reply(fault.status, body, {"Content-Type": content_type, **fault.headers})


def _body(call: Call, title: str, headline: str, detail: str) -> tuple[str, object]:
    """A page, unless the client takes only JSON or plain text."""
    accepted = call.headers.get("accept", "")
    if "html" in accepted or "*/*" in accepted:
        page = _PAGE.format(title=title, headline=escape(headline), detail=escape(detail))
        return "text/html; charset=UTF-8", page.encode()
    if "application/json" in accepted:
        text = f"{headline}<br /><br />\n{detail}\n\n"
        kind = title.partition(" ")[2]
        return "application/json", {"message": text, "code": title, "title": kind}
    return "text/plain; charset=UTF-8", f"{title}\n\n{headline}\n\n {detail}  ".encode()


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
