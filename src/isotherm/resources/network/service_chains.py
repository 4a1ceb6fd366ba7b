"""OS::Neutron::FlowClassifier, PortPair, PortPairGroup and PortChain: traffic led through functions."""

from typing import Any

from isotherm import kit
from isotherm.kit import Described, P, changeable, prop, register, unsupported
from isotherm.kit.services.network import FLOW_CLASSIFIER, PORT_CHAIN, PORT_PAIR, PORT_PAIR_GROUP
from isotherm.resources.network.network_type import UndatedNetworkType


class ChainType(UndatedNetworkType[P]):
    """What types of service chains have in common."""


def _number(doc: str) -> Any:
    return prop(doc, ge=1, le=65535)


class FlowClassifierProperties(Described):
    protocol: str | None = prop("Protocol.", allowed=("tcp", "udp", "icmp"))
    ethertype: str = prop("Version of the addresses.", default="IPv4", allowed=("IPv4", "IPv6"))
    source_ip_prefix: str | None = prop("Addresses that it comes from.", exists="net_cidr")
    destination_ip_prefix: str | None = prop("Addresses that it goes to.", exists="net_cidr")
    source_port_range_min: int | None = _number("First port number it comes from.")
    source_port_range_max: int | None = _number("Last port number it comes from.")
    destination_port_range_min: int | None = _number("First port number it goes to.")
    destination_port_range_max: int | None = _number("Last port number it goes to.")
    logical_source_port: str | None = prop(
        "Port that it comes from.", finds="neutron.port", sends="logical_source_port"
    )
    logical_destination_port: str | None = prop(
        "Port that it goes to.", finds="neutron.port", sends="logical_destination_port"
    )
    l7_parameters: dict[str, Any] | None = prop("More about its content.", support=unsupported())


@register("OS::Neutron::FlowClassifier", support=unsupported("8.0.0"))
class FlowClassifier(ChainType[FlowClassifierProperties]):
    """Which traffic a chain is for."""

    entity = FLOW_CLASSIFIER


class PortPairProperties(Described):
    ingress: str = prop("Port by which traffic gets in.", finds="neutron.port", sends="ingress")
    egress: str = prop("Port by which it gets out again.", finds="neutron.port", sends="egress")
    service_function_parameters: dict[str, Any] = prop("What the function knows.", default={"correlation": None})


@register("OS::Neutron::PortPair", support=unsupported("7.0.0"))
class PortPair(ChainType[PortPairProperties]):
    """The two ends of a function that traffic goes through."""

    entity = PORT_PAIR


class PortPairGroupProperties(Described):
    port_pairs: list[str] = changeable("Its pairs.", items=prop("A pair.", finds="neutron.port_pair"))


@register("OS::Neutron::PortPairGroup", support=unsupported("8.0.0"))
class PortPairGroup(ChainType[PortPairGroupProperties]):
    """Functions that stand for each other."""

    entity = PORT_PAIR_GROUP
    extension = "sfc"


class PortChainProperties(Described):
    port_pair_groups: list[str] = changeable(
        "Groups to go through, in this order.", items=prop("A group.", finds="neutron.port_pair_group")
    )
    flow_classifiers: list[str] = changeable(
        "Which traffic.", default=[], clears=[], items=prop("A classifier.", finds="neutron.flow_classifier")
    )
    chain_parameters: dict[str, Any] = prop("More about the chain.", default={"correlation": "mpls"})


@register("OS::Neutron::PortChain", support=unsupported("8.0.0"))
class PortChain(ChainType[PortChainProperties]):
    """The way of traffic through functions."""

    entity = PORT_CHAIN
    extension = "sfc"
    claims = (kit.Claim("flow classifier", ("flow_classifiers",)),)

    async def make_way(self, ctx: kit.Context[PortChainProperties]) -> None:
        await self._classify(ctx, [])

    async def take_back(self, ctx: kit.Context[PortChainProperties]) -> None:
        await self._classify(ctx, ctx.props.flow_classifiers)

    async def _classify(self, ctx: kit.Context[PortChainProperties], classifiers: list[str]) -> None:
        await ctx.api.update(PORT_CHAIN, ctx.physical_id, {"flow_classifiers": classifiers})
