"""Container infrastructure's ways: bare bodies, patches, lists of faults."""

from typing import Any, ClassVar

from isotherm.localcloud.clusters.state import ContainerInfrastructure
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.fault_keys import error_list
from isotherm.localcloud.kinds import Dialect
from isotherm.localcloud.routing import Routes

versions = Routes[ContainerInfrastructure]()


def render(fault: Fault, call: Call) -> Reply:
    return error_list(fault, call, "client")


@versions.get("", "version.list", open=True)
@versions.get("/v1", "version.show", open=True)
def list_versions(infrastructure: ContainerInfrastructure, call: Call) -> object:
    link = {"rel": "self", "href": f"{call.base_url}/container-infra/v1/"}
    known = {"id": "v1", "status": "CURRENT", "min_version": "1.1", "max_version": "1.10"}
    return {"versions": [{**known, "links": [link]}], "id": "v1", "links": [link]}


class ClusterDialect(Dialect[ContainerInfrastructure]):
    wrapped = False
    change_method = "PATCH"
    prefixes = ("/v1",)
    words: ClassVar = {
        "over_quota": (403, "You have reached the maximum {limit} per project, {used}."),
        "busy": (400, 'Updating a cluster when status is "{status}" is not supported'),
    }


DIALECT = ClusterDialect()


def by_name(service: Any, made: Any, caller: Any, asked: str) -> Any:
    """An object by its id or its name. Raises Fault 409."""
    found = made.get(asked)
    if found is not None:
        return found
    named = [each for each in made if each.name == asked and caller.sees(each.project_id)]
    if len(named) > 1:
        raise Fault(409, f"Multiple objects exist with same name {asked}. Please use the uuid.")
    return next(iter(named), None)


def links(call: Call, plural: str, entity_id: str) -> list[dict[str, str]]:
    return [{"rel": "self", "href": f"{call.base_url}/container-infra/v1/{plural}/{entity_id}"}]
