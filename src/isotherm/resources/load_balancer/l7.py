"""OS::Octavia::L7Policy and L7Rule: what becomes of requests that meet some rules."""

from isotherm import kit
from isotherm.kit import KEEP, attr, changeable, prop, register, supported
from isotherm.kit.services.load_balancer import L7_POLICY, L7_RULE
from isotherm.resources.load_balancer.balancer import BalancerType, Switched

TO_POOL, TO_URL = "REDIRECT_TO_POOL", "REDIRECT_TO_URL"


class Deciding(Switched):
    """What all generations of policies have."""

    name: str | None = changeable("Name; by default one is made up.")
    description: str | None = changeable("Description.", clears="")
    action: str = changeable("What becomes of the requests.", allowed=("REJECT", TO_POOL, TO_URL))
    redirect_url: str | None = changeable("URL that they are sent to.")
    position: float | None = changeable("Which of the listener's policies it is.", ge=1, clears=KEEP)


class L7PolicyProperties(Deciding):
    redirect_pool: str | None = changeable("Pool that they are sent to.", finds="octavia.pool")
    listener: str = prop("Listener.", finds="octavia.listener")


@register("OS::Octavia::L7Policy", support=supported("10.0.0"))
class L7Policy(BalancerType[L7PolicyProperties]):
    """What becomes of requests that meet some rules."""

    entity = L7_POLICY
    attributes = (attr("rules", list, "Its rules."),)
    where = (
        kit.Where("action", (TO_POOL,), needs=("redirect_pool",), bars=("redirect_url",)),
        kit.Where("action", (TO_URL,), needs=("redirect_url",), bars=("redirect_pool",)),
        kit.Where("action", ("REJECT",), bars=("redirect_pool", "redirect_url")),
    )


KEYED = ("HEADER", "COOKIE")


class Comparing(Switched):
    """What all generations of rules have."""

    type: str = changeable("Part to look at.", allowed=("HOST_NAME", "PATH", "FILE_TYPE", *KEYED))
    compare_type: str = changeable(
        "How to compare.", allowed=("REGEX", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "EQUAL_TO")
    )
    invert: bool = changeable("Whether it must not be so.", default=False)
    key: str | None = changeable("Name of the header or cookie.")
    value: str = changeable("What to compare with.")


class L7RuleProperties(Comparing):
    l7policy: str = prop("Policy.", finds="octavia.l7policy", sends=None)


@register("OS::Octavia::L7Rule", support=supported("10.0.0"))
class L7Rule(BalancerType[L7RuleProperties]):
    """What a request must have for a policy to hold."""

    entity = L7_RULE
    name_field = ""
    parent_property = "l7policy"
    where = (kit.Where("type", KEYED, needs=("key",)),)
