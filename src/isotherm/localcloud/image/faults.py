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
  {message}<br /><br />



 </body>
</html>"""


def render(fault: Fault, call: Call) -> Reply:
    title = f"{fault.status} {HTTPStatus(fault.status).phrase}"
    page = _PAGE.format(title=title, message=escape(fault.message))
    headers = {"Content-Type": "text/html; charset=UTF-8", **fault.headers}
    return Reply(fault.status, page.encode(), headers)


def invalid(message: str) -> Fault:
    return Fault(400, message)


def forbidden(message: str) -> Fault:
    return Fault(403, message)


def conflict(message: str) -> Fault:
    return Fault(409, message)


def no_image(image_id: str) -> Fault:
    return Fault(404, f"Failed to find image {image_id}")
