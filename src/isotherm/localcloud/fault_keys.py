"""How services that have a way in common tell of a fault."""

from isotherm.localcloud.exchange import Call, Fault, Reply

# Under which key compute and block storage tell of a fault, by its status.
FAULT_KEYS = {
    400: "badRequest",
    401: "unauthorized",
    403: "forbidden",
    404: "itemNotFound",
    405: "badMethod",
    409: "conflictingRequest",
    413: "overLimit",
    415: "badMediaType",
    429: "overLimit",
    501: "notImplemented",
    503: "serviceUnavailable",
}
UNKNOWN = "computeFault"


def error_list(fault: Fault, call: Call, code: str) -> Reply:
    error = {
        "request_id": call.request_id,
        "code": code,
        "status": fault.status,
        "title": fault.message,
        "detail": fault.message,
        "links": [],
    }
    return Reply(fault.status, {"errors": [error]}, fault.headers)
