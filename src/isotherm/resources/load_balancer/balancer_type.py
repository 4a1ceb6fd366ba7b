"""What all types of the load balancer service have in common."""

from isotherm import kit
from isotherm.kit import P, Properties, prop


class Switched(Properties):
    admin_state_up: bool = prop("Whether it is in use.", default=True, update_allowed=True)


class Described(Switched):
    name: str | None = prop("Name; by default one is made up.", update_allowed=True)
    description: str = prop("Description.", default="", update_allowed=True)


class BalancerType(kit.EntityType[P]):
    """A part of a load balancer: while one part is changed, all others refuse to be."""

    status_field = "provisioning_status"
    ready_statuses = frozenset({"ACTIVE"})
    failed_statuses = frozenset({"ERROR"})
    gone_statuses = frozenset({"DELETED"})
    patience = 60.0


class NamelessType(BalancerType[P]):
    """Found again by what was asked for, as it has no name."""

    name_field = ""
