"""Why a step fails, and how clients are told."""

from __future__ import annotations

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RemoteError
from isotherm.engine.interruptions import TimedOut

IN_ERROR = "ResourceInError"
"""The kind of failure in which the cloud made an object that came to nothing."""


class StepFailed(Exception):
    """A resource could not be brought where it should be; the text is for the user.

    ``kind`` stands before the reason where it is shown, as clients know it; ``inside`` is the
    place of the culprit (``resources.NAME``) within an object that is a stack of its own.
    """

    def __init__(
        self, reason: str, *, kind: str = "StackValidationFailed", inside: str = ""
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind
        self.inside = inside

    @property
    def transient(self) -> bool:
        return self.kind == IN_ERROR


class UnknownType(StepFailed):
    """This process does not know a type (a plug-in is missing). Nothing has been done, and the
    row stays as it is: another worker may know what to do with it."""

    def __init__(self, type_name: str) -> None:
        super().__init__(f"this worker has no type {type_name}", kind="ResourceTypeUnavailable")


_KINDS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    413: "OverLimit",
    429: "RateLimit",
    500: "InternalServerError",
    501: "NotImplemented",
    503: "ServiceUnavailable",
}


def explain(name: str, error: Exception) -> str:
    """The reason as clients know it: ``Kind: resources.name: text``."""
    match error:
        case StepFailed(kind=kind, inside=inside):
            name = f"{name}.{inside}" if inside else name
        case InvalidDocument():
            kind = "StackValidationFailed"
        case TimedOut():
            return f"Timeout: resources.{name}: the stack's time was over"
        case RemoteError(status=status) if status is not None:
            kind = _KINDS.get(status, "ClientException")
        case RemoteError(kind=kind):
            pass
        case _:
            kind = "Error"
    text = str(error) or type(error).__name__
    return f"{kind}: resources.{name}: {text}"
