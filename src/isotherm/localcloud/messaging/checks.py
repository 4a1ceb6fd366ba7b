"""What messaging checks of single values, in its words."""

from typing import Any

from isotherm.localcloud.kinds.checks import Check

MOST_TTL = 1209600
"""Of messages; subscriptions may stay as long as anybody wants."""
SCHEMES = ["http", "https", "mailto", "trust+http", "trust+https"]


def duration(noun: str, least: int = 60, most: int | None = None) -> Check:
    def check(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError("TTL must be an integer.")
        if value < least or (most is not None and value > most):
            bound = f"may not exceed {most} seconds, and " if most is not None else ""
            raise ValueError(f"{noun} {bound}must be at least {least} seconds long.")
        return value

    return check


def address(value: Any) -> str:
    scheme = str(value).partition(":")[0]
    if not isinstance(value, str) or scheme not in SCHEMES:
        reason = f"must be supported in the list {SCHEMES}."
        raise ValueError(f"The subscriber type of subscription {reason}")
    return value


def option_map(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("Options must be a dict.")
    return value


def is_queue_name(value: str) -> bool:
    return (
        len(value) <= 64 and value.isascii() and value.replace("-", "").replace("_", "").isalnum()
    )
