"""Reading requests, with refusals in block storage's words."""

import re
from typing import Any, TypeVar

import msgspec

from isotherm.localcloud.exchange import Call, complaint
from isotherm.localcloud.volume.faults import invalid, invalid_field, invalid_input

T = TypeVar("T")

_KEY = re.compile(r"[a-zA-Z0-9\-_:. /]{1,255}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
_NAME_LIMIT = 255
_UNEXPECTED = r"Additional properties are not allowed ('\1' was unexpected)"
_UNKNOWN = re.compile("Object contains unknown field `(.+)`")
_TRUE = ("1", "t", "true", "on", "y", "yes")
_FALSE = ("0", "f", "false", "off", "n", "no")


def read(call: Call, key: str, type_: type[T]) -> T:
    """The object under `key` of the body. Raises Fault 400."""
    if key not in call.json:
        raise invalid(f"'{key}' is a required property")
    try:
        return msgspec.convert(call.json[key], type_)
    except msgspec.ValidationError as error:
        field, detail = complaint(error)
        detail = _UNKNOWN.sub(
            r"Additional properties are not allowed ('\1' was unexpected)", detail
        )
        raise invalid_field(field or key, detail) from error


def read_size(value: object, field: str) -> int | None:
    """A size in GiB: a positive number, also as text."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        problem = f"{value} is not of type 'integer', 'string', 'null'"
        raise invalid_field(field, f"Value: {value}. {problem}")
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise invalid_field(field, f"Value: {value}. '{value}' does not match '^[0-9]+$'")
    if int(value) < 1:
        raise invalid_field(field, f"Value: {value}. {value} is less than the minimum of 1")
    return int(value)


def read_flag(value: object, field: str) -> bool:
    text = str(value).lower()
    if text not in _TRUE + _FALSE:
        raise invalid_field(field, f"{value!r} is no boolean")
    return text in _TRUE


def check_name(name: str | None, field: str = "name") -> None:
    if name is not None and len(name) > _NAME_LIMIT:
        problem = f"has {len(name)} characters, more than {_NAME_LIMIT}."
        raise invalid_input(f"{field} {problem}")


def check_uuid(value: str | None, field: str) -> None:
    if value is not None and not _UUID.fullmatch(value):
        problem = f"'{value}' is not valid under any of the given schemas"
        raise invalid_field(field, f"Value: {value}. {problem}")


def check_metadata(metadata: dict[str, str]) -> dict[str, str]:
    for key, value in metadata.items():
        if not _KEY.fullmatch(key):
            raise invalid_field("metadata", f"'{key}' does not match any of the regexes")
        if len(value) > _NAME_LIMIT:
            raise invalid_field(key, "It is too long")
    return metadata


def argument_of(call: Call, name: str) -> dict[str, Any]:
    """What an action was given; an empty object where it needs nothing."""
    given = call.json[name]
    return given if isinstance(given, dict) else {}
