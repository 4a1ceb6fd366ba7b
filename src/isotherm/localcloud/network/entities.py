"""What network remembers, and what of it goes over the wire; times are text."""

from typing import Annotated, Any

import msgspec

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import ABSENT, Field, said, shown
from isotherm.localcloud.network import checks, port_values, protocols
from isotherm.localcloud.network.checks import (
    boolean,
    integer,
    list_of,
    one_of,
    or_none,
    project_or_all,
    text,
    uuid_text,
)

ADMINS = ("create", "update")
_TEXT, _UUID = or_none(text()), or_none(uuid_text)
_HIDDEN = Field(shown=False)


def once(check: checks.Check, **more: Any) -> Field:
    """Said of a new object only."""
    return said(check, update=False, **more)


class NetworkEntity(Entity, kw_only=True, eq=False):
    project_id: Annotated[str, once(text())]
    name: Annotated[str, said(text())] = ""
    description: Annotated[str | None, said(text())] = ""
    tags: Annotated[list[str], once(checks.distinct(checks.tag, "tag"))] = []
    created_at: Annotated[str, shown()] = ""
    updated_at: Annotated[str, shown()] = ""
    revision_number: Annotated[int, shown()] = 0


class Bare(NetworkEntity, kw_only=True, eq=False):
    """Shows nothing of what it is by all others."""

    description: str | None = ""
    tags: list[str] = []
    created_at: Annotated[str, _HIDDEN] = ""
    updated_at: Annotated[str, _HIDDEN] = ""
    revision_number: Annotated[int, _HIDDEN] = 0


class FixedIp(msgspec.Struct, frozen=True):
    subnet_id: str
    ip_address: str


class Network(NetworkEntity, kw_only=True, eq=False):
    admin_state_up: Annotated[bool, said(boolean)] = True
    status: Annotated[str, shown()] = "ACTIVE"
    mtu: Annotated[int, said(integer(0), default=ABSENT)] = 1450
    external: Annotated[bool, said(boolean, name="router:external", admins=ADMINS)] = False
    is_default: Annotated[bool, said(boolean, shown=False, admins=ADMINS)] = False
    port_security_enabled: Annotated[bool, said(boolean)] = True
    qos_policy_id: Annotated[str | None, said(_UUID)] = None
    dns_domain: Annotated[str, said(checks.dns_domain)] = ""
    vlan_transparent: Annotated[bool, once(boolean)] = False
    qinq: Annotated[bool, once(boolean)] = False
    availability_zone_hints: Annotated[list[str], once(list_of(text()))] = []
    network_type: Annotated[
        str,
        said(_TEXT, name="provider:network_type", default=ABSENT, admins=ADMINS, for_admins=True),
    ] = "vxlan"
    physical_network: Annotated[
        str | None,
        said(
            _TEXT, name="provider:physical_network", default=ABSENT, admins=ADMINS, for_admins=True
        ),
    ] = None
    segmentation_id: Annotated[
        int | None,
        said(
            or_none(integer(0)),
            name="provider:segmentation_id",
            default=ABSENT,
            admins=ADMINS,
            for_admins=True,
        ),
    ] = None


_IPV6_MODE = or_none(one_of("slaac", "dhcpv6-stateful", "dhcpv6-stateless"))


class Subnet(NetworkEntity, kw_only=True, eq=False):
    network_id: Annotated[str, once(uuid_text, required=True)]
    ip_version: Annotated[int, once(integer(), required=True)]
    cidr: Annotated[str, once(or_none(checks.loose_cidr))]
    gateway_ip: Annotated[str | None, said(or_none(checks.address))]
    allocation_pools: Annotated[list[dict[str, str]], said(list_of(checks.pool))]
    enable_dhcp: Annotated[bool, said(boolean)] = True
    subnetpool_id: Annotated[str | None, once(_UUID)] = None
    ipv6_ra_mode: Annotated[str | None, once(_IPV6_MODE)] = None
    ipv6_address_mode: Annotated[str | None, once(_IPV6_MODE)] = None
    dns_nameservers: Annotated[
        list[str], said(checks.distinct(checks.nameserver, "nameserver"))
    ] = []
    host_routes: Annotated[list[dict[str, str]], said(checks.distinct(checks.route))] = []
    service_types: Annotated[list[str], said(list_of(text()))] = []
    segment_id: Annotated[str | None, said(_UUID, for_admins=True)] = None

    @property
    def is_automatic(self) -> bool:
        """Whether ports get an address from their MAC address, without being asked."""
        return self.ipv6_address_mode in ("slaac", "dhcpv6-stateless")


_VNIC_TYPES = one_of(
    *("normal", "direct", "macvtap", "baremetal", "direct-physical", "virtio-forwarder"),
    *("smart-nic", "accelerator-direct", "accelerator-direct-physical", "remote-managed", "vdpa"),
)


class Port(NetworkEntity, kw_only=True, eq=False):
    network_id: Annotated[str, once(uuid_text, required=True)]
    mac_address: Annotated[str, said(checks.mac_address, admins=("update",))]
    fixed_ips: Annotated[list[FixedIp], said(port_values.fixed_ips, default=ABSENT)] = []
    admin_state_up: Annotated[bool, said(boolean)] = True
    status: Annotated[str, shown()] = "DOWN"
    device_id: Annotated[str, said(text())] = ""
    device_owner: Annotated[str, said(text())] = ""
    security_groups: Annotated[list[str], said(or_none(list_of(uuid_text)), default=ABSENT)] = []
    port_security_enabled: Annotated[bool, said(boolean, default=ABSENT)] = True
    allowed_address_pairs: Annotated[list[dict[str, str]], said(port_values.address_pairs)] = []
    extra_dhcp_opts: Annotated[list[dict[str, Any]], said(port_values.dhcp_options)] = []
    qos_policy_id: Annotated[str | None, said(_UUID)] = None
    dns_name: Annotated[str, said(checks.dns_name)] = ""
    dns_domain: Annotated[str, said(_TEXT, shown=False)] = ""
    ip_allocation: Annotated[str, shown()] = "immediate"
    vnic_type: Annotated[str, said(_VNIC_TYPES, name="binding:vnic_type")] = "normal"
    profile: Annotated[
        dict[str, Any],
        said(port_values.profile, name="binding:profile", admins=ADMINS, for_admins=True),
    ] = {}
    host_id: Annotated[str, said(_TEXT, name="binding:host_id", admins=ADMINS, for_admins=True)] = (
        ""
    )
    # None in folders of older versions.
    propagate_uplink_status: Annotated[bool | None, said(boolean)] = True
    numa_affinity_policy: Annotated[str | None, said(_TEXT, shown=False, default=ABSENT)] = None
    # Made by compute for a server: deleted, not only unbound, when the server lets go of it.
    made_for_server: bool = False


class Router(NetworkEntity, kw_only=True, eq=False):
    admin_state_up: Annotated[bool, said(boolean)] = True
    status: Annotated[str, shown()] = "ACTIVE"
    gateway_port_id: str | None = None
    gateway_network_id: str | None = None
    enable_snat: bool = True
    gateway_qos_policy_id: str | None = None
    distributed: Annotated[bool, said(boolean, default=ABSENT, admins=ADMINS, for_admins=True)] = (
        False
    )
    ha: Annotated[bool, said(boolean, default=ABSENT, admins=ADMINS, for_admins=True)] = False
    routes: Annotated[list[dict[str, str]], said(checks.distinct(checks.route), create=False)] = []
    availability_zone_hints: Annotated[list[str], once(list_of(text()))] = []
    flavor_id: Annotated[str | None, once(_UUID)] = None


class FloatingIp(NetworkEntity, kw_only=True, eq=False):
    name: str = ""
    floating_network_id: Annotated[str, once(uuid_text, required=True)]
    floating_ip_address: Annotated[str, once(or_none(checks.address), default=None, admins=ADMINS)]
    gateway_port_id: str
    port_id: Annotated[str | None, said(_UUID)] = None
    fixed_ip_address: Annotated[str | None, said(or_none(checks.address))] = None
    router_id: Annotated[str | None, shown()] = None
    status: Annotated[str, shown()] = "DOWN"
    qos_policy_id: Annotated[str | None, said(_UUID)] = None
    dns_name: Annotated[str, once(checks.dns_name)] = ""
    dns_domain: Annotated[str, once(text())] = ""


class SecurityGroup(NetworkEntity, kw_only=True, eq=False):
    stateful: Annotated[bool, said(boolean)] = True


class SecurityGroupRule(NetworkEntity, kw_only=True, eq=False):
    name: str = ""
    tags: list[str] = []
    security_group_id: Annotated[str, once(uuid_text, required=True)]
    direction: Annotated[str, once(one_of("ingress", "egress"), required=True)]
    ethertype: Annotated[str, once(protocols.ethertype, default="IPv4")]
    protocol: Annotated[str | None, once(protocols.protocol)] = None
    port_range_min: Annotated[int | None, once(protocols.port_number)] = None
    port_range_max: Annotated[int | None, once(protocols.port_number)] = None
    remote_ip_prefix: Annotated[str | None, once(protocols.prefix)] = None
    remote_group_id: Annotated[str | None, once(_UUID)] = None
    description: Annotated[str | None, said(text(), default="")] = None


class SubnetPool(NetworkEntity, kw_only=True, eq=False):
    prefixes: Annotated[list[str], said(list_of(checks.loose_cidr), required=True)]
    ip_version: Annotated[int, shown()]
    default_prefixlen: Annotated[int, said(integer(0), render=str)]
    min_prefixlen: Annotated[int, said(integer(0), render=str)]
    max_prefixlen: Annotated[int, said(integer(0), render=str)]
    default_quota: Annotated[int | None, said(integer(0))] = None
    is_default: Annotated[bool, said(boolean, admins=ADMINS)] = False
    address_scope_id: Annotated[str | None, said(_UUID)] = None


class AddressScope(Bare, kw_only=True, eq=False):
    name: Annotated[str, said(text(), required=True)]
    ip_version: Annotated[int, once(integer(), required=True)]


class RbacPolicy(Bare, kw_only=True, eq=False):
    name: str = ""
    object_type: Annotated[str, once(text(), required=True)]
    object_id: Annotated[str, once(uuid_text, required=True)]
    action: Annotated[str, once(text(), required=True)]
    target_tenant: Annotated[str, said(project_or_all, required=True)]


class QosPolicy(NetworkEntity, kw_only=True, eq=False):
    is_default: Annotated[bool, said(boolean)] = False


class QosRule(NetworkEntity, kw_only=True, eq=False):
    """`values` are the fields of its kind, e.g. max_kbps, max_burst_kbps, direction."""

    policy_id: str
    kind: str
    values: dict[str, Any]


class Trunk(NetworkEntity, kw_only=True, eq=False):
    port_id: Annotated[str, once(uuid_text, required=True)]
    admin_state_up: Annotated[bool, said(boolean)] = True
    status: Annotated[str, shown()] = "DOWN"
    sub_ports: Annotated[list[dict[str, Any]], once(list_of(checks.as_is))] = []
