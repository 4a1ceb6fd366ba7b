"""What keeps the zone of hosts as it is: servers stay in the zone that they were made in."""

from collections.abc import Iterable

from isotherm.localcloud.compute.entities import Aggregate
from isotherm.localcloud.compute.faults import conflict, invalid
from isotherm.localcloud.compute.state import Compute

ZONE = "availability_zone"
_MOVE = (
    "The host cannot be {done} the aggregate as the availability zone of the host would change "
    "from '{old}' to '{new}' but the host already has {count} instance(s). Changing the AZ of an "
    "existing instance is not supported by this action. Move the instances away from this host "
    "then try again. If you need to move the instances between AZs then you can use "
    "shelve_offload and unshelve to achieve this."
)


def check_renaming(
    compute: Compute, aggregate: Aggregate, zone: str | None, action: str = "update"
) -> None:
    """Whether the aggregate's hosts may be in that zone from now on. Raises Fault 400."""
    if not zone:
        reason = f"Aggregate {aggregate.name} does not support empty named availability zone."
        raise invalid(_refused(action, aggregate, reason))
    if others := _other_zones(compute, aggregate, zone, aggregate.hosts):
        raise invalid(_refused(action, aggregate, others))
    used = any(_servers_on(compute, host) for host in aggregate.hosts)
    if zone != aggregate.metadata.get(ZONE) and used:
        reason = "One or more hosts contain instances in this zone."
        raise invalid(_refused(action, aggregate, reason))


def check_joining(compute: Compute, aggregate: Aggregate, host: str) -> None:
    """Raises Fault 409."""
    zone, present = aggregate.metadata.get(ZONE), _zone_of(compute, host)
    if zone and (others := _other_zones(compute, aggregate, zone, [host])):
        raise conflict(_refused("add host to", aggregate, others))
    count = _servers_on(compute, host)
    if zone and zone != present and count:
        moved = _MOVE.format(done="added to", old=present, new=zone, count=count)
        raise conflict(_refused("add host to", aggregate, moved))


def check_leaving(compute: Compute, aggregate: Aggregate, host: str) -> None:
    """Raises Fault 409."""
    zone, left = aggregate.metadata.get(ZONE), _zone_of(compute, host, but=aggregate.id)
    count = _servers_on(compute, host)
    if zone and zone != left and count:
        moved = _MOVE.format(done="removed from", old=zone, new=left, count=count)
        raise conflict(_refused("remove host from", aggregate, moved))


def _refused(action: str, aggregate: Aggregate, reason: str) -> str:
    return f"Cannot {action} aggregate {aggregate.id}. Reason: {reason}"


def _other_zones(
    compute: Compute, aggregate: Aggregate, zone: str, hosts: Iterable[str]
) -> str | None:
    zones = [
        each.metadata[ZONE]
        for each in compute.aggregates
        if ZONE in each.metadata and each.id != aggregate.id and {*hosts} & {*each.hosts}
    ]
    others = [each for each in zones if each != zone]
    return f"One or more hosts already in availability zone(s) {others}." if others else None


def _zone_of(compute: Compute, host: str, but: str = "") -> str | None:
    """The zone that an aggregate says; none where the default one holds."""
    zones = (
        each.metadata.get(ZONE)
        for each in compute.aggregates
        if host in each.hosts and each.id != but
    )
    return next(filter(None, zones), None)


def _servers_on(compute: Compute, host: str) -> int:
    return sum(1 for each in compute.servers if each.host == host)
