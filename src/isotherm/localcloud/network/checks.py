"""Checks of single values: they return the value as it is stored.

A check raises ValueError where the value is not valid, Unconvertible where it is of a type
that cannot be converted; the two are worded differently on the wire.
"""

import re
import uuid
from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from isotherm.localcloud.network import faults

Check = Callable[[Any], Any]

_TRUE = ("true", "1", "yes", "on", "t", "y")
_FALSE = ("false", "0", "no", "off", "f", "n")
_MAC = re.compile(
    r"[0-9a-f]{1,2}([:-])(?:[0-9a-f]{1,2}\1){4}[0-9a-f]{1,2}"
    r"|[0-9a-f]{1,4}([:.-])[0-9a-f]{1,4}\2[0-9a-f]{1,4}"
    r"|[0-9a-f]{5,6}[:-][0-9a-f]{5,6}|[0-9a-f]{11,12}",
    re.IGNORECASE,
)
_NO_MACS = ("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff")
_DNS_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z", re.IGNORECASE)


class Unconvertible(ValueError):
    """The value cannot be turned into the attribute's type."""


def as_is(value: Any) -> Any:
    return value


def text(longest: int = 255) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"'{value}' is not a valid string")
        if len(value) > longest:
            raise ValueError(f"'{value}' exceeds maximum length of {longest}")
        return value

    return check


def boolean(value: Any) -> bool:
    known = str(value).lower()
    if isinstance(value, bool | str | int) and known in _TRUE + _FALSE:
        return known in _TRUE
    raise Unconvertible(f"'{value}' cannot be converted to boolean")


def integer(least: int | None = None, most: int | None = None) -> Check:
    def check(value: Any) -> int:
        try:
            number = int(value)
        except (TypeError, ValueError) as error:
            raise Unconvertible(f"'{value}' is not an integer") from error
        if least is not None and number < least:
            if least == 0:
                raise ValueError(f"'{number}' should be non-negative")
            raise ValueError(f"'{number}' is too small - must be at least '{least}'")
        if most is not None and number > most:
            raise ValueError(f"'{number}' is too large - must be no larger than '{most}'")
        return number

    return check


def one_of(*values: Any) -> Check:
    def check(value: Any) -> Any:
        if value not in values:
            raise ValueError(f"{value} is not in valid_values")
        return value

    return check


def or_none(check: Check) -> Check:
    def checked(value: Any) -> Any:
        return None if value is None else check(value)

    return checked


def is_uuid(value: object) -> bool:
    try:
        uuid.UUID(str(value))
    except ValueError:
        return False
    return True


def uuid_text(value: Any) -> str:
    if not isinstance(value, str) or not is_uuid(value):
        raise ValueError(f"'{value}' is not a valid UUID")
    return value


def project_or_all(value: Any) -> str:
    """Whom something is shared with."""
    if value != "*" and not (isinstance(value, str) and is_uuid(value)):
        raise faults.invalid_input(
            f"'{value}' is not a valid target project ID; expected a UUID or '*'."
        )
    return str(value)


def address(value: Any) -> str:
    """An IPv4 or IPv6 address in its usual spelling."""
    try:
        return str(ip_address(value))
    except ValueError as error:
        raise ValueError(f"'{value}' is not a valid IP address") from error


def cidr(value: Any) -> str:
    """A network whose host bits are zero."""
    try:
        if "/" not in value:
            raise ValueError
        return str(ip_network(value))
    except (TypeError, ValueError) as error:
        raise ValueError(f"'{value}' is not a valid CIDR") from error


def loose_cidr(value: Any) -> str:
    """A network; host bits are dropped."""
    try:
        if "/" not in str(value):
            raise ValueError
        return str(ip_network(value, strict=False))
    except ValueError as error:
        raise Unconvertible(f"{value} is not in a CIDR format") from error


def mac_address(value: Any) -> str:
    """With dashes, dots or nothing between its digits, too; stored with colons, in lower case."""
    if isinstance(value, str) and _MAC.fullmatch(value):
        groups = re.split("[:.-]", value)
        digits = "".join(group.rjust(12 // len(groups), "0") for group in groups).lower()
        made = ":".join(digits[at : at + 2] for at in range(0, 12, 2))
        if made not in _NO_MACS:
            return made
    raise ValueError(f"'{value}' is not a valid MAC address")


def dns_name(value: Any) -> str:
    """A host name, also with a domain, in lower case; empty is fine."""
    if not isinstance(value, str):
        raise Unconvertible(f"Input value {value} must be string type")
    for label in value.rstrip(".").split(".") if value else ():
        if not _DNS_LABEL.match(label):
            raise ValueError(
                f"'{value}' not a valid PQDN or FQDN. Reason: Name '{label}' must be 1-63 "
                "characters long, each of which can only be alphanumeric or a hyphen"
            )
    return value.lower()


def dns_domain(value: Any) -> str:
    """A domain with a dot at the end; empty is fine."""
    if not isinstance(value, str):
        raise Unconvertible(f"Input value {value} must be string type")
    labels = value.split(".")
    if value and (labels.pop() or not all(_DNS_LABEL.match(each) for each in labels)):
        raise ValueError(f"'{value}' is not a FQDN")
    return value


def list_of(check: Check) -> Check:
    def checked(value: Any) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, list):
            raise ValueError(f"'{value}' is not a list")
        return [check(each) for each in value]

    return checked


def distinct(check: Check, noun: str = "item") -> Check:
    """A list whose items differ."""
    many = list_of(check)

    def checked(value: Any) -> list[Any]:
        items: list[Any] = many(value)
        for position, item in enumerate(items):
            if item in items[:position]:
                raise ValueError(f"Duplicate {noun} '{item}'")
        return items

    return checked


def mapping(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    """An object with exactly these keys; a missing optional key stays missing."""
    known = {**required, **(optional or {})}

    def checked(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValueError(f"'{value}' is not a dictionary")
        if required.keys() - value.keys() or value.keys() - known.keys():
            raise ValueError(
                "Validation of dictionary's keys failed. Expected keys: "
                f"{_braced(list(required))} Provided keys: {_braced(list(value))}"
            )
        return {name: known[name](each) for name, each in value.items()}

    return checked


def settings(known: dict[str, Check]) -> Check:
    """An object with some of these keys, or nothing."""

    def checked(value: Any) -> dict[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise ValueError(f"'{value}' is not a dictionary")
        if strange := sorted(value.keys() - known.keys()):
            raise ValueError(f"Unexpected keys supplied: {', '.join(strange)}")
        try:
            return {name: each(value[name]) for name, each in known.items() if name in value}
        except Unconvertible as error:
            raise ValueError(str(error)) from error

    return checked


def items_of(check: Check) -> Check:
    """A list; a single value is one of a single item."""
    many = list_of(check)
    return lambda value: many([value] if isinstance(value, str) else value)


def subnet(value: Any) -> str:
    """A network whose host bits are zero."""
    try:
        return cidr(value)
    except ValueError as error:
        raise ValueError(f"'{value}' is not a valid IP subnet") from error


def nameserver(value: Any) -> str:
    try:
        return address(value)
    except ValueError as error:
        raise ValueError(f"'{value}' is not a valid nameserver. {error}") from error


tag = text()
route = mapping({"destination": cidr, "nexthop": address})
pool = mapping({"start": address, "end": address})


def _braced(names: Sequence[str]) -> str:
    return "{" + ", ".join(map(repr, names)) + "}"
