"""OS::Octavia::PoolMember: a server that does work of a pool."""

from typing import Any

from isotherm import kit
from isotherm.kit import prop, register, supported
from isotherm.kit.services.load_balancer import MEMBER
from isotherm.resources.load_balancer.balancer_type import BalancerType, Switched


class Membership(Switched):
    """What all generations of members have."""

    address: str = prop("Address.", exists="ip_addr")
    protocol_port: int = prop("Port.", ge=1, le=65535)
    weight: int = prop("How much work it takes, against the others.", default=1, ge=0, le=256, update_allowed=True)


class PoolMemberProperties(Membership):
    pool: str = prop("Pool.", finds="octavia.pool", sends=None)
    monitor_address: str | None = prop("Address to watch it by, if that is another.", exists="ip_addr")
    monitor_port: int | None = prop("Port to watch it by, if that is another.", ge=1, le=65535)
    subnet: str | None = prop("Subnet of its address.", finds="neutron.subnet")
    tags: list[Any] | None = prop("Tags.", clears=[], update_allowed=True, since="13.0.0")


@register("OS::Octavia::PoolMember", support=supported("10.0.0"))
class PoolMember(BalancerType[PoolMemberProperties], kit.UniqueType[PoolMemberProperties]):
    """A server that does work of a pool."""

    entity = MEMBER
    parent_property = "pool"
    links = (
        kit.Link(
            "member of a pool",
            ("pool", "address"),
            ("protocol_port",),
            ("admin_state_up", "monitor_address", "monitor_port", "subnet", "tags", "weight"),
        ),
    )
