"""Nodes, their ports, and groups of ports."""

from typing import Any

from isotherm.localcloud.bare_metal.dialect import MetalKind, brief
from isotherm.localcloud.bare_metal.state import DRIVERS, BareMetal, Node, Port, PortGroup
from isotherm.localcloud.entities import Collection
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Listing, Ties, Wish

_CABLES = ("local_link_connection", "physical_network", "portgroup_uuid", "pxe_enabled")
_OPEN = ("enroll", "inspecting", "inspect wait", "manageable")
_STEPS = {
    ("enroll", "manage"): ("verifying", "manageable"),
    ("available", "manage"): ("manageable", "manageable"),
    ("manageable", "provide"): ("cleaning", "available"),
    ("manageable", "inspect"): ("inspecting", "manageable"),
    ("available", "active"): ("deploying", "active"),
    ("active", "deleted"): ("deleting", "available"),
}
"""From which state a target leads over which to which."""


def _named(made: Collection[Any], asked: str) -> Any:
    """By id or by name."""
    return made.get(asked) or next((each for each in made if each.name == asked), None)


def check_node(metal: BareMetal, call: Call, wish: Wish, there: Node | None) -> None:
    driver = wish.get("driver")
    if driver is not None and driver not in DRIVERS:
        lacks = (
            f'No conductor service registered which supports driver {driver} for conductor group ""'
        )
        raise Fault(
            400,
            f"No valid host was found. Reason: {lacks}. Ensure the driver is valid and enabled.",
        )
    NODES.refuse_name(metal, wish.get("name"), there)


NODES = MetalKind[Node](
    **brief("node"),
    entity=Node,
    listing=Listing(filters=("maintenance", "provision_state", "driver", "resource_class")),
    ties=Ties(along={"port": "node_uuid"}),
    find_as=lambda metal, caller, asked: _named(metal.nodes, asked),
    check=check_node,
)


@NODES.routes.put("/nodes/{id}/maintenance", "node.maintain", status=202)
@NODES.routes.delete("/nodes/{id}/maintenance", "node.stop_maintenance", status=202)
def maintain(metal: BareMetal, call: Call) -> None:
    on = call.method == "PUT"
    reason = call.json.get("reason") if on and call.body else None
    node = NODES.of(metal, call)
    NODES.assign(metal, node, {"maintenance": on, "maintenance_reason": reason})


@NODES.routes.put("/nodes/{id}/states/provision", "node.provision", status=202)
def provision(metal: BareMetal, call: Call) -> None:
    node, target = NODES.of(metal, call), str(call.json.get("target"))
    step = _STEPS.get((node.provision_state, target))
    if step is None:
        where = f'on node "{node.id}" while it is in state "{node.provision_state}"'
        raise Fault(400, f'The requested action "{target}" can not be performed {where}.')
    NODES.assign(metal, node, {"provision_state": step[0], "target_provision_state": step[1]})
    metal.advance(call, "node.arrive", node)


@NODES.transitions.on("node.arrive")
def arrive(metal: BareMetal, node: Node, args: dict[str, Any]) -> None:
    arrived = {"provision_state": node.target_provision_state, "target_provision_state": None}
    NODES.assign(metal, node, {**arrived, "power_state": "power off"})


def _require_node(metal: BareMetal, kind: str, wish: Wish, there: Any) -> None:
    """The wish has its id then. Raises Fault 400, 403."""
    said = wish.get("node_uuid")
    if said is None:
        return
    node = _named(metal.nodes, said)
    if node is not None:
        wish["node_uuid"] = node.id
    elif there is None:
        raise Fault(403, f"Access was denied to the following resource: baremetal:{kind}:create")
    else:
        reason = "Requested value was invalid."
        raise Fault(400, f"Unable to apply the requested node_uuid '{said}'. {reason}")


def check_group(metal: BareMetal, call: Call, wish: Wish, there: PortGroup | None) -> None:
    _require_node(metal, "portgroup", wish, there)
    PORT_GROUPS.refuse_name(metal, wish.get("name"), there)


PORT_GROUPS = MetalKind[PortGroup](
    **brief("portgroup"),
    entity=PortGroup,
    listing=Listing(filters=("address", "node_uuid")),
    ties=Ties(
        users={"port": "portgroup_uuid"},
        used=lambda group: Fault(
            400,
            f"Cannot complete the requested action because portgroup {group.id} contains ports.",
        ),
    ),
    find_as=lambda metal, caller, asked: _named(metal.port_groups, asked),
    check=check_group,
)


def check_port(metal: BareMetal, call: Call, wish: Wish, there: Port | None) -> None:
    _require_node(metal, "port", wish, there)
    group = wish.get("portgroup_uuid")
    if group and group not in metal.port_groups:
        raise Fault(400, f"Portgroup {group} could not be found.")
    if there is None:
        return
    node = metal.nodes.get(there.node_uuid)
    moved = any(name in wish and wish[name] != getattr(there, name) for name in _CABLES)
    if moved and node and node.provision_state not in _OPEN and not node.maintenance:
        what = "local_link_connection, pxe_enabled, physical_network, portgroup_id"
        where = f"{', '.join(_OPEN)} state or in maintenance mode"
        raise Fault(
            409,
            f"Port {there.id} can not have any connectivity attributes ({what}) updated unless "
            f"node {node.id} is in a {where}. The current state is {node.provision_state}.",
        )


def _is_on(metal: BareMetal, port: Port, said: str) -> bool:
    node = _named(metal.nodes, said)
    if node is None:
        raise Fault(404, f"Node {said} could not be found.")
    return bool(port.node_uuid == node.id)


PORTS = MetalKind[Port](
    **brief("port"),
    entity=Port,
    listing=Listing(
        filters=("address", "node_uuid", "portgroup_uuid"),
        matchers={
            "node": _is_on,
            "portgroup": lambda metal, port, said: port.portgroup_uuid == said,
        },
    ),
    ties=Ties(
        unique=("address",),
        taken=lambda port: Fault(409, f"A port with MAC address {port.address} already exists."),
    ),
    check=check_port,
)
