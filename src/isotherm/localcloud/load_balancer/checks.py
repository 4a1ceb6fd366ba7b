"""Checks of what is said to the load balancer service."""

import json
from typing import Any

from isotherm.localcloud.kinds.checks import Check, integer, one_of, or_none, shape, text


def usual(check: Check, default: Any) -> Check:
    """Where nothing is said, what is usual."""
    return lambda value: default if value is None else check(value)


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
    if (said["type"] == "APP_COOKIE") != bool(said.get("cookie_name")):
        raise ValueError("a cookie_name belongs to APP_COOKIE, and to nothing else")
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
