"""Which ports trunks use."""

from isotherm.localcloud.network import faults
from isotherm.localcloud.network.entities import Port, Trunk
from isotherm.localcloud.network.state import Networking


def trunk_of_sub_port(networking: Networking, port_id: str) -> Trunk | None:
    for trunk in networking.trunks:
        if any(each["port_id"] == port_id for each in trunk.sub_ports):
            return trunk
    return None


def refuse_if_used(networking: Networking, port: Port) -> None:
    """Raises Fault 409."""
    for trunk in networking.trunks.find(port_id=port.id):
        raise faults.conflict(
            "PortInUseAsTrunkParent",
            f"Port {port.id} is currently a parent port for trunk {trunk.id}.",
        )
    used_by = trunk_of_sub_port(networking, port.id)
    if used_by is not None:
        raise faults.conflict(
            "PortInUseAsSubPort",
            f"Port {port.id} is currently a subport for trunk {used_by.id}.",
        )
