"""Servers as members of pools: those that a load balancer names, and those of groups that joined it."""

from collections.abc import Iterable, Sequence
from typing import Any

from isotherm import kit
from isotherm.kit.services.load_balancer import POOL
from isotherm.kit.services.network import PORT

_OF_GROUP = "instances-of-"
"""Begins the tag of members that a group has put there."""
_SAID = ("name", "address", "protocol_port", "monitor_port", "subnet_id", "weight", "backup", "tags")
"""Fields that whoever replaces the members of a pool says of each."""

Member = kit.Fields


def tag_of(group: str) -> str:
    return f"{_OF_GROUP}{group}"


def joined(member: Member) -> bool:
    """Whether a group has put it there."""
    return any(each.startswith(_OF_GROUP) for each in member.get("tags") or ())


async def members_of(api: kit.CloudApi, servers: Iterable[str], port: int, watched: int) -> list[dict[str, Any]]:
    """Servers by their first addresses. ``watched``: the port that is asked whether they are well,
    where that is another one; 0: the same."""
    members = []
    for server in servers:
        for own in (await api.list(PORT, device_id=server))[:1]:
            elsewhere = {"monitor_port": watched} if watched not in (0, port) else {}
            member = {"name": server, "address": own["fixed_ips"][0]["ip_address"]}
            members.append({**member, "protocol_port": port, **elsewhere})
    return members


async def present(api: kit.CloudApi, pool: str) -> list[Member]:
    found: list[Member] = (await api.call("load-balancer", "GET", _path(pool)))["members"]
    return found


async def have(api: kit.CloudApi, pool: str, there: Sequence[Member], wanted: Sequence[Member]) -> bool:
    """Whether a call had to be made for the pool to have these members: all are told at once."""
    if sorted(map(_identity, there)) == sorted(map(_identity, wanted)):
        return False
    said = [{n: each[n] for n in _SAID if each.get(n) is not None} for each in wanted]
    await api.call("load-balancer", "PUT", _path(pool), {"members": said})
    return True


def _identity(member: Member) -> tuple[Any, ...]:
    return member["address"], member["protocol_port"], member["name"], sorted(member.get("tags") or ())


def _path(pool: str) -> str:
    return f"{POOL.path}/{pool}/members"
