"""Changes of an image as JSON patches, in both of their media types."""

from collections.abc import Mapping
from typing import Any

import msgspec

from isotherm.localcloud.exchange import Call, Caller, instead_of
from isotherm.localcloud.image.attributes import (
    assign,
    check_limits,
    check_name,
    check_value,
    is_base,
)
from isotherm.localcloud.image.entities import Image
from isotherm.localcloud.image.faults import (
    bad_media_type,
    denied,
    forbidden,
    invalid,
    property_missing,
)

_OLD_TYPE = "application/openstack-images-v2.0-json-patch"
_NEW_TYPE = "application/openstack-images-v2.1-json-patch"
_OPERATIONS = ("add", "remove", "replace")
_ONE_OF = f"It must be one of the following: {', '.join(_OPERATIONS)}."


class Change(msgspec.Struct, frozen=True):
    """`operation` is add, remove or replace; `name` the attribute's."""

    operation: str
    name: str
    value: Any = None


def read_changes(call: Call) -> list[Change]:
    """Raises Fault 400, 403, 415."""
    media_type = call.headers.get("content-type", "").partition(";")[0].strip()
    if media_type not in (_OLD_TYPE, _NEW_TYPE):
        raise bad_media_type(f"Image PATCH expects Content-Type one of: {_OLD_TYPE}, {_NEW_TYPE}")
    with instead_of(400, invalid("Malformed JSON in request body.")):
        document = call.document
    if not isinstance(document, list):
        raise invalid("Request body must be a JSON array of operation objects.")
    return [_read_change(each, media_type) for each in document]


def apply_changes(caller: Caller, image: Image, changes: list[Change]) -> None:
    """All of them, or none. Raises Fault 400, 403, 409, 413."""
    draft = msgspec.structs.replace(image, properties=dict(image.properties))
    for change in changes:
        _check_change(caller, draft, change)
        if change.operation == "remove":
            del draft.properties[change.name]
        else:
            assign(draft, change.name, change.value)
    check_limits(draft)
    for name in image.__struct_fields__:
        setattr(image, name, getattr(draft, name))


def _check_change(caller: Caller, image: Image, change: Change) -> None:
    name = change.name
    if name == "id":
        raise forbidden("Attribute 'id' is read-only.")
    check_name(name)
    if is_base(name):
        _check_base(caller, image, change)
    elif change.operation != "add" and name not in image.properties:
        raise property_missing(name)
    if change.operation != "remove":
        check_value(caller, name, change.value)


def _check_base(caller: Caller, image: Image, change: Change) -> None:
    name = change.name
    if change.operation == "remove":
        raise denied(f"Property {name} may not be removed.")
    if name == "owner" and not caller.is_admin:
        raise denied("Owner can't be updated by non admin.")
    if name in ("disk_format", "container_format") and image.status != "queued":
        raise forbidden(f"Attribute {name} can be only replaced for a queued image.")


def _read_change(document: object, media_type: str) -> Change:
    if not isinstance(document, dict):
        raise invalid("Operations must be JSON objects.")
    operation = _operation(document, media_type)
    pointer = document.get("path" if media_type == _NEW_TYPE else operation)
    if not isinstance(pointer, str):
        raise invalid("Unable to find 'path' in JSON Schema change")
    name = _attribute(pointer)
    if operation == "remove":
        return Change(operation, name)
    if "value" not in document:
        raise invalid(f'Operation "{operation}" requires a member named "value".')
    return Change(operation, name, document["value"])


def _operation(document: Mapping[str, Any], media_type: str) -> str:
    if media_type == _OLD_TYPE:
        for operation in _OPERATIONS:
            if operation in document:
                return operation
        raise invalid(f"Operation objects must contain one member of these. {_ONE_OF}")
    if "op" not in document:
        raise invalid(f"Unable to find `op` in JSON Schema change. {_ONE_OF}")
    if document["op"] not in _OPERATIONS:
        raise invalid(f"Invalid operation: `{document['op']}`. {_ONE_OF}")
    return str(document["op"])


def _attribute(pointer: str) -> str:
    """The name that a JSON pointer names. Raises Fault 400, 403."""
    if not pointer.startswith("/"):
        raise invalid(f'Pointer `{pointer}` does not start with "/".')
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]
    if len(parts) > 1 or parts[0] == "locations":
        raise invalid(f"Invalid JSON pointer for this resource: '{pointer}'")
    return parts[0]
