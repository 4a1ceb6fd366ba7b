"""What container infrastructure remembers, and what of it goes over the wire."""

from typing import Annotated, Any

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import (
    as_is,
    flag,
    integer,
    one_of,
    or_none,
    text,
)

_TEXT = or_none(text())


def _pairs(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is not of type 'object'")
    return {str(name): str(each) for name, each in value.items()}


class Stored(Entity, kw_only=True, eq=False):
    project_id: Annotated[str, shown()]
    user_id: Annotated[str, shown()]
    created_at: Annotated[float, moment("+00:00")]
    updated_at: Annotated[float | None, moment("+00:00")] = None
    name: Annotated[str | None, said(_TEXT)] = None
    labels: Annotated[dict[str, str], said(_pairs)] = {}


class ClusterTemplate(Stored, kw_only=True, eq=False):
    image_id: Annotated[str, said(text(1), required=True)]
    coe: Annotated[
        str, said(one_of("kubernetes", "swarm", "swarm-mode", "mesos", "dcos"), required=True)
    ]
    external_network_id: Annotated[str, said(text(1), required=True)]
    driver: Annotated[str | None, said(_TEXT)] = None
    keypair_id: Annotated[str | None, said(_TEXT)] = None
    flavor_id: Annotated[str | None, said(_TEXT)] = None
    master_flavor_id: Annotated[str | None, said(_TEXT)] = None
    fixed_network: Annotated[str | None, said(_TEXT)] = None
    fixed_subnet: Annotated[str | None, said(_TEXT)] = None
    dns_nameserver: Annotated[str | None, said(_TEXT)] = "8.8.8.8"
    docker_volume_size: Annotated[int | None, said(or_none(integer(1)))] = None
    docker_storage_driver: Annotated[str | None, said(_TEXT)] = "devicemapper"
    network_driver: Annotated[str | None, said(_TEXT)] = None
    volume_driver: Annotated[str | None, said(_TEXT)] = None
    http_proxy: Annotated[str | None, said(_TEXT)] = None
    https_proxy: Annotated[str | None, said(_TEXT)] = None
    no_proxy: Annotated[str | None, said(_TEXT)] = None
    insecure_registry: Annotated[str | None, said(_TEXT)] = None
    cluster_distro: Annotated[str | None, shown()] = "fedora-coreos"
    server_type: Annotated[str, said(one_of("vm", "bm"))] = "vm"
    tls_disabled: Annotated[bool, said(flag)] = False
    public: Annotated[bool, said(flag)] = False
    hidden: Annotated[bool, said(flag)] = False
    registry_enabled: Annotated[bool, said(flag)] = False
    master_lb_enabled: Annotated[bool, said(flag)] = False
    floating_ip_enabled: Annotated[bool, said(flag)] = True


class Cluster(Stored, kw_only=True, eq=False):
    cluster_template_id: Annotated[str, said(text(1), required=True, update=False)]
    keypair: Annotated[str | None, said(_TEXT, update=False)] = None
    node_count: Annotated[int, said(integer(0))] = 1
    master_count: Annotated[int, said(integer(1))] = 1
    discovery_url: Annotated[str | None, said(_TEXT)] = None
    create_timeout: Annotated[int | None, said(or_none(integer(0)))] = 60
    docker_volume_size: Annotated[int | None, said(or_none(integer(1)), update=False)] = None
    flavor_id: Annotated[str | None, said(_TEXT, update=False)] = None
    master_flavor_id: Annotated[str | None, said(_TEXT, update=False)] = None
    fixed_network: Annotated[str | None, said(_TEXT, update=False)] = None
    fixed_subnet: Annotated[str | None, said(_TEXT, update=False)] = None
    floating_ip_enabled: Annotated[bool | None, said(as_is, update=False)] = None
    master_lb_enabled: Annotated[bool | None, said(as_is, update=False)] = None
    status: Annotated[str, shown()] = "CREATE_IN_PROGRESS"
    status_reason: Annotated[str | None, shown()] = None
    health_status: Annotated[str | None, shown()] = None
    stack_id: Annotated[str | None, shown()] = None
    api_address: Annotated[str | None, shown()] = None
    coe_version: Annotated[str | None, shown()] = None
    container_version: Annotated[str | None, shown()] = None
    master_addresses: Annotated[list[str], shown()] = []
    node_addresses: Annotated[list[str], shown()] = []
