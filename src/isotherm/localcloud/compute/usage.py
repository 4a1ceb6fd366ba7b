"""What projects use of their quotas."""

from collections.abc import Mapping

from isotherm.localcloud.compute.entities import Flavor, FlavorFacts, ServerGroup
from isotherm.localcloud.compute.faults import quota_exceeded
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.quotas import UNLIMITED

_MOST_AT_ONCE = 1000


def used_by(compute: Compute, project_id: str) -> dict[str, int]:
    servers = compute.servers.find(project_id=project_id)
    return {
        "cores": sum(server.flavor.vcpus for server in servers),
        "instances": len(servers),
        "ram": sum(server.flavor.ram for server in servers),
        "server_groups": len(compute.groups.find(project_id=project_id)),
    }


def check_server_quota(
    compute: Compute,
    project_id: str,
    flavor: Flavor,
    counts: tuple[int, int],
    group: ServerGroup | None,
) -> int:
    """How many servers between the least and the most are within limits. Raises Fault 403."""
    used = used_by(compute, project_id)
    least, most = counts
    count = min(most, _room(compute, project_id, used, _wanted(flavor, 1)))
    if count < least:
        _refuse(compute, project_id, used, _wanted(flavor, least))
    if group is not None:
        limit = compute.quotas.limits(project_id)["server_group_members"]
        members = len(compute.servers.find(group_id=group.id))
        if limit != UNLIMITED and members + count > limit:
            raise quota_exceeded("Quota exceeded, too many servers in group")
    return count


def check_flavor_quota(compute: Compute, project_id: str, old: FlavorFacts, new: Flavor) -> None:
    """A resize. Raises Fault 403."""
    used = used_by(compute, project_id)
    wanted = {
        "cores": new.vcpus - old.vcpus,
        "ram": new.ram - old.ram,
    }
    if compute.quotas.exceeded(project_id, used, wanted):
        _refuse(compute, project_id, used, wanted)


def check_metadata_quota(compute: Compute, project_id: str, metadata: Mapping[str, str]) -> None:
    limit = compute.quotas.limits(project_id)["metadata_items"]
    if limit != UNLIMITED and len(metadata) > limit:
        raise quota_exceeded(f"Maximum number of metadata items exceeds {limit}")


def _wanted(flavor: Flavor, count: int) -> dict[str, int]:
    return {"cores": flavor.vcpus * count, "instances": count, "ram": flavor.ram * count}


def _room(
    compute: Compute, project_id: str, used: Mapping[str, int], each: Mapping[str, int]
) -> int:
    """How many more fit; never more than a request can sensibly ask for."""
    limits = compute.quotas.limits(project_id)
    room = [
        max(limits[name] - used[name], 0) // need
        for name, need in each.items()
        if limits[name] != UNLIMITED and need > 0
    ]
    return min([*room, _MOST_AT_ONCE])


def _refuse(
    compute: Compute, project_id: str, used: Mapping[str, int], wanted: Mapping[str, int]
) -> None:
    names = compute.quotas.exceeded(project_id, used, wanted)
    limits = compute.quotas.limits(project_id)
    overs = ", ".join(names)
    raise quota_exceeded(
        f"Quota exceeded for {overs}: Requested {_list(wanted, names)}, "
        f"but already used {_list(used, names)} of {_list(limits, names)} {overs}"
    )


def _list(numbers: Mapping[str, int], names: list[str]) -> str:
    return ", ".join(str(numbers[name]) for name in names)
