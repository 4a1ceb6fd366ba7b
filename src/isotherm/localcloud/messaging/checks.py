"""What messaging checks of single values, in its words."""

from typing import Any

from isotherm.localcloud.kinds.checks import Check

MOST_TTL = 1209600
"""Of messages; subscriptions may stay as long as anybody wants."""
SCHEMES = ("http", "https", "mailto", "trust+http", "trust+https", "ironic+http", "ironic+https")


def duration(least: int, most: int | None = None) -> Check:
    def check(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError("TTL must be an integer.")
        if value < least or (most is not None and value > most):
            bounds = f"between {least} and {most} seconds" if most else f"at least {least} seconds"
            raise ValueError(f"The TTL must be {bounds}.")
        return value

    return check


def address(value: Any) -> str:
    scheme = str(value).partition(":")[0]
    if not isinstance(value, str) or scheme not in SCHEMES:
        raise ValueError(f"The subscriber type of subscription must be supported: {SCHEMES}.")
    return value


def option_map(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("Options must be a dict.")
    return value


def queue_name(value: str) -> str:
    if len(value) > 64:
        raise ValueError("Queue names may not be more than 64 characters long.")
    if not value.replace("-", "").replace("_", "").isalnum() or not value.isascii():
        raise ValueError(
            "Queue names may only contain ASCII letters, digits, underscores, and dashes."
        )
    return value
