"""Containers of objects."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.object_store import faults
from isotherm.localcloud.object_store.access import require_own, require_read
from isotherm.localcloud.object_store.entities import Container, StoredObject
from isotherm.localcloud.object_store.headers import (
    merged,
    metadata_said,
    metadata_shown,
    timestamp,
)
from isotherm.localcloud.object_store.listings import listed
from isotherm.localcloud.object_store.state import ACCOUNT_PREFIX, ObjectStore, http_date
from isotherm.localcloud.routing import Routes

routes = Routes[ObjectStore]()
POLICY = "gold"
"""The only policy of storage."""
_CONTAINER = "/v1/{account}/{container}"
LONGEST_NAME = 256
_VERSIONS = ("x-versions-location", "x-history-location")


@routes.put(_CONTAINER, "container.create", open=True)
def create(store: ObjectStore, call: Call) -> object:
    """Made, or changed where there is one of that name."""
    require_own(call)
    account, name = store.account(call.params["account"]), call.params["container"]
    if len(name.encode()) > LONGEST_NAME:
        raise faults.refused(
            400, f"Container name length of {len(name.encode())} longer than {LONGEST_NAME}"
        )
    there = store.containers.get(f"{account.id}/{name}")
    made = there or Container(
        id=f"{account.id}/{name}",
        project_id=account.id.removeprefix(ACCOUNT_PREFIX),
        account=account.id,
        name=name,
        created_at=store.now(),
    )
    _change(call, made)
    store.containers.save(made)
    return faults.accepted() if there else Reply(201)


@routes.get(_CONTAINER, "container.show", open=True)
def show(store: ObjectStore, call: Call) -> object:
    known = store.containers.get(f"{call.params['account']}/{call.params['container']}")
    require_read(store, call, known)
    container = store.container(call.params["account"], call.params["container"])
    headers = _headers(store, container, own=call.has_caller)
    if call.method == "HEAD":
        return Reply(204, None, {"Content-Type": "text/plain; charset=utf-8", **headers})
    return listed(call, (_row(store, each) for each in store.contents(container)), headers)


@routes.post(_CONTAINER, "container.update", status=204, open=True)
def update(store: ObjectStore, call: Call) -> None:
    require_own(call)
    container = store.container(call.params["account"], call.params["container"])
    _change(call, container)
    store.containers.save(container)


@routes.delete(_CONTAINER, "container.delete", open=True)
def delete(store: ObjectStore, call: Call) -> None:
    require_own(call)
    container = store.container(call.params["account"], call.params["container"])
    if store.objects.find(container_id=container.id):
        raise Fault(409, "")
    store.containers.remove(container.id)


def _change(call: Call, container: Container) -> None:
    """What the headers say. Raises Fault 400."""
    said = call.headers
    for name in ("x-versions-enabled", "x-container-sync-to"):
        if name in said:
            raise faults.refused(400, f"{name} is not supported yet")
    if said.get("x-storage-policy", POLICY).lower() != POLICY:
        raise faults.refused(400, f"Invalid X-Storage-Policy {said['x-storage-policy']!r}")
    for entry in said.get("x-container-write", "").split(","):
        if entry.strip().startswith(".r"):
            raise faults.refused(400, f"Referrers not allowed in write ACL: {entry.strip()!r}")
    container.metadata = merged(container.metadata, metadata_said(said, "container"))
    container.read = said.get("x-container-read", container.read)
    container.write = said.get("x-container-write", container.write)
    for name in _VERSIONS:
        if name in said:
            container.versions, container.history = said[name], name == _VERSIONS[1]
    for remove, attribute in (
        ("x-remove-container-read", "read"),
        ("x-remove-container-write", "write"),
        ("x-remove-versions-location", "versions"),
        ("x-remove-history-location", "versions"),
    ):
        if remove in said:
            setattr(container, attribute, "")


def _headers(store: ObjectStore, container: Container, *, own: bool) -> dict[str, str]:
    lists: dict[str, str] = {}
    if own and container.read:
        lists["X-Container-Read"] = container.read
    if own and container.write:
        lists["X-Container-Write"] = container.write
    if container.versions:
        lists["X-History-Location" if container.history else "X-Versions-Location"] = (
            container.versions
        )
    return {
        "X-Container-Object-Count": str(len(store.contents(container))),
        "X-Container-Bytes-Used": str(store.bytes_used(container)),
        "X-Timestamp": timestamp(container.created_at),
        "Last-Modified": http_date(container.created_at),
        "Accept-Ranges": "bytes",
        "X-Storage-Policy": POLICY,
        **lists,
        **metadata_shown(container.metadata, "container"),
    }


def _row(store: ObjectStore, each: StoredObject) -> dict[str, Any]:
    return {
        "name": each.name,
        "bytes": len(each.content),
        "hash": each.etag,
        "content_type": each.content_type,
        "last_modified": store.iso(each.created_at),
    }
