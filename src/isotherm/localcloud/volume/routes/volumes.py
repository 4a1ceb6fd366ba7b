"""Routes of volumes, without their actions."""

from collections.abc import Callable
from typing import Any

import msgspec

from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.volume import bodies, listing, rendering, volumes
from isotherm.localcloud.volume.entities import Volume
from isotherm.localcloud.volume.faults import invalid, invalid_field
from isotherm.localcloud.volume.routing import VolumeRoutes
from isotherm.localcloud.volume.state import BlockStorage

routes = VolumeRoutes()

_FILTERS: dict[str, Callable[[Volume], object]] = {
    "name": lambda volume: volume.name,
    "status": lambda volume: volume.status,
    "metadata": lambda volume: volume.metadata,
    "bootable": lambda volume: volume.bootable,
    "migration_status": lambda volume: None,
    "availability_zone": lambda volume: volume.availability_zone,
    "group_id": lambda volume: None,
    "size": lambda volume: volume.size,
    "created_at": lambda volume: rendering.timestamp(volume.created_at),
    "updated_at": lambda volume: rendering.timestamp(volume.updated_at),
    "consumes_quota": lambda volume: True,
    "glance_metadata": lambda volume: volume.image_metadata,
}
_NO_MULTIATTACH = (
    "multiattach parameter has been removed. The default behavior is to use multiattach enabled "
    "volume types. Contact your administrator to create a multiattach enabled volume type and "
    "use it to create multiattach volumes."
)


class CreateBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    size: Any = None
    name: str | None = None
    description: str | None = None
    display_name: str | None = None
    display_description: str | None = None
    volume_type: str | None = None
    metadata: dict[str, str] | None = None
    availability_zone: str | None = None
    imageRef: str | None = None  # noqa: N815 -- the API's name
    image_id: str | None = None
    snapshot_id: str | None = None
    source_volid: str | None = None
    backup_id: str | None = None
    consistencygroup_id: str | None = None
    group_id: str | None = None
    multiattach: Any = None


class UpdateBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    name: str | msgspec.UnsetType | None = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    display_name: str | msgspec.UnsetType | None = msgspec.UNSET
    display_description: str | msgspec.UnsetType | None = msgspec.UNSET
    metadata: dict[str, str] | msgspec.UnsetType | None = msgspec.UNSET


@routes.post("/volumes", "volume.create", status=202)
def create_volume(storage: BlockStorage, call: Call) -> object:
    volume = volumes.create(storage, call.caller, _wish(bodies.read(call, "volume", CreateBody)))
    storage.advance(call, "volume.complete", volume)
    return {"volume": rendering.show_volume(storage, call, volume, new=True)}


def _wish(body: CreateBody) -> volumes.CreateWish:
    name = body.name if body.name is not None else body.display_name
    bodies.check_name(name)
    for field in ("snapshot_id", "source_volid", "backup_id"):
        bodies.check_uuid(getattr(body, field), field)
    if body.multiattach:
        raise invalid(_NO_MULTIATTACH)
    return volumes.CreateWish(
        size=bodies.read_size(body.size, "size"),
        name=name.strip() if name is not None else None,
        description=body.description or body.display_description,
        volume_type=body.volume_type,
        availability_zone=body.availability_zone,
        metadata=bodies.check_metadata(body.metadata or {}),
        image_ref=body.imageRef if body.imageRef is not None else body.image_id,
        snapshot_id=body.snapshot_id,
        source_volid=body.source_volid,
        backup_id=body.backup_id,
    )


@routes.get("/volumes", "volume.list")
def list_volumes(storage: BlockStorage, call: Call) -> object:
    return listing.list_page(
        call, storage.volumes, _FILTERS, lambda volume: rendering.show_brief(call, volume)
    )


@routes.get("/volumes/detail", "volume.list")
def list_volumes_in_detail(storage: BlockStorage, call: Call) -> object:
    def show(volume: Volume) -> dict[str, Any]:
        return rendering.show_volume(storage, call, volume, extended=True)

    return listing.list_page(call, storage.volumes, _FILTERS, show)


@routes.get("/volumes/summary", "volume.summarize", since=12)
def summarize_volumes(storage: BlockStorage, call: Call) -> object:
    found = listing.visible(call, storage.volumes)
    metadata: dict[str, list[str]] = {}
    for volume in found:
        for key, value in volume.metadata.items():
            values = metadata.setdefault(key, [])
            if value not in values:
                values.append(value)
    total = sum(volume.size for volume in found)
    summary = {"total_count": len(found), "total_size": total, "metadata": metadata}
    return {"volume-summary": summary}


@routes.get("/volumes/{volume_id}", "volume.show")
def show_volume(storage: BlockStorage, call: Call) -> object:
    volume = storage.volume(call.caller, call.params["volume_id"])
    return {"volume": rendering.show_volume(storage, call, volume, extended=True)}


@routes.put("/volumes/{volume_id}", "volume.update")
def update_volume(storage: BlockStorage, call: Call) -> object:
    body = bodies.read(call, "volume", UpdateBody)
    values = msgspec.structs.asdict(body).items()
    given = {name: value for name, value in values if value is not msgspec.UNSET}
    if not given:
        raise invalid_field("volume", "{} is not valid under any of the given schemas")
    volume = storage.volume(call.caller, call.params["volume_id"])
    for name, value in given.items():
        field = name.removeprefix("display_")
        if field == "name":
            bodies.check_name(value)
        setattr(volume, field, value if field != "metadata" else value or {})
    storage.touch(volume)
    return {"volume": rendering.show_volume(storage, call, volume)}


@routes.delete("/volumes/{volume_id}", "volume.delete", status=202)
def delete_volume(storage: BlockStorage, call: Call) -> None:
    volume = storage.volume(call.caller, call.params["volume_id"])
    cascade = (call.argument("cascade") or "").lower() == "true"
    volumes.begin_delete(storage, volume, cascade=cascade)
    storage.advance(call, "volume.remove", volume)


@routes.get("/volumes/{volume_id}/encryption", "volume.show_encryption")
def show_encryption(storage: BlockStorage, call: Call) -> object:
    volume = storage.volume(call.caller, call.params["volume_id"])
    return {"encryption_key_id": None} | (storage.type_of(volume).encryption or {})


@routes.get("/os-availability-zone", "availability_zone.list")
def list_zones(storage: BlockStorage, call: Call) -> object:
    return {"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": True}}]}


@routes.get("/resource_filters", "resource_filter.list", since=33)
def list_resource_filters(storage: BlockStorage, call: Call) -> Reply:
    filters = [name for name in _FILTERS if name != "glance_metadata"]
    return Reply(200, {"resource_filters": [{"resource": "volume", "filters": filters}]})
