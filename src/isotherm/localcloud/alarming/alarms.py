"""Alarms: what they watch, and whom they tell."""

import json
from typing import Any

from isotherm.localcloud.alarming.dialect import DIALECT
from isotherm.localcloud.alarming.entities import STATES, TYPES, Alarm
from isotherm.localcloud.alarming.evaluation import COMPARISONS, begin
from isotherm.localcloud.alarming.state import Alarming
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing, Wish, said_only
from isotherm.localcloud.kinds.checks import one_of

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
_DEFAULTS: dict[str, Any] = {"comparison_operator": "eq", "evaluation_periods": 1}


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
    return {**(_DEFAULTS if "threshold" in rule else {}), **rule}


def _check_rule(kind: str, rule: dict[str, Any]) -> None:
    missing = [each for each in _NEEDED.get(kind, ()) if rule.get(each) is None]
    if missing:
        raise DIALECT.required(kind, missing[0])
    DIALECT.checked(
        "comparison_operator", rule.get("comparison_operator") or "eq", one_of(*COMPARISONS)
    )
    if not isinstance(rule.get("threshold", 0), int | float):
        raise DIALECT.invalid("threshold", rule["threshold"], ValueError("A number is needed."))


def _check_composite(rule: dict[str, Any]) -> None:
    ((operator, parts),) = rule.items() if len(rule) == 1 else (("", []),)
    if operator not in ("and", "or") or not isinstance(parts, list) or len(parts) < 2:
        raise Fault(
            400, "The composite rule must have one of 'and' and 'or', with two rules or more."
        )
    for part in parts:
        if isinstance(part, dict) and set(part) <= {"and", "or"}:
            _check_composite(part)
        else:
            kind = str(part.get("type")) if isinstance(part, dict) else ""
            if kind not in _NEEDED or kind == "event":
                raise Fault(400, f"Unsupported sub-rule type: {kind}")
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
    alarm = ALARMS.add(alarming, call.caller, wish, created_at=now, state_at=now)
    alarming.note(alarm, "creation", **_described(alarming, call, alarm))
    begin(alarming, alarm)
    return alarm


def change(alarming: Alarming, call: Call, alarm: Alarm, wish: Wish) -> None:
    """A change says the whole alarm."""
    _check_actions(wish)
    kind = wish.get("type", alarm.type)
    wish["rule"] = _rule_of(call, kind)
    for name in ("project_id", "user_id", "state"):
        wish.pop(name, None)
    alarm.created_at = alarming.now()
    ALARMS.assign(alarming, alarm, wish)
    alarming.note(alarm, "rule change", **_described(alarming, call, alarm))
    begin(alarming, alarm)


def end(alarming: Alarming, call: Call, alarm: Alarm) -> None:
    alarming.note(alarm, "deletion", name=alarm.name)


def _described(alarming: Alarming, call: Call, alarm: Alarm) -> dict[str, Any]:
    return {"name": alarm.name, "type": alarm.type, "rule": alarm.rule, "enabled": alarm.enabled}


def _more(alarming: Alarming, call: Call, alarm: Alarm, view: str) -> dict[str, Any]:
    return {"alarm_id": alarm.id, f"{alarm.type}_rule": alarm.rule}


ALARMS = Kind[Alarming, Alarm](
    dialect=DIALECT,
    name="alarm",
    entity=Alarm,
    limit="alarms",
    also={f"{each}_rule": said_only() for each in TYPES},
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
del ALARMS.fields["id"]


@ALARMS.routes.get("/alarms/{id}/state", "alarm.show_state")
def show_state(alarming: Alarming, call: Call) -> object:
    return ALARMS.of(alarming, call).state


@ALARMS.routes.put("/alarms/{id}/state", "alarm.set_state")
def set_state(alarming: Alarming, call: Call) -> object:
    alarm = ALARMS.of(alarming, call)
    state = DIALECT.checked("state", call.document, one_of(*STATES))
    alarm.state, alarm.state_at = state, alarming.now()
    alarm.state_reason = "Manually set via API"
    alarming.alarms.save(alarm)
    alarming.note(alarm, "state transition", state=state, transition_reason=alarm.state_reason)
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
