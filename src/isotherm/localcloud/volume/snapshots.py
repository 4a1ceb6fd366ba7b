"""Snapshots of volumes."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller
from isotherm.localcloud.kinds import (
    ABSENT,
    FULL,
    NEW,
    Kind,
    Life,
    Listing,
    Metadata,
    Wish,
    said_only,
)
from isotherm.localcloud.kinds.checks import short_flag
from isotherm.localcloud.volume import usage
from isotherm.localcloud.volume.dialect import DIALECT, invalid, invalid_volume, minor_of
from isotherm.localcloud.volume.entities import PAIRS, Snapshot
from isotherm.localcloud.volume.state import BlockStorage
from isotherm.localcloud.volume.volume_view import new_timestamp

_ADMIN = "volume_extension:snapshot_admin_actions"
_NEVER_FORCED = 66
_SUMMARY = "summary"
_STATUSES = ("creating", "available", "deleting", "error", "error_deleting")


def create(storage: BlockStorage, call: Call, wish: Wish) -> Snapshot:
    if minor_of(call) >= _NEVER_FORCED and not wish.get("force", True):
        raise invalid(
            "Since microversion 3.66 the 'force' flag is invalid for this request.  For backward "
            "compatability, however, when the 'force' flag is passed with a value evaluating to "
            "True, it is silently ignored."
        )
    return make(storage, call.caller, wish)


def make(storage: BlockStorage, caller: Caller, wish: Wish) -> Snapshot:
    """A snapshot in status `creating`. Raises Fault 400, 404, 413."""
    volume = storage.volume(caller, wish["volume_id"])
    if volume.status.startswith("error"):
        raise invalid_volume(
            f"The snapshot cannot be created when the volume is in {volume.status} status."
        )
    if volume.status not in ("available", "in-use"):
        raise invalid_volume(
            f"Volume {volume.id} status must be available, in-use, "
            f"but current status is: {volume.status}."
        )
    wanted = {"gigabytes": volume.size, "snapshots": 1}
    usage.check(storage, volume.project_id, storage.type_of(volume), wanted)
    owner = {"project_id": volume.project_id, "metadata": wish.get("metadata") or {}}
    return SNAPSHOTS.add(storage, caller, wish, size=volume.size, **owner)


def delete(storage: BlockStorage, call: Call, snapshot: Snapshot) -> None:
    if snapshot.status not in ("available", "error"):
        raise invalid(
            "Invalid snapshot: Snapshot status must be available or error, and must not be "
            "part of a group."
        )


def _more(storage: BlockStorage, call: Call, snapshot: Snapshot, view: str) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if view == NEW:
        shown["created_at"] = new_timestamp(snapshot.created_at)
    if view != _SUMMARY:
        fields = (
            (14, {"group_snapshot_id": None}),
            (41, {"user_id": snapshot.user_id}),
            (65, {"consumes_quota": True}),
        )
        for since, more in fields:
            shown |= more if minor_of(call) >= since else {}
    if view == FULL:
        done = "100%" if snapshot.status == "available" else "0%"
        shown["os-extended-snapshot-attributes:project_id"] = snapshot.project_id
        shown["os-extended-snapshot-attributes:progress"] = done
    return shown


SNAPSHOTS = Kind[BlockStorage, Snapshot](
    dialect=DIALECT,
    name="snapshot",
    entity=Snapshot,
    brief=True,
    also={"force": said_only(short_flag, default=ABSENT, update=False)},
    views={"list": _SUMMARY},
    life=Life(creating="creating", deleting="deleting"),
    listing=Listing(
        filters=("name", "status", "volume_id", "metadata"),
        matchers={
            "availability_zone": lambda _, snapshot, said: said == "nova",
            "consumes_quota": lambda _, snapshot, said: said.lower() in ("true", "1"),
        },
    ),
    create=create,
    delete=delete,
    more=_more,
)
Metadata(SNAPSHOTS, PAIRS)


@SNAPSHOTS.action("os-reset_status", "reset_status", rule=f"{_ADMIN}:reset_status")
def reset_status(storage: BlockStorage, call: Call, snapshot: Snapshot, said: Any) -> None:
    status = said.get("status") if isinstance(said, dict) else None
    if status not in _STATUSES:
        raise invalid(f"Snapshot status: {status} is invalid, valid statuses are: {_STATUSES}.")
    snapshot.status = str(status)
    SNAPSHOTS.touch(storage, snapshot)


@SNAPSHOTS.action("os-force_delete", "force_delete", rule=f"{_ADMIN}:force_delete")
def force_delete(storage: BlockStorage, call: Call, snapshot: Snapshot, said: Any) -> None:
    storage.cancel(snapshot)
    SNAPSHOTS.begin(storage, call, snapshot, "delete")
