"""Alarms: what is there, what changed of them, and whom they tell."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from isotherm.localcloud.alarming.entities import ALARM, OK, Alarm, Change
from isotherm.localcloud.deliveries import Outgoing
from isotherm.localcloud.quotas import UNLIMITED, Quotas
from isotherm.localcloud.service import Frame, Service

_TRUST = "trust+"


class Alarming(Service):
    service_type = "alarming"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.alarms = self.collection("alarm", Alarm, index=("project_id", "name"))
        self.changes = self.collection("change", Change, index=("alarm_id",), listed=False)
        self.quotas = Quotas(self, {"alarms": UNLIMITED})

    def note(self, alarm: Alarm, kind: str, **detail: Any) -> None:
        """Into its history."""
        self.changes.add(
            Change(
                project_id=alarm.project_id,
                user_id=alarm.user_id,
                alarm_id=alarm.id,
                type=kind,
                detail=detail,
                at=self.now(),
            )
        )

    def become(self, alarm: Alarm, state: str, reason: str, data: dict[str, Any]) -> None:
        """Go to a state, and tell whoever wants to know; also that it lasts, if that is wanted."""
        previous, now = alarm.state, self.now()
        alarm.state_reason, alarm.evaluated_at = reason, now
        if state != previous:
            alarm.state, alarm.state_at = state, now
            self.note(alarm, "state transition", state=state, transition_reason=reason)
        self.alarms.save(alarm)
        if state != previous or alarm.repeat_actions:
            self.tell(alarm, previous, data)

    def tell(self, alarm: Alarm, previous: str, data: dict[str, Any]) -> None:
        by_state = {ALARM: alarm.alarm_actions, OK: alarm.ok_actions}
        told = {
            "alarm_name": alarm.name,
            "alarm_id": alarm.id,
            "severity": alarm.severity,
            "previous": previous,
            "current": alarm.state,
            "reason": alarm.state_reason,
            "reason_data": data,
        }
        for action in by_state.get(alarm.state, alarm.insufficient_data_actions):
            self._act(alarm, action, told)

    def _act(self, alarm: Alarm, action: str, told: dict[str, Any]) -> None:
        headers, url = {"Content-Type": "application/json"}, action
        if action.startswith(_TRUST):
            url = action.removeprefix(_TRUST)
            identity = self.frame.peers.identity
            headers["X-Auth-Token"] = identity.act_for(alarm.user_id, alarm.project_id)
        scheme = url.partition(":")[0]
        if scheme == "zaqar":
            query = parse_qs(urlsplit(url).query)
            for queue in query.get("queue_name", ()):
                project = query.get("project_id", [alarm.project_id])[0]
                self.frame.peers.messaging.post_to(project, queue, told)
        elif scheme in ("http", "https"):
            body = json.dumps(told).encode()
            self.frame.deliveries.post(Outgoing(url=url, headers=headers, body=body))
