"""Access lists: who else may read a secret or a container."""

from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.key_manager.containers import CONTAINERS
from isotherm.localcloud.key_manager.secrets import SECRETS
from isotherm.localcloud.key_manager.state import KeyManager
from isotherm.localcloud.kinds import Kind
from isotherm.localcloud.kinds.checks import boolean, list_of, shape, text

_CHECK = shape({"read": shape({"users": list_of(text(1)), "project-access": boolean})}, "read")


def _route(kind: Kind[KeyManager, Any]) -> None:
    path, name = f"{kind.one}/acl", f"{kind.name}_acl"

    def show(keys: KeyManager, call: Call) -> object:
        guarded = kind.of(keys, call)
        return {"read": guarded.acl or {"project-access": True}}

    def store(keys: KeyManager, call: Call, *, anew: bool) -> object:
        guarded = kind.of(keys, call)
        said = kind.dialect.checked("acl", call.json, _CHECK)["read"]
        before = {} if anew or guarded.acl is None else guarded.acl
        now = iso_time(keys.now(), suffix=".000000")
        times = {"created": before.get("created", now), "updated": now}
        guarded.acl = {"users": [], "project-access": True, **before, **said, **times}
        keys.collections[kind.name].save(guarded)
        return {"acl_ref": f"{call.base_url}{call.path}"}

    def replace(keys: KeyManager, call: Call) -> object:
        return store(keys, call, anew=True)

    def change(keys: KeyManager, call: Call) -> object:
        return store(keys, call, anew=False)

    def delete(keys: KeyManager, call: Call) -> Reply:
        guarded = kind.of(keys, call)
        guarded.acl = None
        keys.collections[kind.name].save(guarded)
        return Reply(200, b"null", {"Content-Type": "application/json"})

    kind.routes.get(path, f"{name}.show")(show)
    kind.routes.put(path, f"{name}.replace")(replace)
    kind.routes.patch(path, f"{name}.update")(change)
    kind.routes.delete(path, f"{name}.delete", status=200)(delete)


for _kind in (CONTAINERS, SECRETS):
    _route(_kind)
