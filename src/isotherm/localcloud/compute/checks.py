"""Checks of request bodies, property by property, with the microversions that know them.

A check takes the property's name, its value and the request's minor number; it returns the
value in its plain form or raises Fault 400.
"""

import base64
import binascii
import ipaddress
import re
import uuid as uuids
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from isotherm.localcloud.compute.microversion import MAX, minor_of
from isotherm.localcloud.exchange import Call, Fault

Check = Callable[[str, Any, int], Any]
_TRUE = (True, "True", "TRUE", "true", "1", "ON", "On", "on", "YES", "Yes", "yes")
_FALSE = (False, "False", "FALSE", "false", "0", "OFF", "Off", "off", "NO", "No", "no")


@dataclass(frozen=True, slots=True)
class Property:
    check: Check
    required: bool = False
    since: int = 1
    until: int = MAX


def refused(name: str, value: object, reason: str) -> Fault:
    return Fault(400, f"Invalid input for field/attribute {name}. Value: {value}. {reason}")


def read(call: Call, key: str, properties: Mapping[str, Property]) -> dict[str, Any]:
    """The object under the body's `key`, checked. Raises Fault 400."""
    if key not in call.json:
        raise Fault(400, f"'{key}' is a required property")
    value: dict[str, Any] = shape(properties)(key, call.json[key], minor_of(call))
    return value


def read_action(call: Call, properties: Mapping[str, Property]) -> dict[str, Any]:
    """The argument of a server action, checked; the body must hold nothing else."""
    if len(call.json) != 1:
        raise Fault(400, "Malformed request body")
    return read(call, next(iter(call.json)), properties)


def anything(name: str, value: Any, minor: int) -> Any:
    return value


def text(least: int = 0, most: int | None = None, pattern: str | None = None) -> Check:
    def check(name: str, value: Any, minor: int) -> str:
        if not isinstance(value, str):
            raise refused(name, value, f"{value!r} is not of type 'string'")
        if len(value) < least:
            raise refused(name, value, f"{value!r} should be non-empty")
        if most is not None and len(value) > most:
            raise refused(name, value, f"{value!r} is too long")
        if pattern is not None and re.search(pattern, value) is None:
            raise refused(name, value, f"{value!r} does not match {pattern!r}")
        return value

    return check


def name_text(name: str, value: Any, minor: int) -> str:
    """A name as people give it: 1 to 255 characters, no spaces around."""
    checked: str = text(1, 255)(name, value, minor)
    if not checked.isprintable() or checked != checked.strip():
        reason = "printable characters. Can not start or end with whitespace."
        raise Fault(400, f"An invalid '{name}' value was provided. The {name} must be: {reason}")
    return checked


def integer(least: int | None = None, most: int | None = None) -> Check:
    def check(name: str, value: Any, minor: int) -> int:
        if isinstance(value, str):
            pattern = "^-?[0-9]+$" if least is None or least < 0 else "^[0-9]*$"
            if re.fullmatch("-?[0-9]+", value) is None:
                raise refused(name, value, f"{value!r} does not match {pattern!r}")
        elif not isinstance(value, int) or isinstance(value, bool):
            raise refused(name, value, f"{value!r} is not of type 'integer', 'string'")
        number = int(value)
        if least is not None and number < least:
            raise refused(name, value, f"{number} is less than the minimum of {least}")
        if most is not None and number > most:
            raise refused(name, value, f"{number} is greater than the maximum of {most}")
        return number

    return check


def number(name: str, value: Any, minor: int) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError):
        raise refused(name, value, f"{value!r} is not of type 'number', 'string'") from None
    if found <= 0:
        raise refused(name, value, f"{value!r} is not positive")
    return found


def flag(name: str, value: Any, minor: int) -> bool:
    known = not isinstance(value, (int, float)) or isinstance(value, bool)
    if known and value in _TRUE:
        return True
    if known and value in _FALSE:
        return False
    raise refused(name, value, f"{value!r} is not one of {[*_TRUE, *_FALSE]}")


def choice(*values: str | None) -> Check:
    def check(name: str, value: Any, minor: int) -> Any:
        if value not in values:
            raise refused(name, value, f"{value!r} is not one of {list(values)}")
        return value

    return check


def uuid(name: str, value: Any, minor: int) -> str:
    checked: str = text()(name, value, minor)
    if not is_uuid(checked):
        raise refused(name, value, f"{value!r} is not a 'uuid'")
    return checked


def is_uuid(value: str) -> bool:
    try:
        return str(uuids.UUID(value)) == value.lower() or uuids.UUID(value).hex == value.lower()
    except ValueError:
        return False


def address(version: int) -> Check:
    def check(name: str, value: Any, minor: int) -> str:
        if value == "":
            return ""
        try:
            valid = ipaddress.ip_address(value).version == version
        except ValueError:
            valid = False
        if not valid:
            raise refused(name, value, f"{value!r} is not a 'ipv{version}'")
        return str(value)

    return check


def base64_text(most: int) -> Check:
    def check(name: str, value: Any, minor: int) -> str:
        checked: str = text(0, most)(name, value, minor)
        try:
            base64.b64decode("".join(checked.split()), validate=True)
        except (binascii.Error, ValueError):
            raise refused(name, value, f"{value!r} is not a 'base64'") from None
        return checked

    return check


def nullable(check: Check) -> Check:
    return lambda name, value, minor: None if value is None else check(name, value, minor)


def items(check: Check, *, least: int = 0, most: int | None = None) -> Check:
    def check_items(name: str, value: Any, minor: int) -> list[Any]:
        if not isinstance(value, list):
            raise refused(name, value, f"{value!r} is not of type 'array'")
        if len(value) < least:
            raise refused(name, value, f"{value!r} should be non-empty")
        if most is not None and len(value) > most:
            raise refused(name, value, f"{value!r} is too long")
        return [check(str(index), item, minor) for index, item in enumerate(value)]

    return check_items


def mapping(check: Check, *, pattern: str = "^[a-zA-Z0-9-_:. ]{1,255}$") -> Check:
    def check_mapping(name: str, value: Any, minor: int) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise refused(name, value, f"{value!r} is not of type 'object'")
        for key in value:
            if re.search(pattern, key) is None:
                raise refused(
                    name, value, f"{key!r} does not match any of the regexes: {pattern!r}"
                )
        return {key: check(key, item, minor) for key, item in value.items()}

    return check_mapping


metadata = mapping(text(0, 255))


def shape(properties: Mapping[str, Property]) -> Check:
    def check(name: str, value: Any, minor: int) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise refused(name, value, f"{value!r} is not of type 'object'")
        known = {k: p for k, p in properties.items() if p.since <= minor <= p.until}
        for key, one in known.items():
            if one.required and key not in value:
                raise refused(name, value, f"{key!r} is a required property")
        for key in value:
            if key not in known:
                reason = f"Additional properties are not allowed ({key!r} was unexpected)"
                raise refused(name, value, reason)
        return {key: known[key].check(key, item, minor) for key, item in value.items()}

    return check
