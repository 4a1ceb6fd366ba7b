"""OS::Neutron::QoSPolicy and its rules: how traffic is treated, one type for each kind of rule."""

from isotherm import kit
from isotherm.kit import Described, P, Properties, attr, changeable, prop, register, supported
from isotherm.kit.services import network
from isotherm.resources.network.network_type import NetworkType, OneOfAKind


class QosPolicyProperties(Described):
    shared: bool = changeable("Whether all projects may use it.", default=False)
    tenant_id: str | None = prop("Project that owns it.")


@register("OS::Neutron::QoSPolicy", support=supported("6.0.0"))
class QosPolicy(NetworkType[QosPolicyProperties]):
    """How the traffic of ports or networks is treated; by default only administrators make one."""

    entity = network.QOS_POLICY
    extension = "qos"
    attributes = (attr("rules", list, "Its rules.", volatile=True),)


_MARKS = (0, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 46, 48, 56)


class InPolicy(Properties):
    policy: str = prop("Policy that it belongs to.", finds="neutron.qos_policy", sends=None)
    tenant_id: str | None = prop("Project that owns it.", reads=None)


class QosRule(OneOfAKind[P]):
    """A policy has one rule of a kind for each direction; a rule has no name."""

    name_field = ""
    parent_property = "policy"


class BandwidthLimitRuleProperties(InPolicy):
    max_kbps: int = changeable("Most bandwidth, in kilobits per second.", ge=0)
    max_burst_kbps: int = changeable("Most of it at once, in kilobits.", default=0, ge=0)
    direction: str = changeable("Which way.", default="egress", allowed=("egress", "ingress"), since="13.0.0")


@register("OS::Neutron::QoSBandwidthLimitRule", support=supported("6.0.0"))
class QosBandwidthLimitRule(QosRule[BandwidthLimitRuleProperties]):
    """Keeps the bandwidth of a port below a limit."""

    entity = network.BANDWIDTH_LIMIT_RULE
    extension = "qos"
    links = (kit.Link("bandwidth limit", ("policy", "direction"), details=("max_kbps", "max_burst_kbps")),)


class DscpMarkingRuleProperties(InPolicy):
    dscp_mark: int = changeable("Mark.", allowed=_MARKS)


@register("OS::Neutron::QoSDscpMarkingRule", support=supported("7.0.0"))
class QosDscpMarkingRule(QosRule[DscpMarkingRuleProperties]):
    """Marks packets, so that others know how to treat them."""

    entity = network.DSCP_MARKING_RULE
    extension = "qos"
    links = (kit.Link("DSCP mark", ("policy",), details=("dscp_mark",)),)


class MinimumBandwidthRuleProperties(InPolicy):
    min_kbps: int = changeable("Bandwidth, in kilobits per second.", ge=0)
    direction: str = changeable("Which way.", default="egress", allowed=("egress", "ingress"))


@register("OS::Neutron::QoSMinimumBandwidthRule", support=supported("14.0.0"))
class QosMinimumBandwidthRule(QosRule[MinimumBandwidthRuleProperties]):
    """Promises bandwidth to a port."""

    entity = network.MINIMUM_BANDWIDTH_RULE
    extension = "qos-bw-minimum-ingress"
    links = (kit.Link("minimum bandwidth", ("policy", "direction"), details=("min_kbps",)),)


class MinimumPacketRateRuleProperties(InPolicy):
    min_kpps: int = changeable("Packets, in thousands per second.", ge=0)
    direction: str = changeable("Which way.", default="egress", allowed=("any", "egress", "ingress"))


@register("OS::Neutron::QoSMinimumPacketRateRule", support=supported("19.0.0"))
class QosMinimumPacketRateRule(QosRule[MinimumPacketRateRuleProperties]):
    """Promises a rate of packets to a port."""

    entity = network.MINIMUM_PACKET_RATE_RULE
    extension = "qos-pps-minimum"
    links = (kit.Link("minimum packet rate", ("policy", "direction"), details=("min_kpps",)),)
