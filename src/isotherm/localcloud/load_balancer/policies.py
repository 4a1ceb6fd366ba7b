"""L7 policies and their rules: where requests go by what is in them."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import Wish, merged
from isotherm.localcloud.load_balancer.checks import check_pattern
from isotherm.localcloud.load_balancer.dialect import DIALECT, LIFE, PartKind, references
from isotherm.localcloud.load_balancer.entities import L7Policy, L7Rule
from isotherm.localcloud.load_balancer.listeners import LISTENERS, require_pool
from isotherm.localcloud.load_balancer.state import Balancing

_NEEDS = {
    "REDIRECT_TO_POOL": "redirect_pool_id",
    "REDIRECT_TO_URL": "redirect_url",
    "REDIRECT_PREFIX": "redirect_prefix",
}


def create(service: Balancing, call: Call, wish: Wish) -> L7Policy:
    listener = LISTENERS.find(service, call.caller, wish["listener_id"])
    _require_target(service, call.caller, listener.protocol, wish)
    policy = POLICIES.make(service, call, wish)
    _renumber(service, policy)
    return policy


def change(service: Balancing, call: Call, policy: L7Policy, wish: Wish) -> None:
    listener = service.listeners.get(policy.listener_id)
    assert listener is not None
    names = ("action", "redirect_http_code", *_NEEDS.values())
    after = {name: wish.get(name, getattr(policy, name)) for name in names}
    _require_target(service, call.caller, listener.protocol, after)
    for action, name in _NEEDS.items():
        if after["action"] != action:
            wish[name] = None
    wish["redirect_http_code"] = after.get("redirect_http_code")
    POLICIES.assign(service, policy, wish)
    _renumber(service, policy)


def _require_target(service: Balancing, caller: Caller, protocol: str, wish: Wish) -> None:
    needed = _NEEDS.get(wish["action"])
    if needed and not wish.get(needed):
        which = "redirect_pool_id or redirect_pool" if needed == "redirect_pool_id" else needed
        raise Fault(400, f"Invalid L7 Policy arguments: {which} must not be None")
    if needed in ("redirect_url", "redirect_prefix"):
        wish["redirect_http_code"] = wish.get("redirect_http_code") or 302
    if needed == "redirect_pool_id":
        require_pool(service, caller, protocol, wish["redirect_pool_id"])


def _renumber(service: Balancing, moved: L7Policy) -> None:
    """Policies count from one, without gaps."""
    others = [p for p in service.policies.find(listener_id=moved.listener_id) if p is not moved]
    others.sort(key=lambda policy: policy.position)
    others.insert(moved.position - 1, moved)
    for position, policy in enumerate(others, 1):
        policy.position = position
        service.policies.save(policy)


def _more(service: Balancing, call: Call, policy: L7Policy, view: str) -> dict[str, Any]:
    rules = service.rules.find(l7policy_id=policy.id)
    return {"rules": references(rules)}


POLICIES = PartKind[L7Policy](
    dialect=DIALECT,
    name="l7policy",
    noun="L7Policy",
    plural="l7policies",
    entity=L7Policy,
    limit="l7policy",
    life=LIFE,
    create=create,
    change=change,
    more=_more,
)


def check_rule(service: Balancing, call: Call, wish: Wish, there: L7Rule | None) -> None:
    type_, key, compared, value = merged(wish, there, "type", "key", "compare_type", "value")
    if type_ in ("HEADER", "COOKIE") and not key:
        raise Fault(400, "Error parsing L7Rule: Invalid L7 Rule: L7 rule type requires a key")
    if type_ == "FILE_TYPE" and compared not in ("REGEX", "EQUAL_TO"):
        raise Fault(
            400, "Validation failure: L7rule type FILE_TYPE is compared by REGEX or EQUAL_TO."
        )
    if compared == "REGEX":
        check_pattern(value)


RULES = PartKind[L7Rule](
    dialect=DIALECT,
    name="l7rule",
    noun="L7 Rule",
    key="rule",
    plural="rules",
    path="/l7policies/{l7policy_id}/rules",
    entity=L7Rule,
    parent=POLICIES,
    limit="l7rule",
    life=LIFE,
    check=check_rule,
)
