"""OS::Magnum::Cluster and ClusterTemplate: servers that run containers together, and what they are made of."""

from typing import Any

from isotherm import kit
from isotherm.kit import KEEP, Properties, attr, changeable, deprecated, hidden, prop, register, supported
from isotherm.kit.services.clusters import CLUSTER, CLUSTER_TEMPLATE

_VOLUMES = {"kubernetes": "cinder", "swarm": "rexray", "mesos": "rexray"}
"""The volume driver of each engine."""
_LEAST_OF_DEVICE_MAPPER = 3


class ClusterTemplateProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    image: str = prop("Image of the servers.", exists="glance.image", sends="image_id")
    flavor: str | None = prop("Flavor of the servers.", exists="nova.flavor", sends="flavor_id")
    master_flavor: str | None = prop(
        "Flavor of those that direct the others.", exists="nova.flavor", sends="master_flavor_id"
    )
    keypair: str | None = prop("Key pair to let in.", exists="nova.keypair", sends="keypair_id")
    external_network: str = prop("Network outside.", finds="neutron.network")
    fixed_network: str | None = prop("Network of the servers.", finds="neutron.network", sends="fixed_network")
    fixed_subnet: str | None = prop("Subnet of it.", finds="neutron.subnet", sends="fixed_subnet")
    dns_nameserver: str | None = prop("Name server of the servers.", exists="ip_addr")
    docker_volume_size: int | None = prop("GiB for the containers, on each server.", ge=1)
    docker_storage_driver: str = prop(
        "How containers are stored.", default="devicemapper", allowed=("devicemapper", "overlay")
    )
    coe: str = prop("What runs the containers.", allowed=("kubernetes", "swarm", "mesos"))
    network_driver: str | None = prop("How containers are connected.")
    volume_driver: str | None = prop("How containers get volumes.", allowed=("cinder", "rexray"))
    http_proxy: str | None = prop("Proxy for HTTP.")
    https_proxy: str | None = prop("Proxy for HTTPS.")
    no_proxy: str | None = prop("What needs no proxy.")
    labels: dict[str, Any] | None = prop("More about the cluster.")
    tls_disabled: bool = prop("Whether the cluster is reached without TLS.", default=False)
    public: bool = changeable("Whether all projects may use it.", default=False, clears=False)
    registry_enabled: bool = prop("Whether the cluster keeps images of containers.", default=False)
    server_type: str = prop("Virtual machines or bare metal.", default="vm", allowed=("vm", "bm"))
    master_lb_enabled: bool = prop("Whether a load balancer stands before the directors.", default=True)
    floating_ip_enabled: bool = prop("Whether the servers have outer addresses.", default=True)


@register("OS::Magnum::ClusterTemplate", support=supported("9.0.0"))
class ClusterTemplate(kit.EntityType[ClusterTemplateProperties]):
    """What clusters are made of."""

    entity = CLUSTER_TEMPLATE
    patience = 60.0

    def problems(self, properties: kit.Values) -> kit.Problems:
        coe, driver = properties.get("coe"), properties.get("volume_driver")
        if isinstance(coe, str) and isinstance(driver, str) and driver and _VOLUMES.get(coe, driver) != driver:
            yield "volume_driver", f"must be {_VOLUMES[coe]} for {coe}"
        size = properties.get("docker_volume_size")
        small = isinstance(size, int) and size < _LEAST_OF_DEVICE_MAPPER
        if small and properties.get("docker_storage_driver", "devicemapper") == "devicemapper":
            yield "docker_volume_size", f"must be at least {_LEAST_OF_DEVICE_MAPPER} for devicemapper"


@register("OS::Magnum::BayModel", support=hidden("11.0.0", deprecated("9.0.0", supported("5.0.0"))))
class BayModel(ClusterTemplate):
    """What clusters are made of, under its former name: OS::Magnum::ClusterTemplate."""


class ClusterProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    cluster_template: str = prop("Template.", finds="magnum.cluster_template", sends="cluster_template_id")
    keypair: str | None = prop("Key pair to let in; by default the template's.", exists="nova.keypair")
    node_count: int = changeable("Servers that containers run on.", default=1, ge=1)
    master_count: int = changeable("Servers that direct the others.", default=1, ge=1)
    discovery_url: str | None = changeable("Address by which the servers find each other.", clears=KEEP)
    create_timeout: int = changeable("Minutes that the making may take; 0: any.", default=60, ge=0)


@register("OS::Magnum::Cluster", support=supported("9.0.0"))
class Cluster(kit.EntityType[ClusterProperties]):
    """Servers that run containers together."""

    entity = CLUSTER
    status_field = "status"
    ready_statuses = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "RESUME_COMPLETE", "CHECK_COMPLETE"})
    failed_statuses = frozenset({"CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED", "ROLLBACK_FAILED"})
    gone_statuses = frozenset({"DELETE_COMPLETE"})
    poll_after = 2.0
    attributes = (
        attr("api_address", doc="Where it is reached."),
        attr("stack_id", doc="Stack that it is made of."),
        attr("coe_version", doc="Version of what runs the containers."),
        attr("master_addresses", list, "Addresses of the servers that direct the others."),
        attr("status", doc="Its state.", volatile=True),
        attr("master_count", int, "How many direct the others."),
        attr("node_addresses", list, "Addresses of the servers that containers run on."),
        attr("status_reason", doc="Why it is in that state.", volatile=True),
        attr("node_count", int, "How many containers run on."),
        attr("name", doc="Its name."),
        attr("container_version", doc="Version of the container engine."),
        attr("discovery_url", doc="Address by which the servers find each other."),
        attr("cluster_template_id", doc="Its template."),
        attr("keypair", doc="The key pair that is let in."),
        attr("create_timeout", int, "Minutes that the making may take."),
    )

    async def create(self, ctx: kit.Context[ClusterProperties]) -> kit.Outcome:
        """The reply of the call tells the id alone."""
        outcome = await super().create(ctx)
        return kit.Started(outcome.physical_id) if isinstance(outcome, kit.Started) else outcome

    async def update(self, ctx: kit.Context[ClusterProperties], changes: kit.Changes) -> kit.Outcome:
        await super().update(ctx, changes)
        return kit.Pending(0)

    async def settle(self, ctx: kit.Context[ClusterProperties], remote: kit.Remote) -> kit.Outcome | None:
        moving = str(remote.get("status")).endswith("_IN_PROGRESS")
        return kit.Pending(self.poll_after) if moving else None

    def fault(self, remote: kit.Remote) -> str:
        return str(remote.get("status_reason") or "Unknown")
