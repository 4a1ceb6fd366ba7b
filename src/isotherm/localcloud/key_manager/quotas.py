"""How much of each a project may have, and the versions that the service speaks."""

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.key_manager.dialect import MOUNT, KeyDialect
from isotherm.localcloud.key_manager.state import LIMITS, KeyManager
from isotherm.localcloud.kinds.checks import integer, shape
from isotherm.localcloud.quotas import UNLIMITED
from isotherm.localcloud.routing import Routes

_CHECK = shape(dict.fromkeys(LIMITS, integer(UNLIMITED, 2**31 - 1)))
_DIALECT = KeyDialect("Project Quota")
routes = Routes[KeyManager]("/v1")
versions = Routes[KeyManager]()


@routes.get("/quotas", "quota.show")
def show_own(keys: KeyManager, call: Call) -> object:
    return {"quotas": keys.quotas.limits(call.project_id)}


@routes.get("/project-quotas", "project_quota.list")
def list_all(keys: KeyManager, call: Call) -> object:
    _require_admin(call)
    changed = keys.quotas.changed()
    told = [{"project_id": name, "project_quotas": limits} for name, limits in changed.items()]
    return {"project_quotas": told, "total": len(told)}


@routes.get("/project-quotas/{project_id}", "project_quota.show")
def show(keys: KeyManager, call: Call) -> object:
    _require_admin(call)
    return {"project_quotas": _set_for(keys, call.params["project_id"])}


@routes.put("/project-quotas/{project_id}", "project_quota.update", status=204)
def update(keys: KeyManager, call: Call) -> None:
    _require_admin(call)
    said = call.json.get("project_quotas")
    keys.quotas.update(call.params["project_id"], _DIALECT.checked("project_quotas", said, _CHECK))


@routes.delete("/project-quotas/{project_id}", "project_quota.delete")
def delete(keys: KeyManager, call: Call) -> None:
    _require_admin(call)
    _set_for(keys, call.params["project_id"])
    keys.quotas.reset(call.params["project_id"])


def _set_for(keys: KeyManager, project_id: str) -> dict[str, int]:
    changed = keys.quotas.changed()
    if project_id not in changed:
        raise Fault(404, "Not Found. Sorry but your project quotas are in another castle.")
    return changed[project_id]


def _require_admin(call: Call) -> None:
    if not call.caller.is_admin:
        raise Fault(
            403,
            "Project Quotas retrieval attempt not allowed - please review your user/project "
            "privileges",
        )


@versions.get("/", "version.list", open=True, status=300)
@versions.get("/v1", "version.show", open=True)
def list_versions(keys: KeyManager, call: Call) -> object:
    version = {
        "id": "v1",
        "status": "CURRENT",
        "min_version": "1.0",
        "max_version": "1.1",
        "links": [{"rel": "self", "href": f"{call.base_url}{MOUNT}/v1/"}],
    }
    return {"versions": [version]} if call.path.rstrip("/") == MOUNT else {"version": version}
