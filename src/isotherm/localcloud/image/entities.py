"""What image remembers."""

import msgspec

from isotherm.localcloud.entities import Entity


class Image(Entity, kw_only=True, eq=False):
    """`size` and `virtual_size` in bytes, `min_disk` in GiB, `min_ram` in MiB.

    `status` is queued, uploading (staged), saving, importing, active, deactivated or killed.
    """

    owner: str | None
    created_at: float
    updated_at: float
    name: str | None = None
    status: str = "queued"
    visibility: str = "shared"
    protected: bool = False
    os_hidden: bool = False
    container_format: str | None = None
    disk_format: str | None = None
    min_disk: int = 0
    min_ram: int = 0
    size: int | None = None
    virtual_size: int | None = None
    checksum: str | None = None
    os_hash_algo: str | None = None
    os_hash_value: str | None = None
    stores: str | None = None
    tags: list[str] = msgspec.field(default_factory=list)
    properties: dict[str, str] = msgspec.field(default_factory=dict)


class ImageData(Entity, kw_only=True, eq=False):
    """`id` is the image's."""

    content: bytes


class DeletedImage(Entity, kw_only=True, eq=False):
    """An id that is never given again."""


class Member(Entity, kw_only=True, eq=False):
    """A project that may use a shared image; `status` is pending, accepted or rejected."""

    image_id: str
    member_id: str
    created_at: float
    updated_at: float
    status: str = "pending"
