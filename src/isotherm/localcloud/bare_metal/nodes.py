"""Nodes, their ports, and groups of ports."""

from typing import Any

from isotherm.localcloud.bare_metal.dialect import ADMINS, DIALECT, with_uuid
from isotherm.localcloud.bare_metal.state import BareMetal, Node, Port, PortGroup
from isotherm.localcloud.entities import Collection
from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import Kind, Listing, Wish


def _named(made: Collection[Any], asked: str) -> Any:
    """By id or by name."""
    return made.get(asked) or next((each for each in made if each.name == asked), None)


def delete_node(metal: BareMetal, call: Call, node: Node) -> None:
    for port in metal.ports.find(node_uuid=node.id):
        metal.ports.remove(port.id)


NODES = Kind[BareMetal, Node](
    dialect=DIALECT,
    name="node",
    entity=Node,
    admins=ADMINS,
    brief=True,
    views={"list": "full"},
    listing=Listing(filters=("maintenance", "provision_state", "driver", "resource_class")),
    delete=delete_node,
    find_as=lambda metal, caller, asked: _named(metal.nodes, asked),
    more=with_uuid,
)


@NODES.routes.put("/nodes/{id}/maintenance", "node.maintain", status=202)
@NODES.routes.delete("/nodes/{id}/maintenance", "node.stop_maintenance", status=202)
def maintain(metal: BareMetal, call: Call) -> None:
    NODES.require(call, "update")
    NODES.assign(metal, NODES.of(metal, call), {"maintenance": call.method == "PUT"})


def create_group(metal: BareMetal, call: Call, wish: Wish) -> PortGroup:
    node = NODES.find(metal, call.caller, wish["node_uuid"])
    return PORT_GROUPS.add(metal, call.caller, {**wish, "node_uuid": node.id})


PORT_GROUPS = Kind[BareMetal, PortGroup](
    dialect=DIALECT,
    name="portgroup",
    entity=PortGroup,
    admins=ADMINS,
    listing=Listing(filters=("address", "node_uuid")),
    create=create_group,
    find_as=lambda metal, caller, asked: _named(metal.port_groups, asked),
    more=with_uuid,
)


def create(metal: BareMetal, call: Call, wish: Wish) -> Port:
    return PORTS.add(metal, call.caller, _checked(metal, call.caller, wish))


def change(metal: BareMetal, call: Call, port: Port, wish: Wish) -> None:
    PORTS.assign(metal, port, _checked(metal, call.caller, wish, port.id))


def _checked(metal: BareMetal, caller: Caller, wish: Wish, own_id: str = "") -> Wish:
    """Raises Fault 404, 409."""
    if "node_uuid" in wish:
        wish["node_uuid"] = NODES.find(metal, caller, wish["node_uuid"]).id
    if wish.get("portgroup_uuid"):
        wish["portgroup_uuid"] = PORT_GROUPS.find(metal, caller, wish["portgroup_uuid"]).id
    for other in metal.ports.find(address=wish["address"]) if "address" in wish else ():
        if other.id != own_id:
            raise Fault(409, f"A port with MAC address {other.address} already exists.")
    return wish


PORTS = Kind[BareMetal, Port](
    dialect=DIALECT,
    name="port",
    entity=Port,
    admins=ADMINS,
    brief=True,
    views={"list": "full"},
    listing=Listing(
        filters=("address", "node_uuid", "portgroup_uuid"),
        matchers={"node": lambda metal, port, said: said in (port.node_uuid,)},
    ),
    create=create,
    change=change,
    more=with_uuid,
)
