"""OS::Magnum::ClusterTemplate: what clusters are made of."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, deprecated, hidden, prop, register, supported
from isotherm.kit.services.clusters import CLUSTER_TEMPLATE

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
    public: bool = prop("Whether all projects may use it.", default=False, clears=False, update_allowed=True)
    registry_enabled: bool = prop("Whether the cluster keeps images of containers.", default=False)
    server_type: str = prop("Virtual machines or bare metal.", default="vm", allowed=("vm", "bm"))
    master_lb_enabled: bool = prop("Whether a load balancer stands before the directors.", default=True)
    floating_ip_enabled: bool = prop("Whether the servers have outer addresses.", default=True)


@register("OS::Magnum::ClusterTemplate", support=supported("9.0.0"))
class ClusterTemplate(kit.EntityType[ClusterTemplateProperties]):
    """What clusters are made of."""

    entity = CLUSTER_TEMPLATE
    patience = 60.0

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
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
