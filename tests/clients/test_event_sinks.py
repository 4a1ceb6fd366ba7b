"""A stack tells a queue of its events."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service
from tests.clients.test_hooks import until

pytestmark = pytest.mark.slow

TEMPLATE = """\
heat_template_version: 2021-04-16
resources:
  word: {type: OS::Heat::RandomString}
"""
ENVIRONMENT = """\
event_sinks:
  - {type: zaqar-queue, target: events, ttl: 600}
"""


def messages(service: Service) -> list[Any]:
    headers = {"X-Auth-Token": service.token, "Client-ID": "0" * 32}
    request = urllib.request.Request(
        f"{service.url}/messaging/v2/queues/events/messages?echo=true&limit=20", headers=headers
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        return [each["body"] for each in json.load(reply)["messages"]]


def test_a_queue_is_told_of_events(service: Service, tmp_path: Path) -> None:
    template, environment = tmp_path / "template.yaml", tmp_path / "environment.yaml"
    template.write_text(TEMPLATE)
    environment.write_text(ENVIRONMENT)
    service.openstack("stack", "create", "-t", str(template), "-e", str(environment), "told")
    assert service.settle("told") == "CREATE_COMPLETE"
    service.delete_stack("told")
    until(service, lambda: len(messages(service)) == 8)
    payloads = [each["payload"] for each in messages(service)]
    assert [
        f"{each['resource_name']} {each['resource_action']}_{each['resource_status']}"
        for each in payloads
    ] == [
        f"{name} {action}_{status}"
        for action in ("CREATE", "DELETE")
        for name, status in (
            ("told", "IN_PROGRESS"),
            ("word", "IN_PROGRESS"),
            ("word", "COMPLETE"),
            ("told", "COMPLETE"),
        )
    ]
    service.openstack("messaging", "queue", "delete", "events")
