"""Clusters: instances that are one database together."""

from typing import Any

from isotherm.localcloud.database.dialect import DIALECT
from isotherm.localcloud.database.instances import shown
from isotherm.localcloud.database.state import Cluster, Databases, Instance, flavor_of
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Life, Wish, said_only


def create(databases: Databases, call: Call, wish: Wish) -> Cluster:
    wanted = wish.get("instances") or []
    if not wanted:
        raise Fault(400, "A cluster needs instances.")
    sizes = [int((each.get("volume") or {}).get("size") or 1) for each in wanted]
    flavors = [flavor_of(each.get("flavorRef")) for each in wanted]
    databases.require_room(call.project_id, len(wanted), sum(sizes))
    datastore = databases.datastore(wish.get("datastore") or {})
    cluster = CLUSTERS.add(databases, call.caller, {"name": wish["name"]}, datastore=datastore)
    for number, (each, flavor_id, size) in enumerate(zip(wanted, flavors, sizes, strict=True)):
        databases.instances.add(
            Instance(
                project_id=call.project_id,
                created_at=databases.now(),
                name=f"{wish['name']}-member-{number + 1}",
                flavor_id=flavor_id,
                size=size,
                datastore=datastore,
                status="BUILD",
                addresses=databases.addresses(),
                availability_zone=each.get("availability_zone"),
                cluster_id=cluster.id,
            )
        )
    return cluster


def _members(databases: Databases, cluster: Cluster) -> list[Instance]:
    return databases.instances.find(cluster_id=cluster.id)


def _built(databases: Databases, cluster: Cluster, args: dict[str, Any]) -> None:
    for each in _members(databases, cluster):
        each.status = "ACTIVE"
        databases.instances.save(each)


def _failed(databases: Databases, cluster: Cluster, args: dict[str, Any]) -> str:
    for each in _members(databases, cluster):
        each.status = str(args["state"])
        databases.instances.save(each)
    return "NONE"


def _remove(databases: Databases, cluster: Cluster) -> None:
    for each in _members(databases, cluster):
        databases.instances.remove(each.id)
    databases.clusters.remove(cluster.id)


def _more(databases: Databases, call: Call, cluster: Cluster, view: str) -> dict[str, Any]:
    members = _members(databases, cluster)
    told = [
        {"id": each.id, "name": each.name, "status": each.status, **shown(call, each)}
        for each in members
    ]
    return {
        "task": {"id": 1, "name": cluster.task, "description": ""},
        "instances": told,
        "ip": [address for each in members for address in each.addresses],
        "links": [{"rel": "self", "href": f"{call.url}"}],
    }


CLUSTERS = Kind[Databases, Cluster](
    dialect=DIALECT,
    name="cluster",
    entity=Cluster,
    verbs=("create", "list", "show", "delete"),
    also={
        name: said_only(update=False, default=None)
        for name in ("datastore", "instances", "locality")
    },
    life=Life(
        creating="BUILDING",
        deleting="DELETING",
        ready="NONE",
        attribute="task",
        completed=_built,
        failing=_failed,
        removed=_remove,
    ),
    create=create,
    more=lambda databases, call, cluster, view: {
        **_more(databases, call, cluster, view),
        "datastore": cluster.datastore,
    },
)
