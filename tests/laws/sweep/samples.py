"""What each resource type is tried with in the sweep of faults.

A sample is three sets of properties of the same resource: those it is made with, others
that it can be changed to in place, and some that ask for another object. A type without a
sample of its own gets one from what it declares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from isotherm.core.constraints import AllowedValues, CustomConstraint, Length, Range
from isotherm.core.schema import PropertySchema, ValueType
from isotherm.kit.resource_type import AnyType

Properties = Mapping[str, Any]
Resources = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Sample:
    """``around`` are resources that the others refer to. Without ``inside`` nothing can be
    changed in place, without ``other`` nothing asks for another object."""

    before: Properties = field(default_factory=dict)
    inside: Properties | None = None
    other: Properties | None = None
    around: Resources = field(default_factory=dict)
    user: str = "demo"
    final: bool = False
    """Whether the change in place cannot be undone."""


def ref(name: str) -> dict[str, str]:
    return {"get_resource": name}


def made(type_name: str, /, **properties: Any) -> dict[str, Any]:
    return {"type": type_name, "properties": properties}


def route(destination: str) -> dict[str, Any]:
    return {"destination": destination, "nexthop": "10.7.0.9"}


def vlan(port: str, number: int) -> dict[str, Any]:
    """A sub-port of a trunk."""
    return {"port": ref(port), "segmentation_type": "vlan", "segmentation_id": number}


NET = {
    "net": made("OS::Neutron::Net"),
    "subnet": made("OS::Neutron::Subnet", network=ref("net"), cidr="10.7.0.0/24"),
}
ROUTER = {"router": made("OS::Neutron::Router", external_gateway_info={"network": "public"})}
INTERFACE = {
    "interface": made("OS::Neutron::RouterInterface", router=ref("router"), subnet=ref("subnet"))
}
PORTS = {
    name: made("OS::Neutron::Port", network=ref("net"), fixed_ips=[{"subnet": ref("subnet")}])
    for name in ("port", "port2")
}
SERVERS = {
    name: made(
        "OS::Nova::Server", image="cirros", flavor="m1.tiny", networks=[{"network": "private"}]
    )
    for name in ("server", "server2")
}
POLICIES = {name: made("OS::Neutron::QoSPolicy") for name in ("policy", "policy2")}
QUEUES = {name: made("OS::Zaqar::Queue") for name in ("queue", "queue2")}
WORKFLOW = {"type": "direct", "tasks": [{"name": "a", "action": "std.noop"}]}
WORKFLOWS = {name: made("OS::Mistral::Workflow", **WORKFLOW) for name in ("workflow", "workflow2")}
GROUP = {"group": made("OS::Neutron::SecurityGroup")}
IMAGE = {
    "image": made(
        "OS::Glance::WebImage",
        disk_format="raw",
        container_format="bare",
        location="http://example.org/image",
    )
}
SERVER = {"flavor": "m1.tiny", "image": "cirros", "networks": [{"network": ref("net")}]}

VOLUME_OF_ONE = {"type": "OS::Cinder::Volume", "properties": {"size": 1}}

SAMPLES: Mapping[str, Sample] = {
    "OS::Cinder::Volume": Sample(
        {"size": 1, "read_only": True},
        {"size": 1, "name": "new", "description": "d", "metadata": {"a": "b"}, "read_only": False},
        {"size": 1, "availability_zone": "nova"},
    ),
    "OS::Cinder::Volume growing": Sample({"size": 1}, {"size": 2}, final=True),
    "OS::Cinder::VolumeAttachment": Sample(
        {"instance_uuid": ref("server"), "volume_id": ref("volume")},
        {"instance_uuid": ref("server2"), "volume_id": ref("volume")},
        None,
        {**SERVERS, "volume": made("OS::Cinder::Volume", size=1)},
    ),
    "OS::Glance::WebImage": Sample(
        {
            "disk_format": "raw",
            "container_format": "bare",
            "location": "http://example.org/image",
            "tags": ["a"],
        },
        {
            "disk_format": "raw",
            "container_format": "bare",
            "location": "http://example.org/image",
            "os_distro": "debian",
            "extra_properties": {"x": "y"},
            "tags": ["b"],
        },
        {
            "disk_format": "qcow2",
            "container_format": "bare",
            "location": "http://example.org/image",
        },
    ),
    "OS::Heat::ResourceChain": Sample(
        {"resources": ["OS::Nova::ServerGroup"]},
        {"resources": ["OS::Nova::ServerGroup", "OS::Neutron::Net"]},
    ),
    "OS::Heat::AutoScalingGroup": Sample(
        {"min_size": 1, "max_size": 2, "resource": VOLUME_OF_ONE},
        {"min_size": 2, "max_size": 3, "resource": VOLUME_OF_ONE},
    ),
    "OS::Heat::ResourceGroup": Sample(
        {"count": 2, "resource_def": VOLUME_OF_ONE},
        {
            "count": 3,
            "resource_def": {**VOLUME_OF_ONE, "properties": {"size": 1, "name": "%index%"}},
        },
    ),
    "OS::Mistral::CronTrigger": Sample(
        {"pattern": "0 0 1 1 *", "workflow": {"name": ref("workflow")}},
        None,
        {"pattern": "0 0 2 1 *", "workflow": {"name": ref("workflow2")}},
        WORKFLOWS,
    ),
    "OS::Mistral::ExternalResource": Sample(
        {"actions": {each: {"workflow": ref("workflow")} for each in ("CREATE", "UPDATE")}},
        None,
        {"actions": {each: {"workflow": ref("workflow2")} for each in ("CREATE", "DELETE")}},
        WORKFLOWS,
    ),
    "OS::Mistral::Workflow": Sample(
        {**WORKFLOW, "description": "one"},
        {**WORKFLOW, "description": "two", "tags": ["a"]},
        {**WORKFLOW, "name": "other"},
    ),
    "OS::Zaqar::MistralTrigger": Sample(
        {"queue_name": ref("queue"), "workflow_id": ref("workflow")},
        {"queue_name": ref("queue"), "workflow_id": ref("workflow2"), "ttl": 90},
        {"queue_name": ref("queue2"), "workflow_id": ref("workflow")},
        {**QUEUES, **WORKFLOWS},
    ),
    "OS::Zaqar::Queue": Sample({"metadata": {"a": 1}}, {"metadata": {"b": [2]}}, {"name": "other"}),
    "OS::Zaqar::SignedQueueURL": Sample(
        {"queue": ref("queue")}, None, {"queue": ref("queue"), "ttl": 60}, QUEUES
    ),
    "OS::Zaqar::Subscription": Sample(
        {"queue_name": ref("queue"), "subscriber": "http://example.org/a"},
        {"queue_name": ref("queue"), "subscriber": "http://example.org/b", "ttl": 90},
        {"queue_name": ref("queue2"), "subscriber": "http://example.org/a"},
        QUEUES,
    ),
    "OS::Neutron::AddressScope": Sample({}, {"name": "new"}, {"ip_version": 6}),
    "OS::Neutron::ExtraRoute": Sample(
        {"router_id": ref("router"), "destination": "10.90.0.0/16", "nexthop": "10.7.0.9"},
        None,
        {"router_id": ref("router"), "destination": "10.91.0.0/16", "nexthop": "10.7.0.9"},
        {**NET, **ROUTER, **INTERFACE},
    ),
    "OS::Neutron::ExtraRouteSet": Sample(
        {"router": ref("router"), "routes": [route("10.90.0.0/16"), route("10.91.0.0/16")]},
        {"router": ref("router"), "routes": [route("10.91.0.0/16"), route("10.92.0.0/16")]},
        {"router": ref("router2"), "routes": [route("10.90.0.0/16")]},
        {
            **NET,
            **ROUTER,
            **INTERFACE,
            "router2": made("OS::Neutron::Router"),
            "port": made(
                "OS::Neutron::Port",
                network=ref("net"),
                fixed_ips=[{"subnet": ref("subnet"), "ip_address": "10.7.0.2"}],
            ),
            "interface2": made(
                "OS::Neutron::RouterInterface", router=ref("router2"), port=ref("port")
            ),
        },
    ),
    "OS::Neutron::FloatingIP": Sample(
        {"floating_network": "public", "port_id": ref("port")},
        {"floating_network": "public", "port_id": ref("port2")},
        {"floating_network": "public", "port_id": ref("port2"), "value_specs": {"dns_name": ""}},
        {**NET, **ROUTER, **INTERFACE, **PORTS},
    ),
    "OS::Neutron::FloatingIP kept-port": Sample(
        {"floating_network": "public", "port_id": ref("port")},
        None,
        {"floating_network": "public", "port_id": ref("port"), "value_specs": {"dns_name": ""}},
        {**NET, **ROUTER, **INTERFACE, **PORTS},
    ),
    "OS::Neutron::FloatingIPAssociation": Sample(
        {"floatingip_id": ref("address"), "port_id": ref("port")},
        {"floatingip_id": ref("address"), "port_id": ref("port2")},
        None,
        {
            **NET,
            **ROUTER,
            **INTERFACE,
            **PORTS,
            "address": made("OS::Neutron::FloatingIP", floating_network="public"),
        },
    ),
    "OS::Neutron::Net": Sample(
        {"tags": ["a"]},
        {"name": "new", "admin_state_up": False, "tags": ["b"], "port_security_enabled": False},
        None,
    ),
    "OS::Neutron::Port": Sample(
        {"network": ref("net"), "fixed_ips": [{"ip_address": "10.7.0.50"}], "tags": ["a"]},
        {
            "network": ref("net"),
            "fixed_ips": [{"ip_address": "10.7.0.51"}],
            "name": "new",
            "security_groups": [ref("group")],
            "tags": ["b"],
        },
        {
            "network": ref("net"),
            "fixed_ips": [{"ip_address": "10.7.0.50"}],
            "mac_address": "fa:16:3e:00:00:77",
        },
        {**NET, **GROUP},
    ),
    "OS::Neutron::ProviderNet": Sample(
        {"network_type": "vlan", "physical_network": "physnet1", "tags": ["a"]},
        {
            "network_type": "vlan",
            "physical_network": "physnet1",
            "name": "new",
            "shared": False,
            "router_external": True,
            "tags": ["b"],
        },
        {
            "network_type": "vlan",
            "physical_network": "physnet1",
            "availability_zone_hints": ["nova"],
        },
        user="admin",
    ),
    "OS::Neutron::QoSPolicy": Sample(
        {}, {"name": "new", "description": "d", "shared": True}, None, user="admin"
    ),
    "OS::Neutron::QoSBandwidthLimitRule": Sample(
        {"policy": ref("policy"), "max_kbps": 1000},
        {"policy": ref("policy"), "max_kbps": 2000, "direction": "ingress"},
        {"policy": ref("policy2"), "max_kbps": 1000},
        POLICIES,
        user="admin",
    ),
    "OS::Neutron::QoSDscpMarkingRule": Sample(
        {"policy": ref("policy"), "dscp_mark": 10},
        {"policy": ref("policy"), "dscp_mark": 46},
        {"policy": ref("policy2"), "dscp_mark": 10},
        POLICIES,
        user="admin",
    ),
    "OS::Neutron::QoSMinimumBandwidthRule": Sample(
        {"policy": ref("policy"), "min_kbps": 1000},
        {"policy": ref("policy"), "min_kbps": 2000, "direction": "ingress"},
        {"policy": ref("policy2"), "min_kbps": 1000},
        POLICIES,
        user="admin",
    ),
    "OS::Neutron::QoSMinimumPacketRateRule": Sample(
        {"policy": ref("policy"), "min_kpps": 10},
        {"policy": ref("policy"), "min_kpps": 20, "direction": "any"},
        {"policy": ref("policy2"), "min_kpps": 10},
        POLICIES,
        user="admin",
    ),
    "OS::Neutron::Quota": Sample(
        {"project": "demo", "network": 50, "port": 60},
        {"project": "demo", "network": 55},
        {"project": "admin", "network": 50},
        user="admin",
    ),
    "OS::Neutron::RBACPolicy": Sample(
        {
            "object_type": "network",
            "object_id": ref("net"),
            "action": "access_as_shared",
            "target_tenant": "1" * 32,
        },
        {
            "object_type": "network",
            "object_id": ref("net"),
            "action": "access_as_shared",
            "target_tenant": "2" * 32,
        },
        {
            "object_type": "security_group",
            "object_id": ref("group"),
            "action": "access_as_shared",
            "target_tenant": "1" * 32,
        },
        {**NET, **GROUP},
    ),
    "OS::Neutron::Router": Sample(
        {"tags": ["a"]},
        {
            "name": "new",
            "external_gateway_info": {"network": "public"},
            "admin_state_up": False,
            "tags": ["b"],
        },
        None,
    ),
    "OS::Neutron::RouterGateway": Sample(
        {"router_id": ref("router"), "network": "public"},
        None,
        {"router_id": ref("router2"), "network": "public"},
        {name: made("OS::Neutron::Router") for name in ("router", "router2")},
    ),
    "OS::Neutron::RouterInterface": Sample(
        {"router": ref("router"), "subnet": ref("subnet")},
        None,
        {"router": ref("router"), "subnet": ref("subnet2")},
        {
            **NET,
            **ROUTER,
            "subnet2": made("OS::Neutron::Subnet", network=ref("net"), cidr="10.8.0.0/24"),
        },
    ),
    "OS::Neutron::RouterInterface kept-subnet": Sample(
        {"router": ref("router"), "subnet": ref("subnet")},
        None,
        {"router": ref("router2"), "subnet": ref("subnet")},
        {**NET, **ROUTER, "router2": made("OS::Neutron::Router")},
    ),
    "OS::Neutron::SecurityGroup": Sample(
        {"rules": [{"protocol": "tcp", "port_range_min": 22, "port_range_max": 22}]},
        {"name": "new", "description": "d", "rules": [{"protocol": "icmp"}]},
        None,
    ),
    "OS::Neutron::SecurityGroupRule": Sample(
        {"security_group": ref("group"), "protocol": "tcp"},
        None,
        {"security_group": ref("group"), "protocol": "udp"},
        GROUP,
    ),
    "OS::Neutron::Subnet": Sample(
        {"network": ref("net"), "cidr": "10.8.0.0/24", "tags": ["a"]},
        {
            "network": ref("net"),
            "cidr": "10.8.0.0/24",
            "name": "new",
            "dns_nameservers": ["10.8.0.5"],
            "enable_dhcp": False,
            "tags": ["b"],
        },
        {"network": ref("net"), "cidr": "10.9.0.0/24"},
        {"net": NET["net"]},
    ),
    "OS::Neutron::SubnetPool": Sample(
        {"prefixes": ["10.80.0.0/16"], "address_scope": ref("scope"), "tags": ["a"]},
        {
            "prefixes": ["10.80.0.0/16", "10.81.0.0/16"],
            "name": "new",
            "default_quota": 100,
            "max_prefixlen": 28,
            "tags": ["b"],
        },
        {"prefixes": ["10.80.0.0/16"], "address_scope": ref("scope"), "shared": True},
        {"scope": made("OS::Neutron::AddressScope", shared=True)},
        user="admin",
    ),
    "OS::Neutron::Trunk": Sample(
        {"port": ref("port"), "sub_ports": [vlan("port2", 10)]},
        {
            "port": ref("port"),
            "sub_ports": [vlan("port2", 11), vlan("port3", 10)],
            "name": "new",
            "description": "d",
            "admin_state_up": False,
        },
        None,
        {**NET, **PORTS, "port3": PORTS["port"]},
    ),
    "OS::Nova::Flavor": Sample(
        {"ram": 64, "vcpus": 1, "extra_specs": {"a": "b"}},
        {"ram": 64, "vcpus": 1, "extra_specs": {"c": "d"}},
        {"ram": 128, "vcpus": 1},
        user="admin",
    ),
    "OS::Nova::KeyPair": Sample(
        {"name": "key", "save_private_key": True},
        None,
        {"name": "key", "type": "ssh"},
    ),
    "OS::Nova::Server": Sample(
        {**SERVER, "metadata": {"a": "b"}, "tags": ["t"]},
        {
            **SERVER,
            "flavor": "m1.small",
            "name": "new",
            "metadata": {"c": "d"},
            "networks": [{"network": ref("net"), "subnet": ref("subnet")}, {"port": ref("port")}],
            "tags": ["u"],
        },
        {**SERVER, "networks": [{"port": ref("port")}], "config_drive": True},
        {**NET, **PORTS},
    ),
    "OS::Nova::Server rebuilt": Sample(
        {**SERVER, "user_data": "a", "user_data_update_policy": "IGNORE"},
        {**SERVER, "image": ref("image"), "user_data_update_policy": "IGNORE"},
        {**SERVER, "image": ref("image"), "image_update_policy": "REPLACE"},
        {**NET, **IMAGE},
    ),
    "OS::Nova::Server own-ports": Sample(
        {
            "flavor": "m1.tiny",
            "image": "cirros",
            "networks": [
                {"network": ref("net"), "port_extra_properties": {"admin_state_up": False}}
            ],
        },
        {
            "flavor": "m1.tiny",
            "image": "cirros",
            "networks": [{"network": ref("net"), "subnet": ref("subnet"), "fixed_ip": "10.7.0.30"}],
        },
        {
            "flavor": "m1.tiny",
            "image": "cirros",
            "config_drive": True,
            "networks": [
                {"network": ref("net"), "port_extra_properties": {"admin_state_up": False}}
            ],
        },
        NET,
    ),
    "OS::Nova::ServerGroup": Sample({}, None, {"policies": ["affinity"]}),
}


# -- types without a sample of their own -------------------------------------------------

PROVIDERS: Mapping[str, tuple[str, Resources]] = {
    "cinder.volume": ("volume", {"volume": made("OS::Cinder::Volume", size=1)}),
    "neutron.network": ("net", NET),
    "neutron.port": ("port", {**NET, **PORTS}),
    "neutron.router": ("router", ROUTER),
    "neutron.security_group": ("group", GROUP),
    "neutron.subnet": ("subnet", NET),
    "nova.server": ("server", SERVERS),
}
"""Which resource stands for a name that a property asks for."""

PLAIN: Mapping[str, str] = {
    "glance.image": "cirros",
    "nova.flavor": "m1.tiny",
    "net_cidr": "10.9.0.0/24",
    "ip_addr": "10.7.0.9",
}
"""What is there from the start, and values that mean something."""


def derived(resource_type: AnyType) -> Sample:
    """What the declared properties allow to be said: the required ones, and one that may change.

    Where that is not enough for the cloud, the undisturbed course fails and says so: the
    type needs a sample of its own.
    """
    schema = resource_type.Properties.schema
    around: dict[str, Mapping[str, Any]] = {}
    before = {n: value(n, s, 0, around) for n, s in schema.items() if s.required}
    changed = next(
        (n for n, s in schema.items() if s.update_allowed and _plain(s) and s.implemented), None
    )
    inside = None
    if changed is not None:
        before.setdefault(changed, value(changed, schema[changed], 0, around))
        inside = {**before, changed: value(changed, schema[changed], 1, around)}
    return Sample(before, inside, None, around)


def _plain(schema: PropertySchema) -> bool:
    """Whether any value will do that its declaration allows."""
    texts = schema.type in (ValueType.STRING, ValueType.MAP, ValueType.INTEGER, ValueType.NUMBER)
    return texts and not any(isinstance(each, CustomConstraint) for each in schema.constraints)


def value(
    name: str, schema: PropertySchema, which: int, around: dict[str, Mapping[str, Any]]
) -> Any:
    """The first or the second of two values that the declaration allows."""
    for constraint in schema.constraints:
        if isinstance(constraint, AllowedValues):
            return constraint.values[min(which, len(constraint.values) - 1)]
        if isinstance(constraint, CustomConstraint):
            if constraint.name in PROVIDERS:
                resource, needed = PROVIDERS[constraint.name]
                around.update(needed)
                return ref(resource)
            return PLAIN.get(constraint.name, name)
    lowest = max((c.minimum or 0 for c in schema.constraints if isinstance(c, Range)), default=1)
    length = max((c.minimum or 0 for c in schema.constraints if isinstance(c, Length)), default=1)
    if schema.fields is not None:
        fields = schema.fields.items()
        return {n: value(n, s, which, around) for n, s in fields if s.required}
    values: Mapping[ValueType, Any] = {
        ValueType.STRING: f"{name}{which}".ljust(length, "x"),
        ValueType.INTEGER: int(lowest) + which,
        ValueType.NUMBER: lowest + which,
        ValueType.BOOLEAN: bool(which),
        ValueType.LIST: [],
        ValueType.MAP: {"key": str(which)},
    }
    return values.get(schema.type, str(which))
