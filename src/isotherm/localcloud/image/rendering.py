"""Images and their members as clients see them."""

from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.image.entities import Image, Member

_PLAIN = (
    *("name", "disk_format", "container_format", "visibility", "size", "virtual_size"),
    *("status", "checksum", "protected", "min_ram", "min_disk", "owner", "os_hidden"),
    *("os_hash_algo", "os_hash_value", "id", "tags"),
)


def show_image(image: Image) -> dict[str, Any]:
    shown: dict[str, Any] = {**image.properties}
    shown.update((name, getattr(image, name)) for name in _PLAIN)
    if image.stores is not None:
        shown["stores"] = image.stores
    path = f"/v2/images/{image.id}"
    shown.update(
        created_at=iso_time(image.created_at),
        updated_at=iso_time(image.updated_at),
        self=path,
        file=f"{path}/file",
        schema="/v2/schemas/image",
    )
    return shown


def show_member(member: Member) -> dict[str, Any]:
    return {
        "member_id": member.member_id,
        "image_id": member.image_id,
        "status": member.status,
        "created_at": iso_time(member.created_at),
        "updated_at": iso_time(member.updated_at),
        "schema": "/v2/schemas/member",
    }
