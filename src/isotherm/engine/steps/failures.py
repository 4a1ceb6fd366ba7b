"""Why a step fails, and how clients are told."""

from __future__ import annotations

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RemoteError
from isotherm.core.failures import Failure
from isotherm.core.states import Action, Status
from isotherm.engine.interruptions import TimedOut
from isotherm.kit.outcomes import IN_ERROR, Failed
from isotherm.planning.plan import Kind


class StepFailed(Exception):
    """A resource could not be brought where it should be; the text is for the user.

    ``kind`` stands before the reason where it is shown, as clients know it; ``inside`` is the
    failure of the culprit within an object that is a stack of its own; ``again`` says that
    another attempt with another object may do better.
    """

    def __init__(
        self,
        reason: str,
        *,
        kind: str = "StackValidationFailed",
        inside: Failure | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind
        self.inside = inside
        self.again = False

    @classmethod
    def of(cls, failed: Failed, *, again: bool = False) -> StepFailed:
        """What a verb answered, as an error."""
        error = cls(failed.reason, kind=failed.kind, inside=failed.inside)
        error.again = again
        return error

    @property
    def transient(self) -> bool:
        return self.kind == IN_ERROR


class NotBegun(StepFailed):
    """The step cannot begin: nothing has been done, and the row stays as it is."""


class UnfitState(NotBegun):
    """A verb that wants a row in another state."""

    def __init__(self, action: Action, status: Status, verb: str) -> None:
        super().__init__(f"State ('{action}', '{status}') invalid for {verb}", kind="Error")


class UnknownType(NotBegun):
    """This process does not know a type (a plug-in is missing): another worker may."""

    def __init__(self, type_name: str) -> None:
        super().__init__(f"this worker has no type {type_name}", kind="ResourceTypeUnavailable")


class Restricted(NotBegun):
    """The environment forbids what the resource needs."""

    def __init__(self, action: str) -> None:
        text = f"{action} is restricted for resource."
        super().__init__(text, kind="ResourceActionRestricted")


class FixedProperty(NotBegun):
    """The template changes what cannot be changed once a resource is there."""

    def __init__(self, what: str, name: str, type_name: str) -> None:
        text = f"Update to property {what} of {name} ({type_name}) is not supported."
        super().__init__(text, kind="NotSupported")


class PlanBroken(NotBegun):
    """What is to be done now is not what the plan had said, though nothing has changed."""

    def __init__(self, planned: Kind, decided: Kind) -> None:
        super().__init__(
            f"a fault of this service: the plan said {planned}, now it would be {decided}; "
            "nothing was done",
            kind="Error",
        )


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


def failure_of(name: str, row_id: str, error: Exception) -> Failure:
    """What an error says of the resource ``name``."""
    path, text, request_id = f"resources.{name}", str(error) or type(error).__name__, ""
    match error:
        case StepFailed(inside=Failure() as inside):
            return inside.within(path)
        case StepFailed(kind=kind):
            pass
        case InvalidDocument():
            kind = "StackValidationFailed"
        case TimedOut():
            kind, text = "Timeout", "the stack's time was over"
        case RemoteError(status=int(status), request_id=request_id):
            kind = _KINDS.get(status, "ClientException")
        case RemoteError(kind=kind, request_id=request_id):
            pass
        case _:
            kind = "Error"
    return Failure(kind, path, text, request_id, row_id)


def forget_way(error: BaseException) -> None:
    """Forget on which way an error has come up, now that it is told. Errors and the frames on
    their way know each other, and through them all rows of a stack: they would stay in memory
    until somebody looks for such circles."""
    released: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in released:
            released.add(id(each))
            each.__traceback__ = None
            waiting += each.__cause__, each.__context__
