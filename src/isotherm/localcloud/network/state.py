"""Network: networks and their addresses, ports, routers and what else hangs on them."""

from collections.abc import Mapping
from typing import TypeVar

from isotherm.localcloud.entities import Collection
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.allocation import Allocations
from isotherm.localcloud.network.entities import (
    AddressScope,
    FloatingIp,
    Network,
    NetworkEntity,
    Port,
    QosPolicy,
    QosRule,
    RbacPolicy,
    Router,
    SecurityGroup,
    SecurityGroupRule,
    Subnet,
    SubnetPool,
    Trunk,
)
from isotherm.localcloud.quotas import Quotas
from isotherm.localcloud.service import Frame, Service

E = TypeVar("E", bound=NetworkEntity)

QUOTAS = {
    "network": 100,
    "subnet": 100,
    "subnetpool": -1,
    "port": 500,
    "router_route": 30,
    "router": 10,
    "floatingip": 50,
    "rbac_policy": 10,
    "security_group": 10,
    "security_group_rule": 100,
    "trunk": -1,
}
DEFAULT_GROUP = "default"
"""The security group that every project has."""


class Networking(Service):
    service_type = "network"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        own = ("project_id", "name")
        self.networks = self.collection("network", Network, index=own)
        self.subnets = self.collection("subnet", Subnet, index=(*own, "network_id"))
        self.ports = self.collection(
            "port", Port, index=(*own, "network_id", "device_id", "mac_address")
        )
        self.routers = self.collection("router", Router, index=own)
        self.floating_ips = self.collection(
            "floatingip", FloatingIp, index=("project_id", "port_id", "router_id")
        )
        self.security_groups = self.collection("security_group", SecurityGroup, index=own)
        self.security_group_rules = self.collection(
            "security_group_rule", SecurityGroupRule, index=("project_id", "security_group_id")
        )
        self.subnet_pools = self.collection("subnetpool", SubnetPool, index=own)
        self.address_scopes = self.collection("address_scope", AddressScope, index=own)
        self.rbac_policies = self.collection(
            "rbac_policy", RbacPolicy, index=("project_id", "object_id")
        )
        self.qos_policies = self.collection("policy", QosPolicy, index=own)
        self.qos_rules = self.collection("qos_rule", QosRule, index=("policy_id",))
        self.trunks = self.collection("trunk", Trunk, index=(*own, "port_id"))
        self.quotas = Quotas(self, QUOTAS)
        self.allocations = Allocations(self.subnets, self.ports)

    def clear(self) -> None:
        super().clear()
        self.allocations.clear()

    # What every kind does.

    @property
    def counted(self) -> dict[str, Collection[NetworkEntity]]:
        """The collections that quotas count, by the quota's name."""
        names = [name for name in QUOTAS if name in self.collections]
        return {name: self.collections[name] for name in names}

    def used(self, project_id: str, name: str) -> int:
        made = self.counted.get(name)
        return 0 if made is None else len(made.find(project_id=project_id))

    def require_quota(self, project_id: str, wanted: Mapping[str, int]) -> None:
        """Raises Fault 409 (OverQuota)."""
        limits = self.quotas.limits(project_id)
        used = {name: self.used(project_id, name) for name in wanted if limits[name] >= 0}
        exceeded = self.quotas.exceeded(project_id, used, wanted)
        if exceeded:
            raise faults.over_quota(exceeded)

    def add(self, made: Collection[E], entity: E, *, revision: int = 0) -> E:
        entity.created_at = entity.updated_at = self.timestamp()
        entity.revision_number = revision
        return made.add(entity)

    def save(self, made: Collection[E], entity: E) -> None:
        """Store a changed entity as its next revision."""
        entity.updated_at = self.timestamp()
        entity.revision_number += 1
        made.save(entity)
