"""OS::Octavia::L7Rule: what a request must have for a policy to hold."""

from isotherm import kit
from isotherm.kit import prop, register, supported
from isotherm.kit.services.load_balancer import L7_RULE
from isotherm.resources.load_balancer.balancer_type import NamelessType, Switched

KEYED = ("HEADER", "COOKIE")


class Comparing(Switched):
    """What all generations of rules have."""

    type: str = prop("Part to look at.", allowed=("HOST_NAME", "PATH", "FILE_TYPE", *KEYED), update_allowed=True)
    compare_type: str = prop(
        "How to compare.", allowed=("REGEX", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "EQUAL_TO"), update_allowed=True
    )
    invert: bool = prop("Whether it must not be so.", default=False, update_allowed=True)
    key: str | None = prop("Name of the header or cookie.", update_allowed=True)
    value: str = prop("What to compare with.", update_allowed=True)


class L7RuleProperties(Comparing):
    l7policy: str = prop("Policy.", finds="octavia.l7policy", sends=None)


WHERE = (kit.Where("type", KEYED, needs=("key",)),)


@register("OS::Octavia::L7Rule", support=supported("10.0.0"))
class L7Rule(NamelessType[L7RuleProperties]):
    """What a request must have for a policy to hold."""

    entity = L7_RULE
    parent_property = "l7policy"
    where = WHERE
