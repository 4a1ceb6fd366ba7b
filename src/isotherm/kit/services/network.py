"""Networks and what connects to them."""

from isotherm.kit.entity import Entity
from isotherm.kit.finder import Finder
from isotherm.kit.service import Service, declare

NETWORKING = declare(Service("network", version="v2.0"))


def _entity(key: str, path: str, finder: str = "", plural: str = "") -> Entity:
    looked_up = Finder(finder) if finder else None
    return NETWORKING.entity(key, path, plural, finder=looked_up)


def _rule(kind: str) -> Entity:
    """A kind of rule of QoS policies."""
    return _entity(f"{kind}_rule", f"/qos/policies/{{parent}}/{kind}_rules")


ADDRESS_SCOPE = _entity("address_scope", "/address-scopes", "neutron.address_scope")
FIREWALL = _entity("firewall", "/fw/firewalls")
FIREWALL_POLICY = _entity("firewall_policy", "/fw/firewall_policies", plural="firewall_policies")
FIREWALL_RULE = _entity("firewall_rule", "/fw/firewall_rules")
FLOATING_IP = NETWORKING.entity(
    "floatingip",
    "/floatingips",
    finder=Finder(
        "neutron.floating_ip",
        name_filter="floating_ip_address",
        name_field="floating_ip_address",
    ),
)
PORT_FORWARDING = _entity("port_forwarding", "/floatingips/{parent}/port_forwardings")
FLOW_CLASSIFIER = _entity("flow_classifier", "/sfc/flow_classifiers", "neutron.flow_classifier")
IKE_POLICY = _entity("ikepolicy", "/vpn/ikepolicies", plural="ikepolicies")
IPSEC_POLICY = _entity("ipsecpolicy", "/vpn/ipsecpolicies", plural="ipsecpolicies")
IPSEC_SITE_CONNECTION = _entity("ipsec_site_connection", "/vpn/ipsec-site-connections")
L2_GATEWAY = _entity("l2_gateway", "/l2-gateways")
L2_GATEWAY_CONNECTION = _entity("l2_gateway_connection", "/l2-gateway-connections")
METERING_LABEL = _entity("metering_label", "/metering/metering-labels")
METERING_RULE = _entity("metering_label_rule", "/metering/metering-label-rules")
NETWORK_GATEWAY = _entity("network_gateway", "/network-gateways")
NETWORK = _entity("network", "/networks", "neutron.network")
PORT = _entity("port", "/ports", "neutron.port")
PORT_CHAIN = _entity("port_chain", "/sfc/port_chains")
PORT_PAIR = _entity("port_pair", "/sfc/port_pairs", "neutron.port_pair")
PORT_PAIR_GROUP = _entity("port_pair_group", "/sfc/port_pair_groups", "neutron.port_pair_group")
BANDWIDTH_LIMIT_RULE = _rule("bandwidth_limit")
DSCP_MARKING_RULE = _rule("dscp_marking")
MINIMUM_BANDWIDTH_RULE = _rule("minimum_bandwidth")
MINIMUM_PACKET_RATE_RULE = _rule("minimum_packet_rate")
QOS_POLICY = _entity("policy", "/qos/policies", "neutron.qos_policy", "policies")
QUOTA = _entity("quota", "/quotas")
RBAC_POLICY = NETWORKING.entity(
    "rbac_policy",
    "/rbac-policies",
    "rbac_policies",
    finder=Finder("neutron.rbac_policy", by_name=False),
)
ROUTER = _entity("router", "/routers", "neutron.router")
SECURITY_GROUP = _entity("security_group", "/security-groups", "neutron.security_group")
SECURITY_GROUP_RULE = _entity("security_group_rule", "/security-group-rules")
SEGMENT = _entity("segment", "/segments", "neutron.segment")
SUBNET = _entity("subnet", "/subnets", "neutron.subnet")
SUBNET_POOL = _entity("subnetpool", "/subnetpools", "neutron.subnetpool")
TAP_FLOW = _entity("tap_flow", "/taas/tap_flows", "neutron.taas.tap_flow")
TAP_SERVICE = _entity("tap_service", "/taas/tap_services", "neutron.taas.tap_service")
TRUNK = _entity("trunk", "/trunks", "neutron.trunk")
VPN_SERVICE = _entity("vpnservice", "/vpn/vpnservices")
