"""Routes of snapshots."""

from collections.abc import Callable

import msgspec

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.volume import bodies, listing, rendering, snapshots
from isotherm.localcloud.volume.entities import Snapshot
from isotherm.localcloud.volume.faults import invalid, invalid_field
from isotherm.localcloud.volume.routing import VolumeRoutes
from isotherm.localcloud.volume.state import BlockStorage

routes = VolumeRoutes()

_ACTION = "/snapshots/{snapshot_id}/action"
_ADMIN = "volume_extension:snapshot_admin_actions"
_FILTERS: dict[str, Callable[[Snapshot], object]] = {
    "name": lambda snapshot: snapshot.name,
    "status": lambda snapshot: snapshot.status,
    "volume_id": lambda snapshot: snapshot.volume_id,
    "metadata": lambda snapshot: snapshot.metadata,
    "availability_zone": lambda snapshot: "nova",
    "consumes_quota": lambda snapshot: True,
}
_STATUSES = ("creating", "available", "deleting", "error", "error_deleting")


class UpdateBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    name: str | msgspec.UnsetType | None = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET


@routes.post("/snapshots", "snapshot.create", status=202)
def create_snapshot(storage: BlockStorage, call: Call) -> object:
    wish = bodies.read(call, "snapshot", snapshots.SnapshotWish)
    bodies.check_name(wish.name)
    bodies.check_metadata(wish.metadata or {})
    volume = storage.volume(call.caller, wish.volume_id)
    snapshot = snapshots.create(storage, call.caller, volume, wish)
    storage.advance(call, "snapshot.complete", snapshot)
    return {"snapshot": rendering.show_snapshot(call, snapshot, new=True)}


@routes.get("/snapshots", "snapshot.list")
def list_snapshots(storage: BlockStorage, call: Call) -> object:
    return listing.list_page(call, storage.snapshots, _FILTERS, rendering.show_snapshot_brief)


@routes.get("/snapshots/detail", "snapshot.list")
def list_snapshots_in_detail(storage: BlockStorage, call: Call) -> object:
    return listing.list_page(
        call,
        storage.snapshots,
        _FILTERS,
        lambda each: rendering.show_snapshot(call, each, extended=True),
    )


@routes.get("/snapshots/{snapshot_id}", "snapshot.show")
def show_snapshot(storage: BlockStorage, call: Call) -> object:
    snapshot = storage.snapshot(call.caller, call.params["snapshot_id"])
    return {"snapshot": rendering.show_snapshot(call, snapshot, extended=True)}


@routes.put("/snapshots/{snapshot_id}", "snapshot.update")
def update_snapshot(storage: BlockStorage, call: Call) -> object:
    body = bodies.read(call, "snapshot", UpdateBody)
    if body.name is msgspec.UNSET and body.description is msgspec.UNSET:
        raise invalid_field("snapshot", "{} is not valid under any of the given schemas")
    snapshot = storage.snapshot(call.caller, call.params["snapshot_id"])
    if body.name is not msgspec.UNSET:
        bodies.check_name(body.name)
        snapshot.name = body.name
    if body.description is not msgspec.UNSET:
        snapshot.description = body.description
    return {"snapshot": rendering.show_snapshot(call, storage.touch(snapshot))}


@routes.delete("/snapshots/{snapshot_id}", "snapshot.delete", status=202)
def delete_snapshot(storage: BlockStorage, call: Call) -> None:
    snapshot = storage.snapshot(call.caller, call.params["snapshot_id"])
    snapshots.begin_delete(storage, snapshot)
    storage.advance(call, "snapshot.remove", snapshot)


@routes.action(_ACTION, "os-reset_status", "snapshot.reset_status", policy=f"{_ADMIN}:reset_status")
def reset_status(storage: BlockStorage, call: Call) -> None:
    snapshot = storage.snapshot(call.caller, call.params["snapshot_id"])
    status = bodies.argument_of(call, "os-reset_status").get("status")
    if status not in _STATUSES:
        raise invalid(f"Snapshot status: {status} is invalid, valid statuses are: {_STATUSES}.")
    snapshot.status = str(status)
    storage.touch(snapshot)


@routes.action(_ACTION, "os-force_delete", "snapshot.force_delete", policy=f"{_ADMIN}:force_delete")
def force_delete(storage: BlockStorage, call: Call) -> None:
    snapshot = storage.snapshot(call.caller, call.params["snapshot_id"])
    storage.cancel(snapshot)
    snapshot.status = "deleting"
    storage.touch(snapshot)
    storage.advance(call, "snapshot.remove", snapshot)
