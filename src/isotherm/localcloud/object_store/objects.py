"""Objects: what is stored in containers."""

import mimetypes
import re
from typing import Any
from urllib.parse import unquote

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.object_store import faults
from isotherm.localcloud.object_store.access import require_object
from isotherm.localcloud.object_store.entities import Container, StoredObject
from isotherm.localcloud.object_store.headers import metadata_said, metadata_shown, timestamp
from isotherm.localcloud.object_store.state import ObjectStore, etag_of, http_date
from isotherm.localcloud.routing import Routes

routes = Routes[ObjectStore]()
_OBJECT = "/v1/{account}/{container}/{object:path}"
_DATA_LIMIT = 256 * 2**20
LONGEST_NAME = 1024
_MANIFEST = "x-object-manifest"
_KEPT = ("content-encoding", "content-disposition", "cache-control", "expires", _MANIFEST)
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@routes.put(_OBJECT, "object.create", open=True, body_limit=_DATA_LIMIT)
def create(store: ObjectStore, call: Call) -> object:
    container = _container(store, call)
    name = call.params["object"]
    if len(name.encode()) > LONGEST_NAME:
        raise faults.refused(
            400, f"Object name length of {len(name.encode())} longer than {LONGEST_NAME}"
        )
    source = call.headers.get("x-copy-from")
    fields, content = _said(store, call), call.body
    if source is not None:
        original = _original(store, call, source)
        content = original.content
        copied = {"content_type": original.content_type, "metadata": original.metadata}
        fields = {**copied, **fields, "metadata": {**original.metadata, **fields["metadata"]}}
    _require_room(store, container, name, len(content))
    wanted = call.headers.get("etag", "").strip('"')
    if wanted and wanted != etag_of(content):
        raise Fault(422, "")
    kept = store.keep(container, name, content, **_described(name, fields))
    return Reply(201, None, {"Etag": kept.etag, "Last-Modified": http_date(kept.created_at)})


@routes.get(_OBJECT, "object.show", open=True)
def show(store: ObjectStore, call: Call) -> object:
    container = _container(store, call)
    found = store.object(container, call.params["object"])
    content, etag = _contents(store, container, found)
    headers = {**_headers(found), "Etag": etag}
    if found.etag in call.headers.get("if-none-match", ""):
        return Reply(304, None, headers)
    asked = _part(call, len(content))
    if asked is None:
        return Reply(200, content, headers)
    first, last = asked
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Reply(206, content[first : last + 1], headers)


@routes.post(_OBJECT, "object.update", status=202, open=True)
def update(store: ObjectStore, call: Call) -> object:
    """All metadata are given anew."""
    container = _container(store, call)
    found = store.object(container, call.params["object"])
    for name, value in _said(store, call).items():
        setattr(found, name, value)
    store.objects.save(found)
    return faults.accepted()


@routes.delete(_OBJECT, "object.delete", open=True)
def delete(store: ObjectStore, call: Call) -> None:
    container = _container(store, call)
    store.drop(container, call.params["object"])


def _contents(store: ObjectStore, container: Container, found: StoredObject) -> tuple[bytes, str]:
    """What is read, and its tag: of a manifest that of all objects that it stands for."""
    if _MANIFEST not in found.headers:
        return found.content, found.etag
    name, _, prefix = unquote(found.headers[_MANIFEST]).strip("/").partition("/")
    segments = store.contents(store.container(container.account, name))
    parts = [each for each in segments if each.name.startswith(prefix)]
    tags = "".join(each.etag for each in parts).encode()
    return b"".join(each.content for each in parts), f'"{etag_of(tags)}"'


def _container(store: ObjectStore, call: Call) -> Container:
    """Of the object, if the caller may do with that what the method says. Raises Fault."""
    if call.path.endswith("/"):  # which is a part of the name
        call.params["object"] += "/"
    known = store.containers.get(f"{call.params['account']}/{call.params['container']}")
    require_object(store, call, known)
    return store.container(call.params["account"], call.params["container"])


def _original(store: ObjectStore, call: Call, source: str) -> StoredObject:
    container, _, name = unquote(source).strip("/").partition("/")
    account = call.headers.get("x-copy-from-account", call.params["account"])
    return store.object(store.container(account, container), name)


def _said(store: ObjectStore, call: Call) -> dict[str, Any]:
    """The fields that the headers say. Raises Fault 400."""
    said: dict[str, Any] = {
        "metadata": {n: v for n, v in metadata_said(call.headers, "object").items() if v},
        "headers": {name: call.headers[name] for name in _KEPT if name in call.headers},
    }
    if kind := call.headers.get("content-type"):
        said["content_type"] = kind
    for name, since in (("x-delete-at", 0.0), ("x-delete-after", store.now())):
        if name in call.headers:
            if not call.headers[name].isdigit():
                raise faults.refused(400, f"Non-integer {name.title()}")
            said["delete_at"] = int(since) + int(call.headers[name])
    if said.get("delete_at", store.now() + 1) <= store.now():
        raise faults.refused(400, "X-Delete-At in past")
    return said


def _described(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {"content_type": guessed, **fields}


def _require_room(store: ObjectStore, container: Container, name: str, size: int) -> None:
    """Raises Fault 413 where a quota of the container or the account is used up."""
    there = store.objects.get(f"{container.id}/{name}")
    more, before = (0, len(there.content)) if there else (1, 0)
    quota = container.metadata.get("quota-bytes", "")
    if quota.isdigit() and store.bytes_used(container) - before + size > int(quota):
        raise faults.refused(413, "Upload exceeds quota.")
    quota = container.metadata.get("quota-count", "")
    if quota.isdigit() and len(store.contents(container)) + more > int(quota):
        raise faults.refused(413, "Upload exceeds quota.")
    quota = store.account(container.account).metadata.get("quota-bytes", "")
    held = sum(store.bytes_used(each) for each in store.of_account(container.account))
    if quota.isdigit() and held - before + size > int(quota):
        raise faults.refused(413, "Upload exceeds quota.")


def _headers(found: StoredObject) -> dict[str, str]:
    ends = {} if found.delete_at is None else {"X-Delete-At": str(found.delete_at)}
    return {
        "Content-Type": found.content_type,
        "Etag": found.etag,
        "Last-Modified": http_date(found.created_at),
        "X-Timestamp": timestamp(found.created_at),
        "Accept-Ranges": "bytes",
        **ends,
        **{name.title(): value for name, value in found.headers.items()},
        **metadata_shown(found.metadata, "object"),
    }


def _part(call: Call, size: int) -> tuple[int, int] | None:
    """First and last byte that are asked for, None for all. Raises Fault 416."""
    match = _RANGE.fullmatch(call.headers.get("range", ""))
    if match is None or match[0] == "bytes=-":
        return None
    first = int(match[1]) if match[1] else max(size - int(match[2]), 0)
    last = int(match[2]) if match[1] and match[2] else size - 1
    if first >= size or last < first:
        raise Fault(416, "", headers={"Content-Range": f"bytes */{size}"})
    return first, min(last, size - 1)
