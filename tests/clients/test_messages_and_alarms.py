"""Clients of messaging, workflows, alarms and metrics see what stacks make, and make their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("messages and alarms")]

TEMPLATE = """\
heat_template_version: 2021-04-16
resources:
  queue: {type: OS::Zaqar::Queue, properties: {name: stack-queue}}
  told:
    type: OS::Zaqar::Subscription
    properties: {queue_name: {get_resource: queue}, subscriber: "http://127.0.0.1:9/nobody"}
  flow:
    type: OS::Mistral::Workflow
    properties:
      name: stack-flow
      type: direct
      tasks: [{name: say, action: std.echo output=hello}]
  nightly:
    type: OS::Mistral::CronTrigger
    properties: {name: stack-cron, pattern: 0 2 * * *, workflow: {name: {get_resource: flow}}}
  high:
    type: OS::Aodh::GnocchiResourcesAlarm
    properties:
      {metric: cpu, resource_id: a, resource_type: instance, threshold: 1, aggregation_method: mean}
outputs:
  alarm: {value: {get_resource: high}}
"""
FLOW = "version: '2.0'\nown-flow:\n  tasks:\n    say: {action: std.echo output=hi}\n"
CLIENT = ("--client-id", "3381af92-2b9e-11e3-b191-71861300734c")


def names(service: Service, *command: str) -> list[Any]:
    return [each.get("Name", each.get("name")) for each in service.read(*command)]


@pytest.fixture(scope="module")
def stack(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What it shows of the alarm."""
    file = tmp_path_factory.mktemp("stack") / "template.yaml"
    file.write_text(TEMPLATE)
    service.create_stack(str(file), "watching")
    yield str(service.read("stack", "output", "show", "watching", "alarm")["output_value"])
    service.delete_stack("watching")


def test_queues(service: Service, stack: str) -> None:
    assert "stack-queue" in names(service, "messaging", "queue", "list")
    listed = service.read("messaging", "subscription", "list", "stack-queue")
    assert listed[0]["Subscriber"] == "http://127.0.0.1:9/nobody"
    service.openstack("messaging", "queue", "create", "own-queue")
    service.openstack("messaging", "queue", "set", "metadata", "own-queue", '{"a": 1}')
    assert "'a': 1" in service.openstack("messaging", "queue", "get", "metadata", "own-queue")
    message = json.dumps([{"body": "work", "ttl": 300}])
    service.openstack("messaging", "message", "post", *CLIENT, "own-queue", message)
    assert "work" in service.openstack("messaging", "claim", "create", "own-queue")
    signed = service.read("messaging", "queue", "signed", "url", "own-queue")
    assert signed["Methods"] == "GET"
    service.openstack("messaging", "queue", "delete", "own-queue")
    assert "own-queue" not in names(service, "messaging", "queue", "list")


def test_workflows(service: Service, stack: str, tmp_path: Path) -> None:
    assert "stack-flow" in names(service, "workflow", "list")
    assert service.read("cron", "trigger", "show", "stack-cron")["Workflow"] == "stack-flow"
    (tmp_path / "flow.yaml").write_text(FLOW)
    service.openstack("workflow", "create", str(tmp_path / "flow.yaml"))
    run = service.read("workflow", "execution", "create", "own-flow")
    shown = service.read("workflow", "execution", "show", run["ID"])
    assert shown["State"] == "SUCCESS"
    tasks = service.read("task", "execution", "list", run["ID"])
    assert [each["Name"] for each in tasks] == ["say"]
    service.openstack("workflow", "execution", "delete", run["ID"])
    service.openstack("workflow", "delete", "own-flow")
    assert "own-flow" not in names(service, "workflow", "list")


def test_alarms(service: Service, stack: str) -> None:
    listed = service.read("alarm", "list")
    assert stack in [each["alarm_id"] for each in listed]
    assert service.read("alarm", "show", stack)["type"] == "gnocchi_resources_threshold"
    made = service.read("alarm", "create", "--name", "own-alarm", "--type", "event")
    assert made["state"] == "insufficient data"
    assert "ok" in service.openstack("alarm", "state", "set", "own-alarm", "--state", "ok")
    history = service.read("alarm-history", "show", made["alarm_id"])
    assert [each["type"] for each in history] == ["state transition", "creation"]
    service.openstack("alarm", "delete", "own-alarm")
    assert "own-alarm" not in [each["name"] for each in service.read("alarm", "list")]


def test_metrics(service: Service, stack: str) -> None:
    assert "medium" in names(service, "metric", "archive-policy", "list")
    made = service.read("metric", "resource", "create", "thing", "--create-metric", "cpu:high")
    assert "cpu" in str(made["metrics"])
    at = "2026-01-01T00:00:00"
    arguments = ["cpu", "--resource-id", "thing"]
    service.openstack("metric", "measures", "add", *arguments, "-m", f"{at}@42")
    told = service.read("metric", "measures", "show", *arguments, "--granularity", "60")
    assert [each["value"] for each in told] == [42.0]
    assert "cpu" in names(service, "metric", "list")
    service.openstack("metric", "resource", "delete", "thing")
