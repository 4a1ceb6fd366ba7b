"""Instances: servers with a database each."""

from typing import Any

from isotherm.localcloud.database.dialect import DIALECT
from isotherm.localcloud.database.state import Databases, Instance, flavor_of
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Life, Listing, Wish, said_only


def create(databases: Databases, call: Call, wish: Wish) -> Instance:
    master = wish.get("replica_of")
    origin = INSTANCES.find(databases, call.caller, master) if master else None
    if wish.get("restorePoint"):
        backup = wish["restorePoint"].get("backupRef")
        raise Fault(404, f"Backup {backup} cannot be found.")
    if origin is None and not wish.get("flavorRef"):
        raise Fault(400, "A flavor must be given.")
    size = int((wish.get("volume") or {}).get("size") or (origin.size if origin else 0))
    if size < 1:
        raise Fault(400, "Volume 'size' needs to be a positive integer value.")
    count = int(wish.get("replica_count") or 1) if origin else 1
    databases.require_room(call.project_id, count, size)
    flavor_id = flavor_of(wish["flavorRef"]) if wish.get("flavorRef") else ""
    datastore = databases.datastore(wish.get("datastore") or {})
    if origin is not None:
        flavor_id, datastore = flavor_id or origin.flavor_id, origin.datastore
    first, *others = [
        INSTANCES.add(
            databases,
            call.caller,
            {"name": wish["name"] if number == 0 else f"{wish['name']}-{number + 1}"},
            flavor_id=flavor_id,
            size=size,
            datastore=datastore,
            addresses=databases.addresses(),
            availability_zone=wish.get("availability_zone"),
            replica_of=master,
            databases=list(wish.get("databases") or ()),
            users=list(wish.get("users") or ()),
        )
        for number in range(count)
    ]
    for each in others:
        each.status = "ACTIVE"
        databases.instances.save(each)
    return first


def delete(databases: Databases, call: Call, instance: Instance) -> None:
    if any(each.replica_of == instance.id for each in databases.instances):
        raise Fault(422, f"Instance {instance.id} has replicas: detach them first.")
    if instance.cluster_id is not None:
        raise Fault(422, f"Instance {instance.id} is part of a cluster.")


def shown(call: Call, instance: Instance) -> dict[str, Any]:
    base = f"{call.base_url}/database/v1.0/{instance.project_id}"
    links = [{"rel": "self", "href": f"{base}/instances/{instance.id}"}]
    flavor = [{"rel": "self", "href": f"{base}/flavors/{instance.flavor_id}"}]
    told = {
        "links": links,
        "flavor": {"id": instance.flavor_id, "links": flavor},
        "volume": {"size": instance.size, "used": 0.1},
        "ip": instance.addresses,
        "region": "RegionOne",
        "operating_status": "HEALTHY" if instance.status == "ACTIVE" else "",
    }
    replica = {"replica_of": {"id": instance.replica_of}} if instance.replica_of else {}
    return {**told, **replica}


INSTANCES = Kind[Databases, Instance](
    dialect=DIALECT,
    name="instance",
    entity=Instance,
    also={
        name: said_only(update=False, default=None)
        for name in (
            *("flavorRef", "volume", "databases", "users", "datastore", "nics", "replica_of"),
            *("availability_zone", "restorePoint", "replica_count"),
        )
    },
    life=Life(
        creating="BUILD", deleting="SHUTDOWN", ready="ACTIVE", changeable=("ACTIVE", "SHUTDOWN")
    ),
    listing=Listing(matchers={"include_clustered": lambda databases, each, said: True}),
    create=create,
    delete=delete,
    more=lambda databases, call, instance, view: {
        **shown(call, instance),
        "datastore": instance.datastore,
    },
)


@INSTANCES.action("resize", "resize")
def resize(databases: Databases, call: Call, instance: Instance, said: Any) -> None:
    INSTANCES.require_status(instance, "update")
    if "flavorRef" in said:
        instance.flavor_id = flavor_of(said["flavorRef"])
    else:
        size = int(said["volume"]["size"])
        if size <= instance.size:
            raise Fault(400, f"The new volume 'size' must be larger than {instance.size}.")
        databases.require_room(instance.project_id, 0, size - instance.size)
        instance.size = size
    instance.status = "RESIZE"
    INSTANCES.touch(databases, instance)
    databases.advance(call, "instance.complete", instance, status="ACTIVE")


@INSTANCES.action("restart", "restart")
def restart(databases: Databases, call: Call, instance: Instance, said: Any) -> None:
    INSTANCES.require_status(instance, "update")
    instance.status = "REBOOT"
    INSTANCES.touch(databases, instance)
    databases.advance(call, "instance.complete", instance, status="ACTIVE")


@INSTANCES.routes.patch(INSTANCES.one, "instance.edit", status=202)
def edit(databases: Databases, call: Call) -> None:
    instance = INSTANCES.of(databases, call)
    said = call.json.get("instance") or {}
    instance.name = said.get("name") or instance.name
    if "replica_of" in said or "slave_of" in said:
        instance.replica_of = None
    INSTANCES.touch(databases, instance)
