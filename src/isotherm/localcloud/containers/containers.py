"""Containers, each for itself."""

from typing import Any

from isotherm.localcloud.containers.dialect import DIALECT
from isotherm.localcloud.containers.state import ApplicationContainers, Container
from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import Kind, Life, Listing, Wish, said_only


def create(containers: ApplicationContainers, call: Call, wish: Wish) -> Container:
    made = CONTAINERS.add(
        containers,
        call.caller,
        wish,
        name=wish["name"] or f"container-{len(containers.containers) + 1}",
        mounts=wish.pop("mounts") or [],
        runs=(call.argument("run") or "").lower() == "true",
    )
    for each in wish.get("nets") or [{}]:
        _attach(containers, call.caller, made, each)
    return made


def _attach(
    containers: ApplicationContainers, caller: Caller, container: Container, net: dict[str, Any]
) -> None:
    """Raises Fault 404."""
    network = containers.frame.peers.network
    if net.get("port"):
        port = network.find_port(caller, net["port"])
        place, address = port.network_id, [each.address for each in port.addresses]
    else:
        usable = network.usable_network_ids(caller)
        wanted = net.get("network") or next(iter(usable), "")
        if not wanted:
            return
        place = network.find_network(caller, wanted)
        number = 10 + sum(len(each.addresses) for each in containers.containers)
        address = [net.get("v4-fixed-ip") or f"10.254.0.{number}"]
    told = [
        {"addr": each, "version": 4, "port": net.get("port"), "subnet_id": None} for each in address
    ]
    container.addresses = {**container.addresses, place: told}
    containers.containers.save(container)


def delete(containers: ApplicationContainers, call: Call, container: Container) -> None:
    forced = any((call.argument(name) or "").lower() == "true" for name in ("force", "stop"))
    if container.status == "Running" and not forced:
        raise Fault(409, f"Cannot delete container {container.id} in Running state")


def _start(containers: ApplicationContainers, container: Container, args: Any) -> None:
    if container.runs:
        container.status = "Running"


def _more(
    containers: ApplicationContainers, call: Call, container: Container, view: str
) -> dict[str, Any]:
    return {"uuid": container.id}


def _find(containers: ApplicationContainers, caller: Caller, asked: str) -> Container | None:
    by_name = (e for e in containers.containers if e.name == asked and caller.sees(e.project_id))
    return containers.containers.get(asked) or next(by_name, None)


CONTAINERS = Kind[ApplicationContainers, Container](
    dialect=DIALECT,
    name="container",
    entity=Container,
    limit="containers",
    also={
        "nets": said_only(update=False),
        "hints": said_only(update=False),
        "mounts": said_only(update=False),
    },
    life=Life(creating="Creating", deleting="Deleting", ready="Created", completed=_start),
    listing=Listing(filters=("name", "status", "image")),
    create=create,
    delete=delete,
    find_as=_find,
    more=_more,
)
_ONE = CONTAINERS.one


@CONTAINERS.routes.post(f"{_ONE}/rename", "container.rename")
def rename(containers: ApplicationContainers, call: Call) -> object:
    container = CONTAINERS.of(containers, call)
    container.name = call.argument("name") or container.name
    CONTAINERS.touch(containers, container)
    return CONTAINERS.show(containers, call, container)


@CONTAINERS.routes.post(f"{_ONE}/network_attach", "container.network_attach", status=202)
def attach(containers: ApplicationContainers, call: Call) -> None:
    container = CONTAINERS.of(containers, call)
    net = {"network": call.argument("network"), "port": call.argument("port")}
    _attach(containers, call.caller, container, {**net, "v4-fixed-ip": call.argument("fixed_ip")})


@CONTAINERS.routes.post(f"{_ONE}/network_detach", "container.network_detach", status=202)
def detach(containers: ApplicationContainers, call: Call) -> None:
    container = CONTAINERS.of(containers, call)
    network, port = call.argument("network"), call.argument("port")
    kept = {
        place: told
        for place, told in container.addresses.items()
        if place != network and not (port and any(each["port"] == port for each in told))
    }
    if kept == container.addresses:
        raise Fault(404, f"Container {container.id} is not attached to {network or port}.")
    container.addresses = kept
    CONTAINERS.touch(containers, container)


def _power(verb: str, after: str) -> None:
    @CONTAINERS.routes.post(f"{_ONE}/{verb}", f"container.{verb}", status=202)
    def act(containers: ApplicationContainers, call: Call) -> None:
        container = CONTAINERS.of(containers, call)
        container.status = after
        CONTAINERS.touch(containers, container)


for _verb, _after in (("start", "Running"), ("stop", "Stopped"), ("pause", "Paused")):
    _power(_verb, _after)
