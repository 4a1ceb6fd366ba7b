"""Alarms: what they watch, and whom they tell."""

import copy
import json
from typing import Any

from isotherm.localcloud.alarming.dialect import DIALECT
from isotherm.localcloud.alarming.entities import STATES, TYPES, Alarm, one_of
from isotherm.localcloud.alarming.evaluation import COMPARISONS, begin
from isotherm.localcloud.alarming.state import Alarming
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing, Wish, said_only

_SCHEMES = (
    *("http", "https", "trust+http", "trust+https", "zaqar", "trust+zaqar"),
    *("log", "test", "heat", "trust+heat"),
)
_NEEDED: dict[str, tuple[str, ...]] = {
    "threshold": ("meter_name", "threshold"),
    "event": (),
    "gnocchi_resources_threshold": (
        "metric",
        "resource_id",
        "resource_type",
        "threshold",
        "aggregation_method",
    ),
    "gnocchi_aggregation_by_metrics_threshold": ("metrics", "threshold", "aggregation_method"),
    "gnocchi_aggregation_by_resources_threshold": (
        *("metric", "resource_type", "query", "threshold", "aggregation_method"),
    ),
    "loadbalancer_member_health": ("pool_id", "stack_id", "autoscaling_group_id"),
    "prometheus": ("query", "threshold"),
}
_SUB_RULES = (
    "gnocchi_aggregation_by_metrics_threshold",
    "gnocchi_aggregation_by_resources_threshold",
    "gnocchi_resources_threshold",
    "prometheus",
)
_DEFAULTS: dict[str, Any] = {"comparison_operator": "eq", "evaluation_periods": 1}


_NOTED = (
    *("alarm_id", "type", "enabled", "name", "description", "timestamp", "user_id", "project_id"),
    *("state", "state_timestamp", "state_reason", "ok_actions", "alarm_actions"),
    *("insufficient_data_actions", "repeat_actions", "time_constraints", "severity"),
)
"""What history tells of an alarm, besides its rule."""
_OPTIONAL = (
    *("enabled", "ok_actions", "alarm_actions", "insufficient_data_actions", "repeat_actions"),
    *("time_constraints", "severity"),
)


def _rule_of(call: Call, kind: str) -> dict[str, Any]:
    """Raises Fault 400."""
    name = f"{kind}_rule"
    rule = call.json.get(name)
    if not isinstance(rule, dict):
        raise Fault(400, f"{name} must be set for {kind} type alarm")
    others = [each for each in TYPES if each != kind and call.json.get(f"{each}_rule")]
    if others:
        raise Fault(400, f"{name} and {others[0]}_rule cannot be set at the same time")
    if kind == "composite":
        _check_composite(rule)
        return rule
    _check_rule(kind, rule)
    if kind == "event":
        return {"event_type": "*", "query": [], **rule}
    if kind == "prometheus":
        return {"comparison_operator": "eq", **rule}
    return {**(_DEFAULTS if "threshold" in rule else {}), **rule}


def _check_rule(kind: str, rule: dict[str, Any]) -> None:
    missing = [each for each in _NEEDED.get(kind, ()) if rule.get(each) is None]
    if missing:
        raise DIALECT.required(kind, missing[0])
    if kind == "event":
        _check_query(rule.get("query") or [])
    DIALECT.checked(
        "comparison_operator", rule.get("comparison_operator") or "eq", one_of(*COMPARISONS)
    )
    if not isinstance(rule.get("threshold", 0), int | float):
        raise DIALECT.invalid("threshold", rule["threshold"], ValueError("A number is needed."))


def _check_query(query: list[dict[str, Any]]) -> None:
    operators = ["eq", "ge", "gt", "le", "lt", "ne"]
    for each in query:
        if each.get("op", "eq") not in operators:
            raise Fault(
                400,
                f"Query value or traits invalid: value must be one of {operators} for dictionary "
                "value @ data['op']",
            )


def _check_composite(rule: dict[str, Any]) -> None:
    ((operator, parts),) = rule.items() if len(rule) == 1 else (("", []),)
    if operator not in ("and", "or") or not isinstance(parts, list):
        raise Fault(400, "The composite rule must have one of 'and' and 'or', with rules.")
    for part in parts:
        if isinstance(part, dict) and set(part) <= {"and", "or"}:
            _check_composite(part)
        else:
            kind = str(part.get("type")) if isinstance(part, dict) else ""
            if kind not in (*_SUB_RULES, "threshold"):  # which was one of old
                raise Fault(
                    400,
                    f"Unsupported sub-rule type :{kind} in composite rule, should be one of: "
                    f"{[*_SUB_RULES]}",
                )
            _check_rule(kind, part)


def _check_actions(wish: Wish) -> None:
    for name in ("alarm_actions", "ok_actions", "insufficient_data_actions"):
        for action in wish.get(name) or ():
            if action.partition(":")[0] not in _SCHEMES:
                raise Fault(400, f"Unsupported action {action}")


def create(alarming: Alarming, call: Call, wish: Wish) -> Alarm:
    _check_actions(wish)
    wish["rule"] = _rule_of(call, wish["type"])
    wish = {name: each for name, each in wish.items() if each not in ("", None)}
    if not call.caller.is_admin and wish.get("project_id", call.project_id) != call.project_id:
        raise Fault(401, f"Not Authorized to access project {wish['project_id']}")
    now = alarming.now()
    wish.setdefault("description", _usual_description(wish["type"], wish["rule"]))
    alarm = ALARMS.add(alarming, call.caller, wish, created_at=now, state_at=now, evaluated_at=now)
    alarming.note(alarm, "creation", **_described(alarming, call, alarm))
    begin(alarming, alarm)
    return alarm


def change(alarming: Alarming, call: Call, alarm: Alarm, wish: Wish) -> None:
    """A change says the whole alarm: what it does not say is as usual from then on."""
    _check_actions(wish)
    kind = wish.get("type", alarm.type)
    wish["rule"] = _rule_of(call, kind)
    for name in ("project_id", "user_id", "state"):
        wish.pop(name, None)
    if not wish.get("description"):
        wish["description"] = _usual_description(kind, wish["rule"])
    before = _described(alarming, call, alarm)
    alarm.created_at, alarm.evaluated_at = alarming.now(), None
    usual = {name: copy.copy(ALARMS.fields[name].default) for name in _OPTIONAL}
    ALARMS.assign(alarming, alarm, {**usual, **wish})
    after = _described(alarming, call, alarm)
    changed = {n: each for n, each in after.items() if each != before[n] and n != "timestamp"}
    alarming.note(alarm, "rule change", **changed)
    begin(alarming, alarm)


def _usual_description(kind: str, rule: dict[str, Any]) -> str:
    if kind == "event":
        return f"Alarm when {rule['event_type']} event occurred."
    return f"{kind} alarm rule"


def end(alarming: Alarming, call: Call, alarm: Alarm) -> None:
    alarming.note(alarm, "deletion", **_described(alarming, call, alarm))


def _described(alarming: Alarming, call: Call, alarm: Alarm) -> dict[str, Any]:
    shown = ALARMS.show(alarming, call, alarm)
    rule = dict(alarm.rule)
    if alarm.type == "event":
        rule["query"] = [dict(sorted(each.items())) for each in rule["query"]]
    return {**{name: shown[name] for name in _NOTED}, "rule": rule}


def _more(alarming: Alarming, call: Call, alarm: Alarm, view: str) -> dict[str, Any]:
    return {"alarm_id": alarm.id, f"{alarm.type}_rule": alarm.rule}


ALARMS = Kind[Alarming, Alarm](
    dialect=DIALECT,
    name="alarm",
    entity=Alarm,
    limit="alarms",
    also={"id": None, **{f"{each}_rule": said_only() for each in TYPES}},
    listing=Listing(
        filters=(
            "alarm_id",
            "name",
            "type",
            "state",
            "enabled",
            "severity",
            "project_id",
            "user_id",
        ),
    ),
    create=create,
    change=change,
    delete=end,
    more=_more,
)


@ALARMS.routes.get("/alarms/{id}/state", "alarm.show_state")
def show_state(alarming: Alarming, call: Call) -> object:
    return ALARMS.of(alarming, call).state


@ALARMS.routes.put("/alarms/{id}/state", "alarm.set_state")
def set_state(alarming: Alarming, call: Call) -> object:
    alarm = ALARMS.of(alarming, call)
    state = call.document
    if state not in STATES:
        raise Fault(400, "state invalid")
    alarm.state, alarm.state_at = state, alarming.now()
    alarm.state_reason = "Manually set via API"
    alarming.alarms.save(alarm)
    alarming.note(alarm, "state transition", state=state, state_reason=alarm.state_reason)
    return state


@ALARMS.routes.post("/query/alarms", "alarm.query")
def query(alarming: Alarming, call: Call) -> object:
    """A search in JSON text: `{"and": [{"=": {"name": "x"}}, …]}`."""
    try:
        wanted = json.loads(call.json.get("filter") or "{}")
    except ValueError:
        raise Fault(400, "Filter expression not valid: it is not JSON") from None
    seen = [each for each in alarming.alarms if call.caller.sees(each.project_id)]
    return [ALARMS.show(alarming, call, each) for each in seen if _meets(each, wanted)]


def _meets(alarm: Alarm, wanted: dict[str, Any]) -> bool:
    for operator, said in wanted.items():
        if operator in ("and", "or"):
            parts = [_meets(alarm, each) for each in said]
            return all(parts) if operator == "and" else any(parts)
        if operator == "not":
            return not _meets(alarm, said)
        ((name, value),) = said.items()
        held = alarm.id if name == "alarm_id" else getattr(alarm, name, None)
        if (held == value) != (operator == "="):
            return False
    return True
