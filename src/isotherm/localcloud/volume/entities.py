"""What block storage remembers. Sizes in GiB, times in seconds since the epoch."""

from typing import Annotated, Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, said, said_only, shown
from isotherm.localcloud.kinds.checks import Check, as_is, mapping, or_none, short_flag, text

_KEYS = r"^[a-zA-Z0-9-_:. /]{1,255}$"
PAIRS = mapping(text(), _KEYS)
SPECS = mapping(or_none(text()), _KEYS)
NAME = or_none(text())


def timestamp(seconds: float | None) -> str | None:
    return None if seconds is None else iso_time(seconds, suffix=".000000")


def identifier(value: Any) -> str:
    """An id, with or without dashes; there are other ways to say it in the API's schemas."""
    pattern = r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}"
    try:
        return str(text(pattern=f"^{pattern}$")(value))
    except ValueError:
        raise ValueError(f"'{value}' is not valid under any of the given schemas") from None


def once(check: Check = as_is, **more: Any) -> Any:
    """Said of a new object only."""
    return said(check, **{"update": False, **more})


class Stored(Entity, kw_only=True, eq=False):
    """What a project keeps here."""

    project_id: str
    user_id: str
    size: Annotated[int, shown()]
    created_at: Annotated[float, moment(".000000")]
    updated_at: Annotated[float | None, moment(".000000")] = None
    name: Annotated[str | None, said(NAME, brief=True)] = None
    description: Annotated[str | None, said(NAME)] = None
    status: Annotated[str, shown()] = "creating"
    metadata: Annotated[dict[str, str], said(or_none(PAIRS))] = {}


class Volume(Stored, kw_only=True, eq=False):
    """`previous_status` is what it returns to after extending, retyping or a backup."""

    volume_type_id: str
    previous_status: str = "available"
    availability_zone: Annotated[str, once(or_none(text()))] = "nova"
    bootable: Annotated[bool, shown(render=lambda held: str(held).lower())] = False
    multiattach: Annotated[bool, shown()] = False
    encrypted: Annotated[bool, shown()] = False
    snapshot_id: Annotated[str | None, once(or_none(identifier))] = None
    source_volid: Annotated[str | None, once(or_none(identifier))] = None
    # Set by the service itself, but shown with the owner's: `readonly`, `attached_mode`.
    admin_metadata: dict[str, str] = {}
    # Of the image that the volume was made of.
    image_metadata: dict[str, str] = {}


class Snapshot(Stored, kw_only=True, eq=False):
    volume_id: Annotated[str, once(identifier, required=True)]
    metadata: Annotated[dict[str, str], once(or_none(PAIRS), brief=True)] = {}


class Backup(Stored, kw_only=True, eq=False):
    volume_id: Annotated[str, once(text(), required=True)]
    container: Annotated[str | None, once(or_none(text()))] = None
    snapshot_id: Annotated[str | None, once(or_none(text()))] = None
    parent_id: str | None = None
    metadata: Annotated[dict[str, str], once(or_none(PAIRS), since=43)] = {}


class VolumeType(Entity, kw_only=True, eq=False):
    name: Annotated[str, said(text(1), required=True)]
    description: Annotated[str | None, said(or_none(text()))] = None
    is_public: Annotated[bool, said(short_flag)] = True
    extra_specs: dict[str, str] = {}
    project_ids: list[str] = []
    qos_specs_id: str | None = None
    # None, or provider, cipher, key_size, control_location, encryption_id, created_at.
    encryption: dict[str, Any] | None = None


class QosSpecs(Entity, kw_only=True, eq=False):
    name: Annotated[str, shown()]
    consumer: Annotated[str, shown()] = "back-end"
    specs: Annotated[dict[str, str], shown()] = {}


class Attachment(Entity, kw_only=True, eq=False):
    """`status`: reserved, attaching, attached, detaching. `server_id` may name no server at all."""

    project_id: str
    volume_id: Annotated[str, shown(brief=True)]
    server_id: Annotated[str | None, shown(name="instance", brief=True)] = None
    status: Annotated[str, shown(brief=True)] = "reserved"
    mode: Annotated[str | None, said_only(or_none(text()))] = None
    device: str | None = None
    host: str | None = None
    attached_at: Annotated[float | None, shown(render=lambda at: timestamp(at) or "")] = None
    connected: bool = False
