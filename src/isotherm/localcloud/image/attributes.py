"""Which attributes of an image clients may set, and to what."""

from collections.abc import Mapping
from typing import Any

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.image.entities import Image
from isotherm.localcloud.image.faults import (
    denied,
    forbidden,
    invalid,
    over_limit,
    schema_mismatch,
    unauthorized_action,
)
from isotherm.localcloud.image.schemas import IMAGE_PROPERTIES, check_attribute

PROPERTY_LIMIT = 128
TAG_LIMIT = 128
_INTEGER_LIMIT = 2**31 - 1
_NAME_LIMIT = 255
_READ_ONLY = frozenset(
    ("created_at", "updated_at", "status", "checksum", "size", "virtual_size")
    + ("direct_url", "self", "file", "schema", "stores")
)
# Accepted and ignored: the service itself computes them.
_COMPUTED = frozenset(("os_hash_algo", "os_hash_value"))
_RESERVED = frozenset(("deleted", "deleted_at"))
_RESERVED_PREFIX = "os_glance"


def read_attributes(caller: Caller, wish: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a new image. Raises Fault 400, 403."""
    if "locations" in wish:
        raise forbidden("Attribute 'locations' is reserved.")
    for name, value in wish.items():
        check_name(name)
        check_value(caller, name, value)
    owner = wish.get("owner")
    if owner is not None and not caller.sees(owner):
        raise denied(f"You are not permitted to create images owned by '{owner}'")
    return {name: value for name, value in wish.items() if name not in _COMPUTED}


def check_name(name: str) -> None:
    """Whether clients may set the attribute at all. Raises Fault 400, 403."""
    if name in _READ_ONLY:
        raise forbidden(f"Attribute '{name}' is read-only.")
    if name in _RESERVED:
        raise denied(f"Attribute '{name}' is reserved.")
    if name.startswith(_RESERVED_PREFIX):
        raise denied(f"Attribute '{name}' is reserved.")
    if len(name) > _NAME_LIMIT:
        raise schema_mismatch(f"{name!r} is too long")


def check_value(caller: Caller, name: str, value: Any) -> None:
    """Raises Fault 400, 403."""
    check_attribute(name, value)
    if name in ("min_disk", "min_ram"):
        if value < 0:
            raise invalid(
                f"Invalid value '{value}' for parameter '{name}': Cannot be a negative value"
            )
        if value > _INTEGER_LIMIT:
            raise invalid(f"'{name}' value out of range, must not exceed {_INTEGER_LIMIT}.")
    if name == "visibility" and value == "public" and not caller.is_admin:
        raise unauthorized_action("publicize_image")


def is_base(name: str) -> bool:
    """Whether every image has the attribute, as opposed to an extra property."""
    return name in IMAGE_PROPERTIES


def assign(image: Image, name: str, value: Any) -> None:
    """Set a checked attribute."""
    if name == "tags":
        image.tags = list(dict.fromkeys(value))
    elif is_base(name):
        setattr(image, name, value)
    else:
        image.properties[name] = value


def check_limits(image: Image) -> None:
    """Raises Fault 413."""
    own = [name for name in image.properties if not name.startswith(_RESERVED_PREFIX)]
    if len(own) > PROPERTY_LIMIT:
        raise over_limit("properties", len(own), PROPERTY_LIMIT)
    if len(image.tags) > TAG_LIMIT:
        raise over_limit("tags", len(image.tags), TAG_LIMIT)
