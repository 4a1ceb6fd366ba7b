"""Who may read and write: the project's people, access lists, signed URLs."""

import hmac
from collections.abc import Iterator
from hashlib import sha1, sha256, sha512

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.object_store import faults
from isotherm.localcloud.object_store.entities import Container
from isotherm.localcloud.object_store.state import ACCOUNT_PREFIX, ObjectStore

_DIGESTS = {40: sha1, 64: sha256, 128: sha512}
"""By the length of the signature."""
_LETS_HEAD = ("HEAD", "GET", "POST", "PUT")
"""Who may do one of these with an object may see its headers."""


def require_own(call: Call) -> None:
    """Whoever is of the account's project. Raises Fault 401, 403."""
    if not _is_own(call):
        raise faults.denied(known=call.has_caller)


def require_read(store: ObjectStore, call: Call, container: Container | None) -> None:
    """Of the container's own data and list. Raises Fault 401, 403."""
    granted = container is not None and _granted(call, container.read, ".rlistings")
    if not (_is_own(call) or granted):
        raise faults.denied(known=call.has_caller)


def require_object(store: ObjectStore, call: Call, container: Container | None) -> None:
    """Of an object, as the method says. Raises Fault 401, 403."""
    if call.argument("temp_url_sig") is not None:
        if not _is_signed(store, call, container):
            raise faults.refused(401, "401 Unauthorized: Temp URL invalid\n")
        return
    reads = call.method in ("GET", "HEAD")
    listed = (container.read if reads else container.write) if container else ""
    if not (_is_own(call) or _granted(call, listed, ".r:*" if reads else "")):
        raise faults.denied(known=call.has_caller)


def _is_own(call: Call) -> bool:
    project_id = call.params["account"].removeprefix(ACCOUNT_PREFIX)
    return call.has_caller and call.caller.sees(project_id)


def _granted(call: Call, listed: str, public: str) -> bool:
    """Whether an access list has the caller, or lets everybody in by the word `public`."""
    entries = {each.strip() for each in listed.split(",")}
    if public and public in entries:
        return True
    if not call.has_caller:
        return False
    caller = call.caller
    users = (caller.user_id, caller.user_name, "*")
    projects = (caller.project_id, caller.project_name, "*")
    names = {f"{project}:{user}" for project in projects for user in users}
    return bool(entries & (names | set(caller.roles)))


def _is_signed(store: ObjectStore, call: Call, container: Container | None) -> bool:
    signature = call.argument("temp_url_sig") or ""
    expires = call.argument("temp_url_expires") or ""
    digest = _DIGESTS.get(len(signature))
    if digest is None or not expires.isdigit() or int(expires) <= store.now():
        return False
    methods = _LETS_HEAD if call.method == "HEAD" else (call.method,)
    prefix = call.argument("temp_url_prefix")
    known = (
        hmac.new(key.encode(), f"{method}\n{expires}\n{path}".encode(), digest).hexdigest()
        for key in _keys(store, call, container)
        for method in methods
        for path in _paths(call, prefix)
    )
    return any(hmac.compare_digest(each, signature) for each in known)


def _keys(store: ObjectStore, call: Call, container: Container | None) -> Iterator[str]:
    account = store.accounts.get(call.params["account"])
    for holder in (account, container):
        for name in ("temp-url-key", "temp-url-key-2"):
            if holder is not None and holder.metadata.get(name):
                yield holder.metadata[name]


def _paths(call: Call, prefix: str | None) -> Iterator[str]:
    """Clients sign the whole path, or only what comes after the place of the service."""
    path = call.path
    if prefix is not None:
        name = call.params["object"]
        if not name.startswith(prefix):
            return
        path = f"prefix:{path.removesuffix(name)}{prefix}"
    yield path
    scheme, colon, rest = path.rpartition(":")
    yield f"{scheme}{colon}/{rest[1:].partition('/')[2]}"
