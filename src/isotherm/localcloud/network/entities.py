"""What network remembers. Fields are named as on the wire, with `_` for `:`; times are text."""

from typing import Any

import msgspec

from isotherm.localcloud.entities import Entity


class NetworkEntity(Entity, kw_only=True, eq=False):
    project_id: str
    name: str = ""
    description: str | None = ""
    tags: list[str] = msgspec.field(default_factory=list)
    created_at: str = ""
    updated_at: str = ""
    revision_number: int = 0


class FixedIp(msgspec.Struct, frozen=True):
    subnet_id: str
    ip_address: str


class Network(NetworkEntity, kw_only=True, eq=False):
    admin_state_up: bool = True
    status: str = "ACTIVE"
    mtu: int = 1450
    external: bool = False
    is_default: bool = False
    port_security_enabled: bool = True
    qos_policy_id: str | None = None
    dns_domain: str = ""
    vlan_transparent: bool = False
    qinq: bool = False
    availability_zone_hints: list[str] = msgspec.field(default_factory=list)
    network_type: str = "vxlan"
    physical_network: str | None = None
    segmentation_id: int | None = None


class Subnet(NetworkEntity, kw_only=True, eq=False):
    network_id: str
    ip_version: int
    cidr: str
    gateway_ip: str | None
    allocation_pools: list[dict[str, str]]
    enable_dhcp: bool = True
    subnetpool_id: str | None = None
    ipv6_ra_mode: str | None = None
    ipv6_address_mode: str | None = None
    dns_nameservers: list[str] = msgspec.field(default_factory=list)
    host_routes: list[dict[str, str]] = msgspec.field(default_factory=list)
    service_types: list[str] = msgspec.field(default_factory=list)

    @property
    def is_automatic(self) -> bool:
        """Whether ports get an address from their MAC address, without being asked."""
        return self.ipv6_address_mode in ("slaac", "dhcpv6-stateless")


class Port(NetworkEntity, kw_only=True, eq=False):
    network_id: str
    mac_address: str
    fixed_ips: list[FixedIp] = msgspec.field(default_factory=list)
    admin_state_up: bool = True
    status: str = "DOWN"
    device_id: str = ""
    device_owner: str = ""
    security_groups: list[str] = msgspec.field(default_factory=list)
    port_security_enabled: bool = True
    allowed_address_pairs: list[dict[str, str]] = msgspec.field(default_factory=list)
    extra_dhcp_opts: list[dict[str, Any]] = msgspec.field(default_factory=list)
    qos_policy_id: str | None = None
    dns_name: str = ""
    dns_domain: str = ""
    ip_allocation: str = "immediate"
    vnic_type: str = "normal"
    profile: dict[str, Any] = msgspec.field(default_factory=dict)
    host_id: str = ""
    propagate_uplink_status: bool | None = None
    numa_affinity_policy: str | None = None
    # Made by compute for a server: deleted, not only unbound, when the server lets go of it.
    made_for_server: bool = False


class Router(NetworkEntity, kw_only=True, eq=False):
    admin_state_up: bool = True
    status: str = "ACTIVE"
    gateway_port_id: str | None = None
    gateway_network_id: str | None = None
    enable_snat: bool = True
    gateway_qos_policy_id: str | None = None
    distributed: bool = False
    ha: bool = False
    routes: list[dict[str, str]] = msgspec.field(default_factory=list)
    availability_zone_hints: list[str] = msgspec.field(default_factory=list)
    flavor_id: str | None = None


class FloatingIp(NetworkEntity, kw_only=True, eq=False):
    floating_network_id: str
    floating_ip_address: str
    gateway_port_id: str
    port_id: str | None = None
    fixed_ip_address: str | None = None
    router_id: str | None = None
    status: str = "DOWN"
    qos_policy_id: str | None = None
    dns_name: str = ""
    dns_domain: str = ""


class SecurityGroup(NetworkEntity, kw_only=True, eq=False):
    stateful: bool = True


class SecurityGroupRule(NetworkEntity, kw_only=True, eq=False):
    security_group_id: str
    direction: str
    ethertype: str
    protocol: str | None = None
    port_range_min: int | None = None
    port_range_max: int | None = None
    remote_ip_prefix: str | None = None
    remote_group_id: str | None = None
    description: str | None = None


class SubnetPool(NetworkEntity, kw_only=True, eq=False):
    prefixes: list[str]
    ip_version: int
    default_prefixlen: int
    min_prefixlen: int
    max_prefixlen: int
    default_quota: int | None = None
    is_default: bool = False
    address_scope_id: str | None = None


class AddressScope(NetworkEntity, kw_only=True, eq=False):
    ip_version: int


class RbacPolicy(NetworkEntity, kw_only=True, eq=False):
    object_type: str
    object_id: str
    action: str
    target_tenant: str


class QosPolicy(NetworkEntity, kw_only=True, eq=False):
    is_default: bool = False


class QosRule(NetworkEntity, kw_only=True, eq=False):
    """`values` are the fields of its kind, e.g. max_kbps, max_burst_kbps, direction."""

    policy_id: str
    kind: str
    values: dict[str, Any]


class Trunk(NetworkEntity, kw_only=True, eq=False):
    port_id: str
    admin_state_up: bool = True
    status: str = "DOWN"
    sub_ports: list[dict[str, Any]] = msgspec.field(default_factory=list)
