"""Checks of what is said to the load balancer service, in its words."""

import json
import re
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.kinds.checks import Check, is_uuid, or_none, shape, text

_HEADERS = (
    *("X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto"),
    *("X-SSL-Client-Verify", "X-SSL-Client-Has-Cert", "X-SSL-Client-DN", "X-SSL-Client-CN"),
    *("X-SSL-Issuer", "X-SSL-Client-SHA1", "X-SSL-Client-Not-Before", "X-SSL-Client-Not-After"),
)
_CODES = r"^(\d{3}(\s*,\s*\d{3})*)$|^(\d{3}-\d{3})$"


def usual(check: Check, default: Any) -> Check:
    """Where nothing is said, what is usual."""
    return lambda value: default if value is None else check(value)


def integer(least: int, most: int | None = None) -> Check:
    def check(value: Any) -> int:
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise ValueError(f"invalid literal for int() with base 10: {value!r}") from None
        if number < least:
            raise ValueError(f"Value should be greater or equal to {least}")
        if most is not None and number > most:
            raise ValueError(f"Value should be lower or equal to {most}")
        return number

    return check


def one_of(*values: str) -> Check:
    def check(value: Any) -> str:
        if value not in values:
            raise ValueError(f"Value should be one of: {', '.join(values)}")
        return str(value)

    return check


def uuid(value: Any) -> str:
    if not isinstance(value, str) or not is_uuid(value):
        raise ValueError("Value should be UUID format")
    return value


def address(value: Any) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        raise ValueError("Value should be IPv4 or IPv6 format") from None


def url(value: Any) -> str:
    said: str = text(1)(value)
    if re.fullmatch(r"https?://\S+", said) is None:
        raise ValueError("Value must be a valid URL string")
    return said


def codes(value: Any) -> str:
    """Codes of replies: one, several or a range."""
    said: str = text(1)(value)
    if re.search(_CODES, said) is None:
        raise ValueError(f"Value should match the pattern {_CODES}")
    return said


def absolute_path(value: Any) -> str:
    said: str = text()(value)
    if said and not said.startswith("/"):
        raise Fault(400, f"Not a valid URLPath: {said}")
    return said


def check_pattern(value: str) -> None:
    try:
        re.compile(value)
    except re.error as error:
        text = f"Validation failure: Unable to parse regular expression: {error}"
        raise Fault(400, text) from error


def enabled_provider(offered: Sequence[str]) -> Check:
    def check(value: Any) -> str:
        if value not in offered:
            raise Fault(400, f"Provider '{value}' is not enabled.")
        return str(value)

    return check


def known_headers(value: Any) -> dict[str, str]:
    """Headers that a listener adds to what it hands on."""
    said = {} if value is None else dict(value)
    if strange := [name for name in said if name not in _HEADERS]:
        raise Fault(400, f"{strange} is not a valid option for insert_headers")
    return said


_PERSISTENCE = shape(
    {
        "type": one_of("SOURCE_IP", "HTTP_COOKIE", "APP_COOKIE"),
        "cookie_name": or_none(text()),
        "persistence_timeout": or_none(integer(0)),
        "persistence_granularity": or_none(text()),
    },
    "type",
)


def persistence(value: Any) -> dict[str, Any]:
    """How a client comes back to the same member."""
    said: dict[str, Any] = _PERSISTENCE(value)
    kind, cookie = said["type"], said.get("cookie_name")
    if kind == "APP_COOKIE" and not cookie:
        raise Fault(
            400,
            'Validation failure: Field "cookie_name" must be specified when using the '
            '"APP_COOKIE" session persistence type.',
        )
    if kind != "APP_COOKIE" and cookie:
        raise Fault(
            400,
            f'Validation failure: Field "cookie_name" is not allowed with the "{kind}" session '
            "persistence type.",
        )
    return {
        **dict.fromkeys(("cookie_name", "persistence_timeout", "persistence_granularity")),
        **said,
    }


def flavor_data(value: Any) -> str:
    """An object as JSON in a text."""
    said: str = text(1, 4096)(value)
    try:
        read = json.loads(said)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise ValueError(f"{said!r} is not a JSON object")
    return said
