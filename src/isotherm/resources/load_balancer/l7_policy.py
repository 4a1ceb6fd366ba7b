"""OS::Octavia::L7Policy: what becomes of requests that meet some rules."""

from isotherm import kit
from isotherm.kit import KEEP, attr, prop, register, supported
from isotherm.kit.services.load_balancer import L7_POLICY
from isotherm.resources.load_balancer.balancer_type import BalancerType, Switched

TO_POOL, TO_URL = "REDIRECT_TO_POOL", "REDIRECT_TO_URL"
NEEDS = {"redirect_pool": TO_POOL, "redirect_url": TO_URL}


class Deciding(Switched):
    """What all generations of policies have."""

    name: str | None = prop("Name; by default one is made up.", update_allowed=True)
    description: str | None = prop("Description.", clears="", update_allowed=True)
    action: str = prop("What becomes of the requests.", allowed=("REJECT", TO_POOL, TO_URL), update_allowed=True)
    redirect_url: str | None = prop("URL that they are sent to.", update_allowed=True)
    position: float | None = prop("Which of the listener's policies it is.", ge=1, clears=KEEP, update_allowed=True)


class L7PolicyProperties(Deciding):
    redirect_pool: str | None = prop("Pool that they are sent to.", finds="octavia.pool", update_allowed=True)
    listener: str = prop("Listener.", finds="octavia.listener")


class PolicyRules:
    """Each redirection needs its own target."""

    def validate(self, properties: kit.Values) -> kit.Problems:
        action = properties.get("action")
        if not isinstance(action, str):
            return
        for name, needed_for in NEEDS.items():
            if action == needed_for and name not in kit.given(properties):
                yield name, f"must be given where action is {needed_for}"
            if action != needed_for and name in kit.surely_given(properties):
                yield name, f"is for action {needed_for} only"


ATTRIBUTES = (attr("rules", list, "Its rules."),)


@register("OS::Octavia::L7Policy", support=supported("10.0.0"))
class L7Policy(PolicyRules, BalancerType[L7PolicyProperties]):
    """What becomes of requests that meet some rules."""

    entity = L7_POLICY
    attributes = ATTRIBUTES
