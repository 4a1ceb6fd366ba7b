"""OS::Nova::Quota: how many servers a project may have, and what they may be made with."""

from isotherm import kit
from isotherm.kit import Properties, deprecated, prop, register, supported
from isotherm.kit.services.compute import QUOTA_SET

FILES = deprecated("14.0.0")


class QuotaProperties(Properties):
    """-1 always means that there is no limit."""

    project: str = prop("Project to limit.", finds="keystone.project", sends=None)
    cores: int | None = prop("Number of virtual processors.", ge=-1, update_allowed=True)
    fixed_ips: int | None = prop("Number of inner addresses.", ge=-1, update_allowed=True)
    floating_ips: int | None = prop("Number of outer addresses.", ge=-1, update_allowed=True)
    instances: int | None = prop("Number of servers.", ge=-1, update_allowed=True)
    injected_files: int | None = prop("Files put into a server.", ge=-1, update_allowed=True, support=FILES)
    injected_file_content_bytes: int | None = prop("Size of each.", ge=-1, update_allowed=True, support=FILES)
    injected_file_path_bytes: int | None = prop("Length of its path.", ge=-1, update_allowed=True, support=FILES)
    key_pairs: int | None = prop("Number of key pairs of a user.", ge=-1, update_allowed=True)
    metadata_items: int | None = prop("Metadata of a server.", ge=-1, update_allowed=True)
    ram: int | None = prop("Memory in MiB.", ge=-1, update_allowed=True)
    security_groups: int | None = prop("Number of security groups.", ge=-1, update_allowed=True)
    security_group_rules: int | None = prop("Rules of a security group.", ge=-1, update_allowed=True)
    server_groups: int | None = prop("Number of server groups.", ge=-1, update_allowed=True)
    server_group_members: int | None = prop("Servers of a server group.", ge=-1, update_allowed=True)


@register("OS::Nova::Quota", support=supported("8.0.0"))
class Quota(kit.QuotaType[QuotaProperties]):
    """How many servers a project may have. By default only administrators may say."""

    entity = QUOTA_SET
