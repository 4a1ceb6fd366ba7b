"""Coordinates of network objects."""

from isotherm.kit import Entity


def _network(key: str, path: str, plural: str) -> Entity:
    return Entity("network", key, path, plural)


NETWORK = _network("network", "/networks", "networks")
SUBNET = _network("subnet", "/subnets", "subnets")
PORT = _network("port", "/ports", "ports")
ROUTER = _network("router", "/routers", "routers")
SECURITY_GROUP = _network("security_group", "/security-groups", "security_groups")
SECURITY_GROUP_RULE = _network(
    "security_group_rule", "/security-group-rules", "security_group_rules"
)
FLOATING_IP = _network("floatingip", "/floatingips", "floatingips")
SEGMENT = _network("segment", "/segments", "segments")
