"""What the object store keeps. An id is the path: `AUTH_project/container/object`."""

from isotherm.localcloud.entities import Entity

Metadata = dict[str, str]
"""By names in lower case, as headers are."""


class Account(Entity, kw_only=True, eq=False):
    created_at: float
    metadata: Metadata = {}


class Container(Entity, kw_only=True, eq=False):
    """`read` and `write` are access lists, `versions` the container that older versions of its
    objects go to; with `history`, they do so when an object is deleted, too."""

    project_id: str
    account: str
    name: str
    created_at: float
    metadata: Metadata = {}
    read: str = ""
    write: str = ""
    versions: str = ""
    history: bool = False


class StoredObject(Entity, kw_only=True, eq=False):
    """`headers` are those besides metadata that a read shows as they were sent."""

    project_id: str
    container_id: str
    name: str
    created_at: float
    etag: str
    content: bytes = b""
    content_type: str = "application/octet-stream"
    headers: dict[str, str] = {}
    metadata: Metadata = {}
    delete_at: int | None = None
