"""OS::…::Quota: what a project may have of a service, one type for each service."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, changeable, deprecated, prop, register, supported
from isotherm.kit.services import block_storage, compute, load_balancer, network


class Limits(Properties):
    project: str = prop("Project to limit.", finds="keystone.project", sends=None)


def _limit(what: str, **more: Any) -> Any:
    return changeable(f"{what}; -1: no limit.", ge=-1, **more)


_OF_FILES = deprecated("14.0.0")


class ComputeLimits(Limits):
    cores: int | None = _limit("Number of virtual processors")
    fixed_ips: int | None = _limit("Number of inner addresses")
    floating_ips: int | None = _limit("Number of outer addresses")
    instances: int | None = _limit("Number of servers")
    injected_files: int | None = _limit("Files put into a server", support=_OF_FILES)
    injected_file_content_bytes: int | None = _limit("Size of each", support=_OF_FILES)
    injected_file_path_bytes: int | None = _limit("Length of its path", support=_OF_FILES)
    key_pairs: int | None = _limit("Number of key pairs of a user")
    metadata_items: int | None = _limit("Metadata of a server")
    ram: int | None = _limit("Memory in MiB")
    security_groups: int | None = _limit("Number of security groups")
    security_group_rules: int | None = _limit("Rules of a security group")
    server_groups: int | None = _limit("Number of server groups")
    server_group_members: int | None = _limit("Servers of a server group")


@register("OS::Nova::Quota", support=supported("8.0.0"))
class ComputeQuota(kit.QuotaType[ComputeLimits]):
    """How many servers a project may have. By default only administrators may say."""

    entity = compute.QUOTA_SET


class StorageLimits(Limits):
    gigabytes: int | None = _limit("Size of volumes in GiB")
    volumes: int | None = _limit("Number of volumes")
    backups: int | None = _limit("Number of backups", since="16.0.0")
    backup_gigabytes: int | None = _limit("Size of backups in GiB", since="16.0.0")
    snapshots: int | None = _limit("Number of snapshots")


@register("OS::Cinder::Quota", support=supported("7.0.0"))
class StorageQuota(kit.QuotaType[StorageLimits]):
    """How much storage a project may have. By default only administrators may say."""

    entity = block_storage.QUOTA_SET
    extension = "os-quota-sets"

    async def create(self, ctx: kit.Context[StorageLimits]) -> kit.Outcome:
        await _refuse_too_low(ctx)
        return await super().create(ctx)

    async def update(self, ctx: kit.Context[StorageLimits], changes: kit.Changes) -> kit.Outcome:
        await _refuse_too_low(ctx)
        return await super().update(ctx, changes)


async def _refuse_too_low(ctx: kit.Context[StorageLimits]) -> None:
    """The service itself would take any limit."""
    path = f"{block_storage.QUOTA_SET.path}/{ctx.props.project}?usage=true"
    used = (await ctx.api.call("block-storage", "GET", path))["quota_set"]
    for name, limit in kit.create_fields(ctx.props).items():
        if 0 <= limit < used[name]["in_use"]:
            raise kit.Refused(f"The quota of {name} must be at least {used[name]['in_use']}: so much is used already.")


class NetworkLimits(Limits):
    subnet: int | None = _limit("Number of subnets")
    network: int | None = _limit("Number of networks")
    floatingip: int | None = _limit("Number of floating IPs")
    security_group_rule: int | None = _limit("Number of rules of all groups")
    security_group: int | None = _limit("Number of security groups")
    router: int | None = _limit("Number of routers")
    port: int | None = _limit("Number of ports")
    subnetpool: int | None = _limit("Number of subnet pools", since="12.0.0")
    rbac_policy: int | None = _limit("Number of RBAC policies", since="12.0.0")


@register("OS::Neutron::Quota", support=supported("8.0.0"))
class NetworkQuota(kit.QuotaType[NetworkLimits]):
    """How many objects of the network service a project may have; administrators only."""

    entity = network.QUOTA
    extension = "quotas"


class BalancerLimits(Limits):
    healthmonitor: int | None = _limit("Number of health monitors")
    listener: int | None = _limit("Number of listeners")
    loadbalancer: int | None = _limit("Number of load balancers")
    pool: int | None = _limit("Number of pools")
    member: int | None = _limit("Number of members")


@register("OS::Octavia::Quota", support=supported("14.0.0"))
class BalancerQuota(kit.QuotaType[BalancerLimits]):
    """How many load balancers and parts of them a project may have; administrators only."""

    entity = load_balancer.QUOTA
