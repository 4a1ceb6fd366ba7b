"""What block storage remembers. Sizes in GiB, times in seconds since the epoch."""

from typing import Any

import msgspec

from isotherm.localcloud.entities import Entity


class Stored(Entity, kw_only=True, eq=False):
    """What a project keeps here."""

    project_id: str
    user_id: str
    size: int
    created_at: float
    updated_at: float | None = None
    name: str | None = None
    description: str | None = None
    status: str = "creating"
    metadata: dict[str, str] = msgspec.field(default_factory=dict)


class Volume(Stored, kw_only=True, eq=False):
    """`previous_status` is what it returns to after extending, retyping or a backup."""

    volume_type_id: str
    previous_status: str = "available"
    availability_zone: str = "nova"
    bootable: bool = False
    multiattach: bool = False
    encrypted: bool = False
    snapshot_id: str | None = None
    source_volid: str | None = None
    # Set by the service itself, but shown with the owner's: `readonly`, `attached_mode`.
    admin_metadata: dict[str, str] = msgspec.field(default_factory=dict)
    # Of the image that the volume was made of.
    image_metadata: dict[str, str] = msgspec.field(default_factory=dict)


class Snapshot(Stored, kw_only=True, eq=False):
    volume_id: str


class Backup(Stored, kw_only=True, eq=False):
    volume_id: str
    container: str | None = None
    snapshot_id: str | None = None
    parent_id: str | None = None


class VolumeType(Entity, kw_only=True, eq=False):
    name: str
    description: str | None = None
    is_public: bool = True
    extra_specs: dict[str, str] = msgspec.field(default_factory=dict)
    project_ids: list[str] = msgspec.field(default_factory=list)
    qos_specs_id: str | None = None
    # None, or provider, cipher, key_size, control_location, encryption_id, created_at.
    encryption: dict[str, Any] | None = None


class QosSpecs(Entity, kw_only=True, eq=False):
    name: str
    consumer: str = "back-end"
    specs: dict[str, str] = msgspec.field(default_factory=dict)


class Attachment(Entity, kw_only=True, eq=False):
    """`status`: reserved, attaching, attached, detaching. `server_id` may name no server at all."""

    project_id: str
    volume_id: str
    server_id: str | None = None
    status: str = "reserved"
    mode: str | None = None
    device: str | None = None
    host: str | None = None
    attached_at: float | None = None
    connected: bool = False
