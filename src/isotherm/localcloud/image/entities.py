"""What image remembers."""

from typing import Annotated

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, shown


class Image(Entity, kw_only=True, eq=False):
    """`size` and `virtual_size` in bytes, `min_disk` in GiB, `min_ram` in MiB.

    `status` is queued, uploading (staged), saving, importing, active, deactivated or killed.
    """

    owner: Annotated[str | None, shown()]
    created_at: Annotated[float, moment()]
    updated_at: Annotated[float, moment()]
    name: Annotated[str | None, shown()] = None
    status: Annotated[str, shown()] = "queued"
    visibility: Annotated[str, shown()] = "shared"
    protected: Annotated[bool, shown()] = False
    os_hidden: Annotated[bool, shown()] = False
    container_format: Annotated[str | None, shown()] = None
    disk_format: Annotated[str | None, shown()] = None
    min_disk: Annotated[int, shown()] = 0
    min_ram: Annotated[int, shown()] = 0
    size: Annotated[int | None, shown()] = None
    virtual_size: Annotated[int | None, shown()] = None
    checksum: Annotated[str | None, shown()] = None
    os_hash_algo: Annotated[str | None, shown()] = None
    os_hash_value: Annotated[str | None, shown()] = None
    stores: str | None = None
    tags: Annotated[list[str], shown()] = []
    properties: dict[str, str] = {}


class ImageData(Entity, kw_only=True, eq=False):
    """`id` is the image's."""

    content: bytes


class DeletedImage(Entity, kw_only=True, eq=False):
    """An id that is never given again."""


class Member(Entity, kw_only=True, eq=False):
    """A project that may use a shared image; `status` is pending, accepted or rejected."""

    image_id: Annotated[str, shown()]
    member_id: Annotated[str, shown()]
    created_at: Annotated[float, moment()]
    updated_at: Annotated[float, moment()]
    status: Annotated[str, shown()] = "pending"
