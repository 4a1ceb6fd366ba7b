"""Refusals that only use cases know; clients see ``error_type`` in a fault."""

from __future__ import annotations

from isotherm.core.errors import RequestError


class BadRequest(RequestError):
    """What was asked is incomplete or malformed."""

    error_type = "HTTPBadRequest"


class Invalid(RequestError):
    """An argument is outside what is offered."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Data supplied was not valid: {reason}")


class WrongProject(RequestError):
    """The address names a project that the token is not for."""

    http_status = 403
    error_type = "HTTPForbidden"

    def __init__(self) -> None:
        super().__init__("The token is not for this project.")


class DelegationOver(RequestError):
    """Nobody is left by whom the service could act for the stack; an administrator of another
    project cannot stand in."""

    http_status = 409
    error_type = "Conflict"

    def __init__(self, stack: str, project_id: str) -> None:
        super().__init__(
            f"Stack {stack} can be changed by members of its project {project_id} only: whoever"
            " made it has no access any more, and one of them has to take over."
        )


class EventsNotFound(RequestError):
    http_status = 404
    error_type = "HTTPNotFound"


class ResourceTypeUnavailable(RequestError):
    """The type is known, but the cloud lacks the service behind it, or an extension of it."""

    def __init__(self, type_name: str, service: str, extension: str = "") -> None:
        reason = "the cloud's catalogue has no endpoint for it"
        if extension:
            reason = f"it has no extension {extension}"
        super().__init__(
            f"HEAT-E99001 Service {service} is not available for resource type {type_name}, "
            f"reason: {reason}."
        )


class ChangeSetExists(RequestError):
    """The stack has a change set of this name that can still be executed."""

    http_status = 409

    def __init__(self, name: str) -> None:
        super().__init__(f"ChangeSet {name} exists already")


class ExportExists(RequestError):
    """Another stack of the project exports a value under the same name."""

    http_status = 409

    def __init__(self, export: str, owner: str) -> None:
        super().__init__(f"Export {export} is already exported by stack {owner}.")


class ExportInUse(RequestError):
    """Another stack imports a value that is to go or to change."""

    http_status = 409

    def __init__(self, export: str, importer: str, change: str) -> None:
        super().__init__(f"Export {export} cannot be {change} as it is in use by {importer}.")
