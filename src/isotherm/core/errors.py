"""Error classes of the service.

``RequestError`` and its children are what a client did wrong or may not do; the
class name is the error type that clients of the native API see in a fault
(source of the names and codes: the public API's error table).
``RemoteError`` and its children are how the cloud's answers are classified, once.
"""

from __future__ import annotations

NOT_IMPLEMENTED = 501


class RequestError(Exception):
    """A request cannot be fulfilled; ``http_status`` is the native API's code for it."""

    http_status = 400

    @property
    def error_type(self) -> str:
        return type(self).__name__


class StackValidationFailed(RequestError):
    pass


class EntityNotFound(RequestError):
    http_status = 404

    def __init__(self, entity: str, name: str) -> None:
        super().__init__(f"The {entity} ({name}) could not be found.")


class NotFound(RequestError):
    http_status = 404


class ResourceNotFound(RequestError):
    http_status = 404

    def __init__(self, resource: str, stack: str) -> None:
        super().__init__(f"The Resource ({resource}) could not be found in Stack {stack}.")


class StackExists(RequestError):
    http_status = 409

    def __init__(self, name: str) -> None:
        super().__init__(f"The Stack ({name}) already exists.")


class ActionInProgress(RequestError):
    http_status = 409

    def __init__(self, stack: str, action: str) -> None:
        super().__init__(f"Stack {stack} already has an action ({action}) in progress.")


class Forbidden(RequestError):
    http_status = 403


class NotSupported(RequestError):
    def __init__(self, feature: str) -> None:
        super().__init__(f"{feature} is not supported.")


class PhysicalResourceExists(RequestError):
    http_status = 409


class ResourceActionNotSupported(RequestError):
    pass


class InvalidBreakPointHook(RequestError):
    pass


class RequestLimitExceeded(RequestError):
    pass


class InvalidTemplateVersion(RequestError):
    pass


class RemoteError(Exception):
    """A cloud call did not succeed.

    ``message`` is the cloud's own text, ``request_id`` its request id, ``status``
    the HTTP status where there was one; ``kind`` is what clients call it where there was none.
    """

    kind = "ConnectFailure"

    def __init__(self, message: str, *, status: int | None = None, request_id: str = "") -> None:
        self.message = message
        self.status = status
        self.request_id = request_id
        super().__init__(message)

    @property
    def passes(self) -> bool:
        """Whether the same call may get another answer later."""
        return self.status is not None and self.status >= 500 and self.status != NOT_IMPLEMENTED

    def __str__(self) -> str:
        text = f"{self.message} (HTTP {self.status})" if self.status else self.message
        return f"{text} (Request-ID: {self.request_id})" if self.request_id else text


class Gone(RemoteError):
    """The object does not exist (404, 410), or nothing has such a name."""

    kind = "EntityNotFound"


class Busy(RemoteError):
    """Try again later, nothing was done; ``after`` in seconds (429, 503, some 409)."""

    def __init__(
        self, message: str, *, after: float = 1.0, status: int | None = None, request_id: str = ""
    ) -> None:
        super().__init__(message, status=status, request_id=request_id)
        self.after = after

    @property
    def passes(self) -> bool:
        return True


class Denied(RemoteError):
    """Not allowed or not authenticated (401, 403 other than quota)."""

    kind = "Unauthorized"


class Refused(RemoteError):
    """The cloud said no for good: quota, bad request, conflict (400, 403, 409, 413, 500 …).
    Without a status it is ours to say no: what was asked cannot be done."""

    kind = "Error"


class Unreachable(Refused):
    """Nothing was sent, and trying again will not help: a certificate that is not trusted, an
    endpoint that is no URL."""

    kind = "ConnectFailure"


class Ambiguous(Refused):
    """Several objects have the name that was given."""

    kind = "PhysicalResourceNameAmbiguity"


class NoSuchService(Refused):
    """The catalogue has no such service; nothing was sent. Whoever has something there waits
    for it, as for a service that does not answer: see ``engine.waiting.patience``."""

    kind = "EndpointNotFound"


class Conflict(Refused):
    """Refused because of the present state of the object (409)."""

    @property
    def passes(self) -> bool:
        return True


class Exists(Conflict):
    """What was asked for is there already, perhaps in other words."""


class Lost(RemoteError):
    """No answer: whether the call had an effect is unknown (connection, time-out, 502, 504)."""

    @property
    def passes(self) -> bool:
        return True
