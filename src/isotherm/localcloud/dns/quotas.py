"""How much a project may have, and the versions that the service speaks."""

from isotherm.localcloud.dns.dialect import MOUNT, NamingDialect
from isotherm.localcloud.dns.state import QUOTAS, Naming
from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds.checks import integer, shape
from isotherm.localcloud.quotas import UNLIMITED
from isotherm.localcloud.routing import Routes

DIALECT = NamingDialect()
_CHECK = shape(dict.fromkeys(QUOTAS, integer(UNLIMITED, 2**31 - 1)))
routes: Routes[Naming] = DIALECT.routes()
versions = Routes[Naming]()


@routes.get("/quotas", "quota.show_own")
def show_own(naming: Naming, call: Call) -> object:
    return naming.quotas.limits(call.project_id)


@routes.get("/quotas/{project_id}", "quota.show")
def show(naming: Naming, call: Call) -> object:
    if not call.caller.sees(call.params["project_id"]):
        raise DIALECT.forbidden("quota")
    return naming.quotas.limits(call.params["project_id"])


@routes.patch("/quotas/{project_id}", "quota.update")
def update(naming: Naming, call: Call) -> object:
    if not call.caller.is_admin:
        raise DIALECT.forbidden("quota")
    wish = DIALECT.checked("quota", call.json, _CHECK)
    return naming.quotas.update(call.params["project_id"], wish)


@routes.delete("/quotas/{project_id}", "quota.delete")
def delete(naming: Naming, call: Call) -> None:
    if not call.caller.is_admin:
        raise DIALECT.forbidden("quota")
    naming.quotas.reset(call.params["project_id"])


@routes.get("/limits", "limits.show")
def show_limits(naming: Naming, call: Call) -> object:
    limits = naming.quotas.limits(call.project_id)
    told = {f"max_{name}": limit for name, limit in limits.items() if name != "api_export_size"}
    lengths = {"max_zone_name_length": 255, "max_recordset_name_length": 255}
    return {**told, **lengths, "min_ttl": 0, "max_page_limit": 1000}


@versions.get("/", "version.list", open=True)
def list_versions(naming: Naming, call: Call) -> object:
    links = [{"rel": "self", "href": f"{call.base_url}{MOUNT}/v2"}]
    return {"versions": {"values": [{"id": "v2", "status": "CURRENT", "links": links}]}}
