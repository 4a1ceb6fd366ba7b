"""Routes of the metadata of volumes and snapshots."""

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.volume import bodies
from isotherm.localcloud.volume.entities import Snapshot, Volume
from isotherm.localcloud.volume.faults import invalid
from isotherm.localcloud.volume.routing import VolumeRoutes
from isotherm.localcloud.volume.state import BlockStorage

routes = VolumeRoutes()


def _owner(storage: BlockStorage, call: Call) -> Volume | Snapshot:
    if "volume_id" in call.params:
        return storage.volume(call.caller, call.params["volume_id"])
    return storage.snapshot(call.caller, call.params["snapshot_id"])


def _key(call: Call, owner: Volume | Snapshot) -> str:
    key, kind = call.params["key"], type(owner).__name__
    if key not in owner.metadata:
        raise Fault(404, f"{kind} {owner.id} has no metadata with key {key}.")
    return key


_VOLUME, _SNAPSHOT = "/volumes/{volume_id}/metadata", "/snapshots/{snapshot_id}/metadata"


@routes.get(_VOLUME, "volume_metadata.list")
@routes.get(_SNAPSHOT, "snapshot_metadata.list")
def list_metadata(storage: BlockStorage, call: Call) -> object:
    return {"metadata": _owner(storage, call).metadata}


@routes.post(_VOLUME, "volume_metadata.add")
@routes.post(_SNAPSHOT, "snapshot_metadata.add")
def add_metadata(storage: BlockStorage, call: Call) -> object:
    owner = _owner(storage, call)
    owner.metadata |= bodies.check_metadata(bodies.read(call, "metadata", dict[str, str]))
    storage.save(owner)
    return {"metadata": owner.metadata}


@routes.put(_VOLUME, "volume_metadata.replace")
@routes.put(_SNAPSHOT, "snapshot_metadata.replace")
def replace_metadata(storage: BlockStorage, call: Call) -> object:
    owner = _owner(storage, call)
    owner.metadata = bodies.check_metadata(bodies.read(call, "metadata", dict[str, str]))
    storage.save(owner)
    return {"metadata": owner.metadata}


@routes.get(f"{_VOLUME}/{{key}}", "volume_metadata.show")
@routes.get(f"{_SNAPSHOT}/{{key}}", "snapshot_metadata.show")
def show_metadata(storage: BlockStorage, call: Call) -> object:
    owner = _owner(storage, call)
    key = _key(call, owner)
    return {"meta": {key: owner.metadata[key]}}


@routes.put(f"{_VOLUME}/{{key}}", "volume_metadata.set")
@routes.put(f"{_SNAPSHOT}/{{key}}", "snapshot_metadata.set")
def set_metadata(storage: BlockStorage, call: Call) -> object:
    owner = _owner(storage, call)
    meta = bodies.check_metadata(bodies.read(call, "meta", dict[str, str]))
    if call.params["key"] not in meta:
        raise invalid("Request body and URI mismatch")
    if len(meta) > 1:
        raise invalid("Request body contains too many items")
    owner.metadata |= meta
    storage.save(owner)
    return {"meta": meta}


@routes.delete(f"{_VOLUME}/{{key}}", "volume_metadata.delete", status=200)
@routes.delete(f"{_SNAPSHOT}/{{key}}", "snapshot_metadata.delete", status=200)
def delete_metadata(storage: BlockStorage, call: Call) -> None:
    owner = _owner(storage, call)
    del owner.metadata[_key(call, owner)]
    storage.save(owner)
