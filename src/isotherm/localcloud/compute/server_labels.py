"""Routes of servers' metadata and tags."""

from collections.abc import Callable

from isotherm.localcloud.compute import bodies, checks
from isotherm.localcloud.compute.dialect import checked
from isotherm.localcloud.compute.entities import Server
from isotherm.localcloud.compute.faults import invalid, refused
from isotherm.localcloud.compute.permissions import check_state
from isotherm.localcloud.compute.routing import ComputeRoutes
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.compute.usage import check_metadata_quota
from isotherm.localcloud.exchange import Call, Fault, Reply

routes = ComputeRoutes()

_METADATA, _ITEM = "/servers/{server_id}/metadata", "/servers/{server_id}/metadata/{key}"
_TAGS, _TAG = "/servers/{server_id}/tags", "/servers/{server_id}/tags/{tag}"
_STATES = ("active", "paused", "suspended", "stopped")
_MOST_TAGS = 50


@routes.get(_METADATA, "server.list_metadata")
def list_metadata(compute: Compute, call: Call) -> object:
    return {"metadata": compute.server_of(call).metadata}


@routes.post(_METADATA, "server.create_metadata")
def add_metadata(compute: Compute, call: Call) -> object:
    new = _read(call, "metadata")
    return _set(compute, call, lambda server: {**server.metadata, **new})


@routes.put(_METADATA, "server.update_metadata")
def replace_metadata(compute: Compute, call: Call) -> object:
    new = _read(call, "metadata")
    return _set(compute, call, lambda server: new)


@routes.get(_ITEM, "server.list_metadata")
def show_item(compute: Compute, call: Call) -> object:
    server, key = compute.server_of(call), call.params["key"]
    return {"meta": {key: _item(server, key)}}


@routes.put(_ITEM, "server.update_metadata")
def set_item(compute: Compute, call: Call) -> object:
    new = _read(call, "meta")
    if not new:
        raise refused("meta", new, "{} should be non-empty")
    if list(new) != [call.params["key"]]:
        raise invalid("Request body and URI mismatch")
    _set(compute, call, lambda server: {**server.metadata, **new})
    return {"meta": new}


@routes.delete(_ITEM, "server.delete_metadata")
def delete_item(compute: Compute, call: Call) -> None:
    server, key = compute.server_of(call), call.params["key"]
    _item(server, key)
    check_state(call, server, "delete metadata", _STATES)
    del server.metadata[key]
    compute.touch(server)


def _set(
    compute: Compute, call: Call, change: Callable[[Server], dict[str, str]]
) -> dict[str, dict[str, str]]:
    server = compute.server_of(call)
    check_state(call, server, "update metadata", _STATES)
    metadata = change(server)
    check_metadata_quota(compute, server.project_id, metadata)
    server.metadata = metadata
    compute.touch(server)
    return {"metadata": metadata}


def _read(call: Call, name: str) -> dict[str, str]:
    if name not in call.json:
        raise invalid(f"'{name}' is a required property")
    found: dict[str, str] = checked(name, call.json[name], checks.METADATA)
    return found


def _item(server: Server, key: str) -> str:
    if key not in server.metadata:
        raise Fault(404, "Metadata item was not found")
    return server.metadata[key]


@routes.get(_TAGS, "server.list_tags", since=26)
def list_tags(compute: Compute, call: Call) -> object:
    return {"tags": compute.server_of(call).tags}


@routes.put(_TAGS, "server.update_tags", since=26)
def replace_tags(compute: Compute, call: Call) -> object:
    if "tags" not in call.json:
        raise invalid("'tags' is a required property")
    tags = checked("tags", call.json["tags"], bodies.TAGS)
    server = compute.server_of(call)
    server.tags = list(dict.fromkeys(tags))
    compute.touch(server)
    return {"tags": server.tags}


@routes.delete(_TAGS, "server.delete_tags", since=26)
def delete_tags(compute: Compute, call: Call) -> None:
    server = compute.server_of(call)
    server.tags = []
    compute.touch(server)


@routes.get(_TAG, "server.list_tags", since=26, status=204)
def show_tag(compute: Compute, call: Call) -> None:
    server, tag = compute.server_of(call), call.params["tag"]
    if tag not in server.tags:
        raise Fault(404, f"Server {server.id} has no tag '{tag}'")


@routes.put(_TAG, "server.update_tags", since=26)
def add_tag(compute: Compute, call: Call) -> Reply:
    server, tag = compute.server_of(call), call.params["tag"]
    checked("tags", [tag], bodies.TAGS)
    if tag in server.tags:
        return Reply(204)
    if len(server.tags) >= _MOST_TAGS:
        raise invalid(f"The number of tags exceeded the per-server limit {_MOST_TAGS}")
    server.tags.append(tag)
    compute.touch(server)
    return Reply(201, None, {"Location": call.url})


@routes.delete(_TAG, "server.delete_tags", since=26)
def delete_tag(compute: Compute, call: Call) -> None:
    server, tag = compute.server_of(call), call.params["tag"]
    if tag not in server.tags:
        raise Fault(404, f"Instance {server.id} has no tag '{tag}'")
    server.tags.remove(tag)
    compute.touch(server)
