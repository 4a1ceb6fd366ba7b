"""Checks of single values, and times as the workflow service tells them."""

import json
from datetime import UTC, datetime
from typing import Any

from isotherm.localcloud.clock import time_of


def json_object(value: Any) -> dict[str, Any]:
    """An object, or one as JSON text."""
    try:
        read = json.loads(value) if isinstance(value, str) and value else value or {}
    except ValueError:
        raise ValueError(f"{value!r} is not JSON") from None
    if not isinstance(read, dict):
        raise ValueError(f"{value!r} is not of type 'object'")
    return read


class _Moment:
    def __call__(self, value: Any) -> float:
        at = time_of(str(value), "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
        if at is None:
            raise ValueError(f"time data {value!r} does not match format '%Y-%m-%d %H:%M'")
        return at

    def told(self, seconds: float | None) -> str | None:
        if seconds is None:
            return None
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


first_time = _Moment()
