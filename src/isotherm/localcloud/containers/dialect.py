"""Application containers' ways: bare bodies, lists of faults."""

from typing import ClassVar

from isotherm.localcloud.containers.state import ApplicationContainers
from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.fault_keys import error_list
from isotherm.localcloud.kinds import Dialect
from isotherm.localcloud.routing import Routes

versions = Routes[ApplicationContainers]()


def render(fault: Fault, call: Call) -> Reply:
    return error_list(fault, call, "")


@versions.get("", "version.list", open=True)
@versions.get("/v1", "version.show", open=True)
def list_versions(containers: ApplicationContainers, call: Call) -> object:
    link = {"rel": "self", "href": f"{call.base_url}/container/v1/"}
    known = {"id": "v1", "status": "CURRENT", "min_version": "1.1", "max_version": "1.40"}
    version = {**known, "links": [link]}
    return {"versions": [version], "default_version": version, "id": "v1", "links": [link]}


class ContainerDialect(Dialect[ApplicationContainers]):
    wrapped = False
    change_method = "PATCH"
    statuses = {"create": 202, "delete": 204}  # noqa: RUF012 -- never changed
    prefixes = ("/v1",)
    words: ClassVar = {
        "over_quota": (403, "Quota exceeded for resource: {limit}"),
    }

    def busy(self, noun: str, entity: Entity, verb: str, statuses: tuple[str, ...]) -> Fault:
        status = getattr(entity, "status", "")
        return Fault(409, f"Cannot {verb} {noun.lower()} {entity.id} in {status} state")


DIALECT = ContainerDialect()
