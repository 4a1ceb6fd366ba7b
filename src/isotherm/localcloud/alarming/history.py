"""What became of alarms, and how many there may be."""

import json
from typing import Any

from isotherm.localcloud.alarming.alarms import ALARMS
from isotherm.localcloud.alarming.dialect import DIALECT
from isotherm.localcloud.alarming.entities import Change
from isotherm.localcloud.alarming.state import Alarming
from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.routing import Routes

routes = DIALECT.routes()
versions = Routes[Alarming]()


@routes.get("/alarms/{id}/history", "alarm.show_history")
def show(alarming: Alarming, call: Call) -> object:
    alarm = ALARMS.of(alarming, call)
    return [_told(each) for each in reversed(alarming.changes.find(alarm_id=alarm.id))]


@routes.post("/query/alarms/history", "alarm.query_history")
def query(alarming: Alarming, call: Call) -> object:
    seen = [each for each in alarming.changes if call.caller.sees(each.project_id)]
    return [_told(each) for each in reversed(seen)]


def _told(change: Change) -> dict[str, Any]:
    return {
        "event_id": change.id,
        "alarm_id": change.alarm_id,
        "type": change.type,
        "detail": json.dumps(change.detail),
        "user_id": change.user_id,
        "project_id": change.project_id,
        "on_behalf_of": change.project_id,
        "timestamp": iso_time(change.at, suffix=".000000"),
    }


@routes.get("/capabilities", "service.capabilities")
def capabilities(alarming: Alarming, call: Call) -> object:
    return {
        "api": {
            "alarms:history:query:complex": True,
            "alarms:history:query:simple": True,
            "alarms:query:complex": True,
            "alarms:query:simple": True,
        },
        "alarm_storage": {"storage:production_ready": True},
    }


@routes.get("/quotas", "quota.show")
@routes.get("/quotas/{target}", "quota.show")
def show_quota(alarming: Alarming, call: Call) -> object:
    return _limits(
        alarming, call.params.get("target") or call.argument("project_id") or call.project_id
    )


@routes.post("/quotas", "quota.update", admin=True)
def set_quota(alarming: Alarming, call: Call) -> object:
    project_id = str(call.json.get("project_id"))
    wanted = {each.get("resource"): each.get("limit") for each in call.json.get("quotas", ())}
    if set(wanted) != {"alarms"} or not isinstance(wanted["alarms"], int):
        raise Fault(400, "Only the number of alarms can be limited.")
    alarming.quotas.update(project_id, {"alarms": wanted["alarms"]})
    return Reply(201, _limits(alarming, project_id))


@routes.delete("/quotas/{target}", "quota.delete", admin=True)
def reset_quota(alarming: Alarming, call: Call) -> None:
    alarming.quotas.reset(call.params["target"])


def _limits(alarming: Alarming, project_id: str) -> dict[str, Any]:
    limits = alarming.quotas.limits(project_id)
    quotas = [{"resource": name, "limit": limit} for name, limit in limits.items()]
    return {"project_id": project_id, "quotas": quotas}


@versions.get("/", "version.list", open=True)
def list_versions(alarming: Alarming, call: Call) -> object:
    link = {"href": f"{call.base_url}/alarming/v2", "rel": "self"}
    return {"versions": {"values": [{"id": "v2", "status": "stable", "links": [link]}]}}
