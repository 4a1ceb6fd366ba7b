"""Nodes, their ports, and groups of ports."""

from typing import Any

from isotherm.localcloud.bare_metal.dialect import ADMINS, DIALECT, with_uuid
from isotherm.localcloud.bare_metal.state import BareMetal, Node, Port, PortGroup
from isotherm.localcloud.entities import Collection
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing, Ties


def _named(made: Collection[Any], asked: str) -> Any:
    """By id or by name."""
    return made.get(asked) or next((each for each in made if each.name == asked), None)


NODES = Kind[BareMetal, Node](
    dialect=DIALECT,
    name="node",
    entity=Node,
    admins=ADMINS,
    brief=True,
    views={"list": "full"},
    listing=Listing(filters=("maintenance", "provision_state", "driver", "resource_class")),
    ties=Ties(along={"port": "node_uuid"}),
    find_as=lambda metal, caller, asked: _named(metal.nodes, asked),
    more=with_uuid,
)


@NODES.routes.put("/nodes/{id}/maintenance", "node.maintain", status=202)
@NODES.routes.delete("/nodes/{id}/maintenance", "node.stop_maintenance", status=202)
def maintain(metal: BareMetal, call: Call) -> None:
    NODES.require(call, "update")
    NODES.assign(metal, NODES.of(metal, call), {"maintenance": call.method == "PUT"})


PORT_GROUPS = Kind[BareMetal, PortGroup](
    dialect=DIALECT,
    name="portgroup",
    entity=PortGroup,
    admins=ADMINS,
    listing=Listing(filters=("address", "node_uuid")),
    ties=Ties(names={"node_uuid": NODES}),
    find_as=lambda metal, caller, asked: _named(metal.port_groups, asked),
    more=with_uuid,
)


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
    ties=Ties(
        names={"node_uuid": NODES, "portgroup_uuid": PORT_GROUPS},
        unique=("address",),
        taken=lambda port: Fault(409, f"A port with MAC address {port.address} already exists."),
    ),
    more=with_uuid,
)
