"""The JSON schemas that clients may read, and the check of one attribute against them."""

import re
from typing import Any

from isotherm.localcloud.image.faults import schema_mismatch

Schema = dict[str, Any]
UUID_PATTERN = (
    "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$"
)
VISIBILITIES = ("community", "public", "private", "shared")
MEMBER_STATUSES = ("pending", "accepted", "rejected")
_DISK_FORMATS = (
    *(None, "ami", "ari", "aki", "vhd", "vhdx", "vmdk"),
    *("raw", "qcow2", "vdi", "iso", "ploop"),
)
_CONTAINER_FORMATS = (None, "ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed")
_OPTIONAL_TEXT = ["null", "string"]


def _field(type_: str | list[str], description: str, **more: Any) -> Schema:
    return {"type": type_, "description": description, **more}


def _read_only(type_: str | list[str], description: str, **more: Any) -> Schema:
    return _field(type_, description, readOnly=True, **more)


IMAGE_PROPERTIES: Schema = {
    "id": _field("string", "Id of the image", pattern=UUID_PATTERN),
    "name": _field(_OPTIONAL_TEXT, "Name of the image", maxLength=255),
    "status": _read_only(
        "string",
        "State of the image",
        enum=[
            *("queued", "saving", "active", "killed", "deleted", "uploading", "importing"),
            *("pending_delete", "deactivated"),
        ],
    ),
    "visibility": _field("string", "Who may see the image", enum=list(VISIBILITIES)),
    "protected": _field("boolean", "Whether deletion is refused."),
    "os_hidden": _field("boolean", "Whether lists leave the image out unless asked for it."),
    "checksum": _read_only(_OPTIONAL_TEXT, "MD5 of the data.", maxLength=32),
    "os_hash_algo": _read_only(_OPTIONAL_TEXT, "Algorithm of os_hash_value", maxLength=64),
    "os_hash_value": _read_only(_OPTIONAL_TEXT, "Digest of the data", maxLength=128),
    "owner": _field(_OPTIONAL_TEXT, "Project that owns the image", maxLength=255),
    "size": _read_only(["null", "integer"], "Size of the data in bytes"),
    "virtual_size": _read_only(["null", "integer"], "Size of the disk in bytes"),
    "container_format": _field(
        _OPTIONAL_TEXT, "What wraps the disk", enum=list(_CONTAINER_FORMATS)
    ),
    "disk_format": _field(_OPTIONAL_TEXT, "Format of the disk", enum=list(_DISK_FORMATS)),
    "created_at": _read_only("string", "When the image was registered"),
    "updated_at": _read_only("string", "When the image last changed"),
    "tags": _field("array", "Labels", items={"type": "string", "maxLength": 255}),
    "direct_url": _read_only("string", "Where the store keeps the data"),
    "min_ram": _field("integer", "Memory in MiB that a server needs."),
    "min_disk": _field("integer", "Disk in GiB that a server needs."),
    "self": _read_only("string", "URL of the image"),
    "file": _read_only("string", "URL of the data"),
    "stores": _read_only("string", "Stores that hold the data"),
    "schema": _read_only("string", "URL of this schema"),
    "locations": _field(
        "array",
        "Where stores keep the data",
        items={
            "type": "object",
            "required": ["url", "metadata"],
            "properties": {
                "url": {"type": "string", "maxLength": 255},
                "metadata": {"type": "object"},
            },
        },
    ),
}
IMAGE: Schema = {
    "name": "image",
    "properties": IMAGE_PROPERTIES,
    "additionalProperties": {"type": "string"},
    "links": [
        {"rel": "self", "href": "{self}"},
        {"rel": "enclosure", "href": "{file}"},
        {"rel": "describedby", "href": "{schema}"},
    ],
}
IMAGES: Schema = {
    "name": "images",
    "properties": {
        "images": {"type": "array", "items": IMAGE},
        "first": {"type": "string"},
        "next": {"type": "string"},
        "schema": {"type": "string"},
    },
    "links": [
        {"rel": "first", "href": "{first}"},
        {"rel": "next", "href": "{next}"},
        {"rel": "describedby", "href": "{schema}"},
    ],
}
MEMBER: Schema = {
    "name": "member",
    "properties": {
        "created_at": _field("string", "When the member was added"),
        "image_id": _field("string", "Id of the image", pattern=UUID_PATTERN),
        "member_id": _field("string", "Project of the member"),
        "status": _field("string", "Answer of the member", enum=list(MEMBER_STATUSES)),
        "updated_at": _field("string", "When the member last changed"),
        "schema": {"type": "string", "readOnly": True},
    },
}
MEMBERS: Schema = {
    "name": "members",
    "properties": {
        "members": {"type": "array", "items": MEMBER},
        "schema": {"type": "string"},
    },
    "links": [{"rel": "describedby", "href": "{schema}"}],
}
ALL: dict[str, Schema] = {"image": IMAGE, "images": IMAGES, "member": MEMBER, "members": MEMBERS}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "null": type(None),
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
}


def check_attribute(name: str, value: object) -> None:
    """Raises Fault 400."""
    _check(value, IMAGE_PROPERTIES.get(name) or IMAGE["additionalProperties"])


def _check(value: object, schema: Schema) -> None:
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_is_of(value, each) for each in types):
        names = ", ".join(repr(each) for each in types)
        raise schema_mismatch(f"{value!r} is not of type {names}")
    if "enum" in schema and value not in schema["enum"]:
        raise schema_mismatch(f"{value!r} is not one of {schema['enum']!r}")
    if isinstance(value, str):
        if len(value) > schema.get("maxLength", len(value)):
            raise schema_mismatch(f"{value!r} is too long")
        if "pattern" in schema and not re.match(schema["pattern"], value):
            raise schema_mismatch(f"{value!r} does not match {schema['pattern']!r}")
    if isinstance(value, list):
        for item in value:
            _check(item, schema["items"])


def _is_of(value: object, type_: str) -> bool:
    if isinstance(value, bool):
        return type_ == "boolean"
    return isinstance(value, _TYPES[type_])
