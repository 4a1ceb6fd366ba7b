"""How many parts a project may have, and the versions that the service speaks."""

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds.checks import integer, or_none
from isotherm.localcloud.load_balancer.dialect import DIALECT
from isotherm.localcloud.load_balancer.state import LIMITS, Balancing
from isotherm.localcloud.quotas import UNLIMITED
from isotherm.localcloud.routing import Routes

_OTHER_NAMES = {"load_balancer": "loadbalancer", "health_monitor": "healthmonitor"}
_LIMIT = or_none(integer(UNLIMITED, 2**31 - 1))
routes: Routes[Balancing] = DIALECT.routes()
versions = Routes[Balancing]()


def _shown(limits: dict[str, int]) -> dict[str, int]:
    return {**limits, **{other: limits[name] for other, name in _OTHER_NAMES.items()}}


@routes.get("/quotas", "quota.list")
def list_all(service: Balancing, call: Call) -> object:
    seen = service.quotas.changed().items()
    return {
        "quotas": [
            {"project_id": project_id, **_shown(limits)}
            for project_id, limits in seen
            if call.caller.sees(project_id)
        ]
    }


@routes.get("/quotas/defaults", "quota.show_defaults")
def show_defaults(service: Balancing, call: Call) -> object:
    return {"quota": _shown(service.quotas.defaults)}


@routes.get("/quotas/{project_id}", "quota.show")
def show(service: Balancing, call: Call) -> object:
    if not call.caller.sees(call.params["project_id"]):
        raise DIALECT.forbidden("quota")
    return {"quota": _shown(service.quotas.limits(call.params["project_id"]))}


@routes.put("/quotas/{project_id}", "quota.update", status=202)
def update(service: Balancing, call: Call) -> object:
    _require_admin(call)
    said = {_OTHER_NAMES.get(name, name): v for name, v in DIALECT.body(call, "quota").items()}
    if strange := sorted(said.keys() - {*LIMITS}):
        raise DIALECT.unknown("quota", strange, said) or DIALECT.forbidden("quota")
    checked = {name: DIALECT.checked(name, value, _LIMIT) for name, value in said.items()}
    usual = service.quotas.defaults
    limits = {name: usual[name] if each is None else each for name, each in checked.items()}
    return {"quota": _shown(service.quotas.update(call.params["project_id"], limits))}


@routes.delete("/quotas/{project_id}", "quota.delete")
def delete(service: Balancing, call: Call) -> None:
    _require_admin(call)
    if call.params["project_id"] not in service.quotas.changed():
        raise DIALECT.missing("Quota", call.params["project_id"])
    service.quotas.reset(call.params["project_id"])


def _require_admin(call: Call) -> None:
    if not call.caller.is_admin:
        raise DIALECT.forbidden("quota")


@versions.get("/", "version.list", open=True)
def list_versions(service: Balancing, call: Call) -> object:
    link = {"rel": "self", "href": f"{call.base_url}{call.path.rstrip('/')}/v2.0"}
    return {"versions": [{"id": "v2.27", "status": "CURRENT", "links": [link]}]}
