"""Clusters: servers that run containers together."""

from typing import Any

from isotherm.localcloud.clusters.cluster_templates import TEMPLATES
from isotherm.localcloud.clusters.dialect import ClusterDialect, by_name, links
from isotherm.localcloud.clusters.entities import Cluster
from isotherm.localcloud.clusters.state import ContainerInfrastructure
from isotherm.localcloud.entities import new_uuid
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.kinds import CHANGED, NEW, Kind, Life, Listing, Wish

DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "CREATE_FAILED", "UPDATE_FAILED")


class _ClusterDialect(ClusterDialect):
    def answer(self, call: Call, entity: Any, view: str, body: object) -> object:
        """What is under way tells the id alone."""
        return Reply(202, {"uuid": entity.id}) if view in (NEW, CHANGED) else body


def create(infrastructure: ContainerInfrastructure, call: Call, wish: Wish) -> Cluster:
    template = TEMPLATES.find(infrastructure, call.caller, wish["cluster_template_id"])
    keypair = wish["keypair"] or template.keypair_id
    if keypair is None and template.coe != "kubernetes":
        raise Fault(400, "The keypair must be given, by the cluster or its template.")
    return CLUSTERS.add(
        infrastructure,
        call.caller,
        wish,
        cluster_template_id=template.id,
        keypair=keypair,
        stack_id=new_uuid(),
        name=wish["name"] or f"{template.name}-{len(infrastructure.clusters) + 1}",
        labels={**template.labels, **wish["labels"]},
    )


def change(
    infrastructure: ContainerInfrastructure, call: Call, cluster: Cluster, wish: Wish
) -> None:
    for name in ("name", "labels"):
        if name in wish:
            raise Fault(400, f"Updating cluster property {name} is not supported")
    CLUSTERS.assign(infrastructure, cluster, wish)


def _settle(infrastructure: ContainerInfrastructure, cluster: Cluster, args: Any) -> None:
    cluster.api_address = "https://203.0.113.20:6443"
    cluster.coe_version, cluster.container_version = "v1.28.4", "1.12.6"
    cluster.health_status = "HEALTHY"
    cluster.master_addresses = [f"203.0.113.{20 + n}" for n in range(cluster.master_count)]
    cluster.node_addresses = [f"203.0.113.{120 + n}" for n in range(cluster.node_count)]


def _fail(infrastructure: ContainerInfrastructure, cluster: Cluster, args: dict[str, Any]) -> str:
    cluster.status_reason = args.get("message") or "It failed"
    return str(args["state"])


def _more(
    infrastructure: ContainerInfrastructure, call: Call, cluster: Cluster, view: str
) -> dict[str, Any]:
    return {"uuid": cluster.id, "links": links(call, "clusters", cluster.id)}


CLUSTERS = Kind[ContainerInfrastructure, Cluster](
    dialect=_ClusterDialect(),
    name="cluster",
    entity=Cluster,
    limit="clusters",
    life=Life(
        creating="CREATE_IN_PROGRESS",
        updating="UPDATE_IN_PROGRESS",
        deleting="DELETE_IN_PROGRESS",
        ready="CREATE_COMPLETE",
        changeable=DONE,
        completed=_settle,
        failing=_fail,
    ),
    listing=Listing(filters=("name", "status")),
    create=create,
    change=change,
    find_as=lambda service, caller, asked: by_name(service, service.clusters, caller, asked),
    more=_more,
)


@CLUSTERS.routes.post("/clusters/{id}/actions/resize", "cluster.resize", status=202)
def resize(infrastructure: ContainerInfrastructure, call: Call) -> object:
    cluster = CLUSTERS.of(infrastructure, call)
    CLUSTERS.require_status(cluster, "update")
    wish = CLUSTERS.wish(call, {"node_count": call.json.get("node_count")}, "update")
    CLUSTERS.assign(infrastructure, cluster, wish)
    CLUSTERS.begin(infrastructure, call, cluster, "update")
    return {"uuid": cluster.id}
