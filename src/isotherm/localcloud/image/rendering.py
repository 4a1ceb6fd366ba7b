"""Images as clients see them."""

from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.image.entities import Image


def show(image: Image) -> dict[str, Any]:
    return {
        **image.properties,
        "name": image.name,
        "disk_format": image.disk_format,
        "container_format": image.container_format,
        "visibility": image.visibility,
        "size": image.size,
        "virtual_size": image.virtual_size,
        "status": image.status,
        "checksum": image.checksum,
        "protected": image.protected,
        "min_ram": image.min_ram,
        "min_disk": image.min_disk,
        "owner": image.owner,
        "os_hidden": image.hidden,
        "os_hash_algo": "sha512" if image.hash_value else None,
        "os_hash_value": image.hash_value,
        "id": image.id,
        "created_at": iso_time(image.created_at),
        "updated_at": iso_time(image.updated_at),
        "stores": ",".join(image.stores),
        "tags": image.tags,
        "self": f"/v2/images/{image.id}",
        "file": f"/v2/images/{image.id}/file",
        "schema": "/v2/schemas/image",
    }
