"""Networks: made, changed, deleted, shown."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import NEW, Ties, Wish, said_only
from isotherm.localcloud.network import faults, qos, security_groups, sharing
from isotherm.localcloud.network.checks import as_is, list_of, or_none
from isotherm.localcloud.network.dialect import BUILT, NetworkKind, computed
from isotherm.localcloud.network.entities import ADMINS, Network
from isotherm.localcloud.network.state import Networking

TUNNEL_MTU = 1450
FLAT_MTU = 1500
_TYPES = ("flat", "geneve", "gre", "local", "vlan", "vxlan")
_SEGMENTATION_IDS = {"vlan": (1, 4094), "vxlan": (1, 2**24 - 1), "geneve": (1, 2**24 - 1)}
# Ports of these owners go with their network; all others keep it from being deleted.
_FADING_OWNERS = ("network:dhcp", "network:distributed")


def is_visible(networking: Networking, caller: Caller, network: Network) -> bool:
    return sharing.is_usable(networking, caller, network) or sharing.is_open_to(
        networking, caller, network.id, sharing.EXTERNAL
    )


def create(networking: Networking, call: Call, wish: Wish) -> Network:
    project_id = wish["project_id"]
    security_groups.ensure_default(networking, project_id)
    provider = _provider(networking, wish)
    mtu = _mtu(wish.pop("mtu", None), provider["network_type"])
    networking.require_quota(project_id, {"network": 1})
    network = KIND.add(networking, call.caller, wish, **provider, mtu=mtu, revision_number=1)
    if network.external:
        sharing.set_shared(networking, network, "network", sharing.EXTERNAL, shared=True)
    return network


def change(networking: Networking, call: Call, network: Network, wish: Wish) -> None:
    if wish.get("mtu") is not None:
        wish["mtu"] = _mtu(wish["mtu"], network.network_type)
    elif "mtu" in wish:
        del wish["mtu"]
    if wish.get("shared") is False:
        _refuse_unsharing(networking, network)
    if wish.get("external") is False and network.external:
        _refuse_closing(networking, network)
    if "external" in wish:
        external = wish["external"]
        sharing.set_shared(networking, network, "network", sharing.EXTERNAL, shared=external)
    KIND.assign(networking, network, wish)


def delete(networking: Networking, call: Call, network: Network) -> None:
    ports = networking.ports.find(network_id=network.id)
    holding = sorted(each.id for each in ports if each.device_owner not in _FADING_OWNERS)
    if holding:
        raise faults.conflict(
            "NetworkInUse",
            f"Unable to complete operation on network {network.id}. There are one or more ports "
            f"still in use on the network, id for these ports is: {','.join(holding)}.",
        )
    for port in ports:
        networking.ports.remove(port.id)
    for subnet in networking.subnets.find(network_id=network.id):
        networking.allocations.forget(subnet)
        networking.subnets.remove(subnet.id)


def _mtu(wanted: int | None, network_type: str) -> int:
    most = FLAT_MTU if network_type in ("flat", "vlan", "local") else TUNNEL_MTU
    if wanted is not None and wanted > most:
        raise faults.invalid_input(f"Requested MTU is too big, maximum is {most}")
    return wanted or most


def _provider(networking: Networking, wish: Wish) -> dict[str, Any]:
    """The provider's fields, taken out of the wish. Raises Fault 400, 409."""
    type_ = wish.pop("network_type", None)
    physical = wish.pop("physical_network", None)
    number = wish.pop("segmentation_id", None)
    if type_ is None:
        if physical is not None or number is not None:
            raise faults.invalid_input("network_type required")
        return {"network_type": "vxlan", "segmentation_id": _free_segment(networking, "vxlan")}
    if type_ not in _TYPES:
        raise faults.invalid_input(f"network_type value '{type_}' not supported")
    if type_ in ("flat", "vlan") and physical is None:
        raise faults.invalid_input(f"physical_network required for {type_} provider network")
    if type_ == "flat" and number is not None:
        raise faults.invalid_input("segmentation_id prohibited for flat provider network")
    if type_ in _SEGMENTATION_IDS and number is None:
        number = _free_segment(networking, type_)
    taken = (type_, physical, number)
    if type_ != "local" and taken in _segments(networking):
        raise _segment_in_use(*taken)
    return {"network_type": type_, "physical_network": physical, "segmentation_id": number}


def _segments(networking: Networking) -> set[tuple[str, str | None, int | None]]:
    return {
        (each.network_type, each.physical_network, each.segmentation_id)
        for each in networking.networks
    }


def _segment_in_use(type_: str, physical: str | None, number: int | None) -> Fault:
    if type_ == "flat":
        return faults.conflict(
            "FlatNetworkInUse",
            f"Unable to create the flat network. Physical network {physical} is in use.",
        )
    where = f" on the physical network {physical}" if physical else ""
    return faults.conflict(
        "VlanIdInUse" if type_ == "vlan" else "TunnelIdInUse",
        f"Unable to create the network. The {'VLAN' if type_ == 'vlan' else 'tunnel ID'} {number}"
        f"{where} is in use.",
    )


def _free_segment(networking: Networking, type_: str) -> int:
    first, last = _SEGMENTATION_IDS[type_]
    taken = {each.segmentation_id for each in networking.networks if each.network_type == type_}
    return next(number for number in range(first, last + 1) if number not in taken)


def _refuse_unsharing(networking: Networking, network: Network) -> None:
    used = any(
        port.project_id not in (network.project_id, "")
        for port in networking.ports.find(network_id=network.id)
    )
    if used and sharing.EVERYONE in {
        policy.target_tenant
        for policy in networking.rbac_policies.find(object_id=network.id)
        if policy.action == sharing.SHARED
    }:
        raise faults.conflict(
            "InvalidSharedSetting",
            f"Unable to reconfigure sharing settings for network {network.name}. Multiple "
            "projects are using it.",
        )


def _refuse_closing(networking: Networking, network: Network) -> None:
    owners = {port.device_owner for port in networking.ports.find(network_id=network.id)}
    if owners & {"network:router_gateway", "network:floatingip"}:
        raise faults.conflict(
            "ExternalNetworkInUse",
            f"External network {network.id} cannot be updated to be made non-external, since it "
            "has existing gateway ports.",
        )


def _more(networking: Networking, call: Call, network: Network, view: str) -> dict[str, Any]:
    subnets = networking.subnets.find(network_id=network.id)
    shown = {
        "subnets": [subnet.id for subnet in subnets],
        "availability_zones": [],
        "ipv4_address_scope": _address_scope(networking, network, 4),
        "ipv6_address_scope": _address_scope(networking, network, 6),
        "l2_adjacency": True,
    }
    return {**shown, "is_default": network.is_default} if network.external or view == NEW else shown


def _address_scope(networking: Networking, network: Network, version: int) -> str | None:
    for subnet in networking.subnets.find(network_id=network.id):
        if subnet.ip_version == version and subnet.subnetpool_id:
            pool = networking.subnet_pools.get(subnet.subnetpool_id)
            return pool.address_scope_id if pool else None
    return None


KIND = NetworkKind[Network](
    name="network",
    entity=Network,
    also={
        "segments": said_only(or_none(list_of(as_is)), admins=ADMINS),
        **computed("subnets", "availability_zones", "ipv4_address_scope"),
        **computed("ipv6_address_scope", "l2_adjacency"),
    },
    shared_as="network",
    ties=Ties(names={"qos_policy_id": qos.KIND}, along={"l2_gateway_connection": "network_id"}),
    life=BUILT,
    create=create,
    change=change,
    delete=delete,
    visible=is_visible,
    quota="network",
    more=_more,
)
