"""Checks of what is said to the key manager."""

from datetime import UTC, datetime
from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.kinds.checks import text


def moment(value: Any) -> float | None:
    """An ISO 8601 time, in seconds since the epoch; UTC where it does not say."""
    if value is None or value == "":
        return None
    try:
        read = datetime.fromisoformat(text()(value))
    except ValueError:
        raise ValueError("Invalid date for 'expiration'") from None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def shown_moment(seconds: float | None) -> str | None:
    return None if seconds is None else iso_time(seconds, suffix=".000000")


def wishes(value: Any) -> dict[str, Any]:
    """What an order asks for."""
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is not of type 'object'")
    return {"name": None, "expiration": None, **value}
