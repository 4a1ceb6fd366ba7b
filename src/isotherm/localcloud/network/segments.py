"""Segments: the parts that a network is made of below."""

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import Wish
from isotherm.localcloud.network import faults, networks
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.extension_entities import Segment
from isotherm.localcloud.network.state import Networking

_WITH_PHYSICAL = ("flat", "vlan")
_WITHOUT_ID = ("flat", "local")


def create(networking: Networking, call: Call, wish: Wish) -> Segment:
    network = networks.KIND.find(networking, call.caller, wish["network_id"])
    kind, physical, number = (
        wish[name] for name in ("network_type", "physical_network", "segmentation_id")
    )
    if kind in _WITH_PHYSICAL and not physical:
        raise faults.invalid_input(f"physical_network required for {kind} provider network")
    if kind not in _WITH_PHYSICAL and physical:
        raise faults.invalid_input(f"physical_network prohibited for {kind} provider network")
    if kind in _WITHOUT_ID and number is not None:
        raise faults.invalid_input(f"segmentation_id prohibited for {kind} provider network")
    taken = [
        each.segmentation_id
        for each in KIND.made(networking)
        if (each.network_type, each.physical_network) == (kind, physical)
    ]
    if number is not None and number in taken:
        raise faults.conflict(
            "VlanIdInUse" if kind == "vlan" else "TunnelIdInUse",
            f"Unable to create the network. The segmentation id {number} is in use.",
        )
    if number is None and kind not in _WITHOUT_ID:
        wish["segmentation_id"] = max((each for each in taken if each), default=1000) + 1
    return KIND.add(networking, call.caller, wish, project_id=network.project_id)


KIND = NetworkKind[Segment](
    name="segment",
    entity=Segment,
    admins={verb: f"rule:{verb}_segment" for verb in ("create", "update", "delete")},
    create=create,
)
