"""Routes of QoS rules, below their policies and by themselves."""

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.network import faults, qos, qos_rules
from isotherm.localcloud.network.dialect import PREFIX, read_body
from isotherm.localcloud.network.entities import QosPolicy, QosRule
from isotherm.localcloud.network.state import Networking
from isotherm.localcloud.routing import Routes

routes = Routes[Networking](PREFIX)


@routes.get("/qos/rule-types", "qos_rule_type.list")
def list_rule_types(networking: Networking, call: Call) -> object:
    return {"rule_types": [{"type": kind} for kind in qos_rules.KINDS]}


@routes.get("/qos/rule-types/{type}", "qos_rule_type.show")
def show_rule_type(networking: Networking, call: Call) -> object:
    kind = call.params["type"]
    if kind not in qos_rules.KINDS:
        raise faults.missing("QosRuleTypeNotFound", f"QoS rule type {kind} could not be found.")
    return {"rule_type": {"type": kind, "drivers": []}}


def _add_routes(kind: str) -> None:
    name, entity = f"{kind}_rule", "qos_rule"
    path = f"/qos/policies/{{policy_id}}/{name}s"

    @routes.get(path, f"{entity}.list_{kind}")
    def list_rules(networking: Networking, call: Call) -> object:
        rules = networking.qos_rules.find(policy_id=_policy(networking, call).id)
        return {f"{name}s": [qos.show_rule(rule) for rule in rules if rule.kind == kind]}

    @routes.post(path, f"{entity}.create_{kind}", status=201)
    def create_rule(networking: Networking, call: Call) -> object:
        policy = _changed_policy(networking, call, f"create_policy_{name}")
        body = read_body(call).get(name)
        return {name: qos.show_rule(qos_rules.create(networking, policy, kind, body, call.caller))}

    @routes.get(f"{path}/{{id}}", f"{entity}.show_{kind}")
    def show_rule(networking: Networking, call: Call) -> object:
        return {name: qos.show_rule(_rule(networking, call))}

    @routes.put(f"{path}/{{id}}", f"{entity}.update_{kind}")
    def update_rule(networking: Networking, call: Call) -> object:
        _changed_policy(networking, call, f"update_policy_{name}")
        rule = _rule(networking, call)
        qos_rules.change(networking, rule, read_body(call).get(name), call.caller)
        return {name: qos.show_rule(rule)}

    @routes.delete(f"{path}/{{id}}", f"{entity}.delete_{kind}")
    def delete_rule(networking: Networking, call: Call) -> None:
        _changed_policy(networking, call, f"delete_policy_{name}")
        qos_rules.delete(networking, _rule(networking, call))

    def _rule(networking: Networking, call: Call) -> QosRule:
        return qos_rules.find(networking, _policy(networking, call), kind, call.params["id"])


def _add_alias_routes(kind: str) -> None:
    """Rules by their own id alone."""
    name, entity = f"{kind}_rule", "qos_rule"
    alias = f"alias_{name}"

    @routes.get(f"/qos/alias_{name}s/{{id}}", f"{entity}.show_{kind}")
    def show_alias(networking: Networking, call: Call) -> object:
        return {alias: qos.show_rule(_aliased(networking, call, "get"))}

    @routes.put(f"/qos/alias_{name}s/{{id}}", f"{entity}.update_{kind}")
    def update_alias(networking: Networking, call: Call) -> object:
        rule = _aliased(networking, call, "update")
        qos_rules.change(networking, rule, read_body(call).get(alias), call.caller)
        return {alias: qos.show_rule(rule)}

    @routes.delete(f"/qos/alias_{name}s/{{id}}", f"{entity}.delete_{kind}")
    def delete_alias(networking: Networking, call: Call) -> None:
        qos_rules.delete(networking, _aliased(networking, call, "delete"))

    def _aliased(networking: Networking, call: Call, verb: str) -> QosRule:
        if verb != "get" and not call.caller.is_admin:
            raise faults.forbidden(f"rule:{verb}_{alias}")
        return qos_rules.find(networking, None, kind, call.params["id"])


def _policy(networking: Networking, call: Call) -> QosPolicy:
    return qos.KIND.find(networking, call.caller, call.params["policy_id"])


def _changed_policy(networking: Networking, call: Call, rule: str) -> QosPolicy:
    policy = _policy(networking, call)
    if not call.caller.is_admin:
        raise faults.forbidden(f"rule:{rule}")
    return policy


for _kind in qos_rules.KINDS:
    _add_routes(_kind)
    _add_alias_routes(_kind)
