"""What image remembers."""

import msgspec

from isotherm.localcloud.entities import Entity


class Image(Entity, kw_only=True, eq=False):
    """`size` and `virtual_size` in bytes, `min_disk` in GiB, `min_ram` in MiB."""

    owner: str | None
    created_at: float
    updated_at: float
    name: str | None = None
    status: str = "queued"
    visibility: str = "shared"
    protected: bool = False
    hidden: bool = False
    container_format: str | None = None
    disk_format: str | None = None
    min_disk: int = 0
    min_ram: int = 0
    size: int | None = None
    virtual_size: int | None = None
    checksum: str | None = None
    hash_value: str | None = None
    tags: list[str] = msgspec.field(default_factory=list)
    properties: dict[str, str] = msgspec.field(default_factory=dict)
    stores: list[str] = msgspec.field(default_factory=list)
    direct_url: str | None = None


class ImageData(Entity, kw_only=True, eq=False):
    """`id` is the image's."""

    content: bytes
