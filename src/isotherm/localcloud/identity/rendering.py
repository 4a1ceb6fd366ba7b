"""What identity's bodies share: links, lists, and the reading of requests."""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from isotherm.localcloud.clock import iso_time, time_of
from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, complaint
from isotherm.localcloud.identity.entities import Role
from isotherm.localcloud.identity.faults import invalid

T = TypeVar("T")
E = TypeVar("E", bound=Entity)

_TIME_FORMATS = (
    "%Y-%m-%dT%H:%M:%S.%fZ",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S",
)
MALFORMED = (
    "The server could not comply with the request since it is either malformed or otherwise "
    "incorrect. The client is assumed to be in error."
)


def link(call: Call, path: str) -> str:
    """The URL of a path under /v3."""
    return f"{call.base_url}/identity/v3/{path}"


def listing(call: Call, key: str, items: list[Any]) -> dict[str, Any]:
    return {key: items, "links": {"next": None, "self": call.url, "previous": None}}


def timestamp(seconds: float | None) -> str | None:
    return None if seconds is None else iso_time(seconds, suffix=".000000Z")


def parse_expiry(text: str | None, now: float) -> float | None:
    """Whole seconds since the epoch. Raises Fault 400 for no time, or one that has passed."""
    if text is None:
        return None
    at = time_of(text, *_TIME_FORMATS)
    if at is None:
        raise invalid("Timestamp not in expected format. " + MALFORMED)
    if at // 1 <= now:
        raise invalid("The 'expires_at' must not be before now. " + MALFORMED)
    return at // 1


def read(call: Call, key: str, type_: type[T]) -> T:
    """The object under `key` of the body. Raises Fault 400 in identity's words."""
    if key not in call.json:
        raise invalid(f"'{key}' is a required property")
    try:
        return msgspec.convert(call.json[key], type_)
    except msgspec.ValidationError as error:
        field, detail = complaint(error)
        # What lacks a secret may hold another.
        said = f"Value: {call.json[key]}. " if key == "credential" and not field else ""
        where = f"Invalid input for field/attribute {field or key}."
        raise invalid(f"{where} {said}{detail}") from error


def filtered(items: Iterable[E], call: Call, *fields: str) -> list[E]:
    """Those whose fields have the values that the query names."""
    wanted = {field: value for field in fields if (value := call.argument(field)) is not None}
    if (enabled := wanted.get("enabled")) is not None:
        wanted["enabled"] = str(enabled.lower() not in ("false", "0"))
    return [
        item
        for item in items
        if all(str(getattr(item, field)) == value for field, value in wanted.items())
    ]


def show_role(role: Role) -> dict[str, Any]:
    """As it is shown inside of other objects."""
    return {
        "id": role.id,
        "name": role.name,
        "domain_id": role.domain_id,
        "description": role.description,
        "options": role.options,
    }


def show_linked_role(call: Call, role: Role) -> dict[str, Any]:
    return {**show_role(role), "links": {"self": link(call, f"roles/{role.id}")}}
