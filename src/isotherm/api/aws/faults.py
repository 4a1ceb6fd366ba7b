"""Faults as clients of AWS know them."""

from __future__ import annotations

from typing import NamedTuple

from isotherm.api.web.faults import fault_of
from isotherm.core.errors import (
    ActionInProgress,
    EntityNotFound,
    Forbidden,
    NotFound,
    NotSupported,
    RequestLimitExceeded,
    ResourceActionNotSupported,
    ResourceNotFound,
    StackExists,
)
from isotherm.usecases.refusals import ChangeSetExists, ExportInUse
from isotherm.usecases.repeated_requests import TokenAlreadyUsed
from isotherm.usecases.stacks.protection import StackProtected


class AwsFault(Exception):
    """``code`` is what programs go by; ``message`` is for people."""

    status = 400
    code = "InvalidParameterValue"

    def __init__(self, message: str, *, code: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.status = status or self.status


class InvalidAction(AwsFault):
    code = "InvalidAction"


class MissingAction(AwsFault):
    code = "MissingAction"


class MissingParameter(AwsFault):
    code = "MissingParameter"


class InvalidParameterValue(AwsFault):
    """A value is of the wrong type or outside what is offered."""


class InvalidParameterCombination(AwsFault):
    code = "InvalidParameterCombination"


class InvalidQueryParameter(AwsFault):
    """The action has no such parameter."""

    code = "InvalidQueryParameter"


class MalformedQueryString(AwsFault):
    status, code = 404, "MalformedQueryString"


class ApiNotImplemented(AwsFault):
    """AWS has this action. Not 500, as in the reference: clients would try again."""

    status, code = 501, "APINotImplemented"


class IncompleteSignature(AwsFault):
    code = "IncompleteSignature"


class MissingAuthenticationToken(AwsFault):
    """The signature does not tell whose it is."""

    status, code = 403, "MissingAuthenticationToken"


class OptInRequired(AwsFault):
    """The caller is known, but acts for no project."""

    status, code = 403, "OptInRequired"


class Throttling(AwsFault):
    """Too much of something came from this caller: clients wait and try again."""

    code = "Throttling"


class RequestExpired(AwsFault):
    code = "RequestExpired"


class AuthorizationQueryParametersError(AwsFault):
    """What an address says of its signature cannot be."""

    code = "AuthorizationQueryParametersError"


class SignatureDoesNotMatch(AwsFault):
    status, code = 403, "SignatureDoesNotMatch"


class InvalidClientTokenId(AwsFault):
    status, code = 403, "InvalidClientTokenId"


class AccessDenied(AwsFault):
    status, code = 403, "AccessDenied"


class ValidationError(AwsFault):
    """What is asked for is not there, or cannot be done to it: what waiters go by."""

    code = "ValidationError"


class Shown(NamedTuple):
    """A fault as it goes out."""

    status: int
    code: str
    message: str

    @property
    def blames(self) -> str:
        """Whose fault it is, in the words of AWS."""
        return "Sender" if self.status < 500 else "Receiver"


def shown(error: Exception) -> Shown:
    """What to tell of an error; unexpected ones are logged and tell nothing of inside."""
    match error:
        case AwsFault():
            return Shown(error.status, error.code, error.message)
        case EntityNotFound() | NotFound() | ResourceNotFound():
            return Shown(400, "ValidationError", str(error))
        case StackExists() | ChangeSetExists():
            return Shown(400, "AlreadyExistsException", str(error))
        case TokenAlreadyUsed():
            return Shown(400, "TokenAlreadyExistsException", str(error))
        case StackProtected() | ExportInUse() | NotSupported() | ResourceActionNotSupported():
            return Shown(400, "ValidationError", str(error))
        case ActionInProgress():
            return Shown(400, "InvalidAction", str(error))
        case Forbidden():
            return Shown(403, "AccessDenied", str(error))
        case RequestLimitExceeded():
            return Shown(400, "RequestLimitExceeded", str(error))
    return _as_elsewhere(error)


def _as_elsewhere(error: Exception) -> Shown:
    """What has no name of its own here."""
    fault = fault_of(error)
    if fault.status >= 500:
        code = "ServiceUnavailable" if fault.status == 503 else "InternalFailure"
        return Shown(503 if fault.status == 503 else 500, code, fault.message)
    if fault.status == 403:
        return Shown(403, "AccessDenied", fault.message)
    return Shown(400, "InvalidParameterValue", fault.message)
