"""Databases: what is remembered of them, and what of it goes over the wire."""

from typing import Annotated, Any

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import as_is, text
from isotherm.localcloud.quotas import Quotas
from isotherm.localcloud.service import Frame, Service

FLAVORS = {"1": ("m1.tiny", 512), "2": ("m1.small", 2048), "3": ("m1.medium", 4096)}
"""Name and memory in MiB by id."""
DATASTORES = {
    "mysql": ("8.0", "5.7"),
    "mariadb": ("11.4", "10.4"),
    "postgresql": ("16", "12"),
    "mongodb": ("7.0",),
    "redis": ("7.2",),
}
"""Versions of each, the usual one first."""


def once(check: Any = as_is, **more: Any) -> Any:
    return said(check, update=False, **more)


class Instance(Entity, kw_only=True, eq=False):
    project_id: str
    created_at: Annotated[float, moment("", name="created")]
    updated_at: Annotated[float | None, moment("", name="updated")] = None
    name: Annotated[str, said(text(1), required=True)]
    flavor_id: str
    size: int
    datastore: Annotated[dict[str, str], shown()]
    status: Annotated[str, shown()] = "BUILD"
    addresses: list[str] = []
    availability_zone: str | None = None
    replica_of: str | None = None
    cluster_id: str | None = None
    databases: list[dict[str, Any]] = []
    users: list[dict[str, Any]] = []


class Cluster(Entity, kw_only=True, eq=False):
    project_id: str
    created_at: Annotated[float, moment("", name="created")]
    updated_at: Annotated[float | None, moment("", name="updated")] = None
    name: Annotated[str, said(text(1), required=True)]
    datastore: Annotated[dict[str, str], shown()]
    task: str = "BUILDING"


class Databases(Service):
    service_type = "database"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.instances = self.collection("instance", Instance, index=("project_id", "cluster_id"))
        self.clusters = self.collection("cluster", Cluster, index=("project_id",))
        self.quotas = Quotas(self, {"instances": 10, "volumes": 40})

    def require_room(self, project_id: str, instances: int, volumes: int) -> None:
        """Raises Fault 413."""
        present = self.instances.find(project_id=project_id)
        used = {"instances": len(present), "volumes": sum(each.size for each in present)}
        wanted = {"instances": instances, "volumes": volumes}
        if exceeded := self.quotas.exceeded(project_id, used, wanted):
            raise Fault(413, f"Quota exceeded for resources: {exceeded}.")

    @staticmethod
    def datastore(wish: dict[str, Any]) -> dict[str, str]:
        """Raises Fault 404."""
        kind = str(wish.get("type") or "mysql")
        if kind not in DATASTORES:
            raise Fault(404, f"Datastore '{kind}' cannot be found.")
        version = str(wish.get("version") or DATASTORES[kind][0])
        if version not in DATASTORES[kind]:
            raise Fault(404, f"Datastore version '{version}' cannot be found.")
        return {"type": kind, "version": version}

    def addresses(self) -> list[str]:
        return [f"10.253.0.{10 + len(self.instances)}"]


def flavor_of(ref: Any) -> str:
    """The id of a flavor by its id or its URL. Raises Fault 404."""
    flavor_id = str(ref).rsplit("/", 1)[-1]
    if flavor_id not in FLAVORS:
        raise Fault(404, f"Flavor {flavor_id} cannot be found.")
    return flavor_id
