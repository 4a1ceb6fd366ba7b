"""The order of a list of images."""

from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.image.entities import Image
from isotherm.localcloud.image.faults import invalid

PAGING_KEYS = frozenset(("limit", "marker", "sort", "sort_key", "sort_dir"))
_SORT_KEYS = (
    *("name", "status", "container_format", "disk_format"),
    *("size", "id", "created_at", "updated_at"),
)
_DEFAULT = (("created_at", "desc"), ("id", "desc"))


def order(call: Call, found: list[Image]) -> list[Image]:
    """As the call asks, else newest first. Raises Fault 400."""
    keys = _sort_keys(call)
    asked = {name for name, _ in keys}
    keys += [each for each in _DEFAULT if each[0] not in asked]
    for name, direction in reversed(keys):
        found.sort(key=lambda image, name=name: _rank(image, name), reverse=direction == "desc")  # type: ignore[misc]
    return found


def _rank(image: Image, name: str) -> tuple[bool, Any]:
    """Nothing comes before everything."""
    value = getattr(image, name)
    return (False, 0) if value is None else (True, value)


def _sort_keys(call: Call) -> list[tuple[str, str]]:
    names = [value for key, value in call.query if key == "sort_key"]
    directions = [value for key, value in call.query if key == "sort_dir"]
    combined = call.argument("sort")
    if combined is not None:
        if names or directions:
            raise invalid("Old and new sorting syntax cannot be combined")
        pairs = [each.strip().partition(":") for each in combined.split(",")]
        keys = [(name, direction or "desc") for name, _, direction in pairs]
    else:
        keys = _paired(names, directions)
    for name, direction in keys:
        if name not in _SORT_KEYS:
            allowed = ", ".join(_SORT_KEYS)
            raise invalid(f"Invalid sort key: {name}. It must be one of the following: {allowed}.")
        if direction not in ("asc", "desc"):
            raise invalid(f"Invalid sort direction: {direction}")
    return keys


def _paired(names: list[str], directions: list[str]) -> list[tuple[str, str]]:
    if not names:
        names = ["created_at"]
    if not directions:
        directions = ["desc"]
    if len(directions) == 1:
        directions *= len(names)
    if len(directions) != len(names):
        raise invalid("Number of sort dirs does not match the number of sort keys")
    return list(zip(names, directions, strict=True))
