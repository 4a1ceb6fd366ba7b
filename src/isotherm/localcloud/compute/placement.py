"""Hosts, and which of them a new server gets."""

import hashlib
from functools import lru_cache
from typing import Final

import msgspec

from isotherm.localcloud.compute.entities import FlavorFacts, Server, ServerGroup
from isotherm.localcloud.compute.state import Compute

ZONE: Final = "nova"
CONTROLLER: Final = "controller"
NO_VALID_HOST: Final = "No valid host was found. There are not enough hosts available."


class Host(msgspec.Struct, frozen=True):
    """Memory in MiB, disk in GiB."""

    serial: int
    name: str
    hypervisor_id: str
    service_id: str
    vcpus: int = 100_000
    ram: int = 100_000_000
    disk: int = 10_000_000


HOSTS: Final = tuple(
    Host(
        serial=number,
        name=f"compute-{number}",
        hypervisor_id=f"00000000-0000-4000-8000-00000000010{number}",
        service_id=f"00000000-0000-4000-8000-00000000020{number}",
    )
    for number in (1, 2, 3)
)


@lru_cache(maxsize=256)
def host_id(project_id: str, host: str) -> str:
    """What a project sees of a host: the same for its servers on it, nothing else."""
    return hashlib.sha224(f"{project_id}{host}".encode()).hexdigest()


def place(compute: Compute, server: Server) -> str | None:
    """The host for the server, None if there is no valid one."""
    hosts = [host for host in HOSTS if _fits(host, server.flavor)]
    hosts = [host for host in hosts if _is_wanted(compute, host, server.pinned_zone)]
    names = [host.name for host in hosts]
    group = compute.groups.get(server.group_id) if server.group_id else None
    if group is not None:
        names = _allowed_by_group(compute, group, server, names)
    return names[server.number % len(names)] if names else None


def _fits(host: Host, flavor: FlavorFacts) -> bool:
    return flavor.vcpus <= host.vcpus and flavor.ram <= host.ram and flavor.disk <= host.disk


def zone_of(compute: Compute, host: str) -> str:
    """The availability zone that the host is in, by its aggregates."""
    for aggregate in compute.aggregates:
        if host in aggregate.hosts and "availability_zone" in aggregate.metadata:
            return aggregate.metadata["availability_zone"]
    return ZONE


def _is_wanted(compute: Compute, host: Host, zone: str | None) -> bool:
    """A zone may name a host: `nova:compute-1`."""
    wanted, _, rest = (zone or "").partition(":")
    if wanted not in ("", zone_of(compute, host.name)):
        return False
    return rest.partition(":")[0] in ("", host.name)


def _allowed_by_group(
    compute: Compute, group: ServerGroup, server: Server, names: list[str]
) -> list[str]:
    members = [m for m in compute.servers.find(group_id=group.id) if m.id != server.id and m.host]
    taken = [member.host for member in members]
    if group.policy == "affinity":
        return [name for name in names if not taken or name in taken]
    if group.policy == "anti-affinity":
        most = group.rules.get("max_server_per_host", 1)
        return [name for name in names if taken.count(name) < most]
    if group.policy == "soft-affinity":
        return sorted(names, key=lambda name: -taken.count(name))[:1]
    return sorted(names, key=taken.count)[:1]
