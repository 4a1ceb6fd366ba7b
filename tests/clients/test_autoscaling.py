"""Groups that grow and shrink with their load, end to end, while the service is killed."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service
from tests.clients.test_boto3 import aws
from tests.waiting import PATIENCE, eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FOLDER = Path(__file__).parents[2] / "examples" / "13-autoscaling"
TIMINGS = "compute.server.create:1.5,compute.server.delete:0.5,alarming.alarm.evaluate:1"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path / "state", config=f"[localcloud]\ntimings = {TIMINGS}\n")
    running.start()
    yield running
    running.stop()


class Scaled:
    """A stack of the example's template, with what clients see of it."""

    def __init__(self, service: Service, name: str) -> None:
        self.service, self.name = service, name
        self.path = f"/orchestration/v1/{service.project}/stacks/{name}"
        self.id = service.get(self.path)["stack"]["id"]

    def alarms(self, operation: str, **arguments: Any) -> Any:
        """What the CloudWatch API answers."""
        request = urllib.request.Request(
            f"{self.service.url}/cloudwatch/",
            json.dumps(arguments).encode(),
            {
                "X-Auth-Token": self.service.token,
                "X-Amz-Target": f"GraniteServiceVersion20100801.{operation}",
                "Content-Type": "application/x-amz-json-1.0",
            },
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.loads(reply.read() or b"{}")

    def report(self, load: float, times: int) -> None:
        """As members would, in the minute that is just over, so often that it outweighs what
        came before; and have alarms look now."""
        at = datetime.now(UTC) - timedelta(minutes=1)
        value = {
            "MetricName": "load",
            "Dimensions": [{"Name": "stack", "Value": self.name}],
            "Values": [load],
            "Counts": [times],
            "Timestamp": at.timestamp(),
        }
        self.alarms("PutMetricData", Namespace="Web", MetricData=[value])
        for each in self.alarms("DescribeAlarms")["MetricAlarms"]:
            kept = {k: v for k, v in each.items() if not k.startswith(("State", "AlarmArn"))}
            kept.pop("AlarmConfigurationUpdatedTimestamp")
            self.alarms("PutMetricAlarm", **kept)

    def state(self, resource: str) -> str:
        shown = self.service.get(f"{self.path}/{self.id}/resources/{resource}")
        name = shown["resource"]["physical_resource_id"]
        (found,) = self.alarms("DescribeAlarms", AlarmNames=[name])["MetricAlarms"]
        return str(found["StateValue"])

    def has(self, count: int) -> bool:
        """Servers and members of the pool, and nothing left to do."""
        servers = self.service.get("/compute/v2.1/servers/detail")["servers"]
        pools = self.service.get("/load-balancer/v2/lbaas/pools")["pools"]
        path = f"/load-balancer/v2/lbaas/pools/{pools[0]['id']}/members"
        members = self.service.get(path)["members"]
        addresses = {
            each["addr"] for server in servers for each in server["addresses"].get("private", ())
        }
        group = self.service.get(f"{self.path}/{self.id}/resources/servers")["resource"]
        return (
            len(servers) == len(members) == count
            and {each["address"] for each in members} == addresses
            and group["resource_status"].endswith("COMPLETE")
        )

    def draining(self) -> list[str]:
        found = self.service.get(f"{self.path}/{self.id}/resources/servers/metadata")
        return list(found["metadata"].get("draining") or {})

    def drained(self, name: str) -> None:
        path = f"{self.path}/{self.id}/resources/drained/signal"
        self.service.send("POST", path, {"id": name})

    def actions(self) -> list[str]:
        found = self.alarms("DescribeAlarmHistory", HistoryItemType="Action")["AlarmHistoryItems"]
        return [str(each["HistorySummary"]) for each in found]


def test_a_group_follows_its_load_through_kills_of_the_service(service: Service) -> None:
    more = ["--parameter", "cooldown=1"]
    service.openstack("stack", "create", "-t", str(FOLDER / "template.yaml"), *more, "web")
    assert service.settle("web") == "CREATE_COMPLETE"
    stack = Scaled(service, "web")
    assert stack.has(1)

    stack.report(95, times=10)
    eventually(lambda: stack.state("busy") == "ALARM")
    service.kill()
    service.start()
    eventually(lambda: stack.has(2))

    stack.report(5, times=1000)
    eventually(lambda: bool(stack.draining()))
    service.kill()
    service.start()
    assert not stack.has(1)
    (leaving,) = stack.draining()
    stack.drained(leaving)
    eventually(lambda: len(service.get("/compute/v2.1/servers")["servers"]) == 1)
    service.kill()
    service.start()
    eventually(lambda: stack.has(1))
    assert all(each.startswith("Successfully") for each in stack.actions())
    assert service.settle("web") == "CREATE_COMPLETE"
    service.delete_stack("web")
    assert service.get("/compute/v2.1/servers")["servers"] == []
    assert stack.alarms("DescribeAlarms")["MetricAlarms"] == []


def test_alarms_of_the_clouds_own_service_let_a_group_grow_and_shrink(service: Service) -> None:
    service.openstack("metric", "resource", "create", "aodh", "--create-metric", "load:high")
    template = str(FOLDER / "aodh.yaml")
    service.openstack("stack", "create", "-t", template, "--parameter", "cooldown=1", "aodh")
    assert service.settle("aodh") == "CREATE_COMPLETE"

    def servers() -> int:
        return len(service.get("/compute/v2.1/servers")["servers"])

    def measure(value: float, times: int) -> None:
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        values = ["-m", f"{at}@{value}"] * times
        service.openstack("metric", "measures", "add", "load", "--resource-id", "aodh", *values)

    measure(95, times=1)
    eventually(lambda: servers() >= 2)
    measure(1, times=9)  # the mean of the minute falls
    eventually(lambda: servers() == 1)
    assert service.settle("aodh") == "CREATE_COMPLETE"
    service.delete_stack("aodh")


AWS = """\
import datetime, json, time
from pathlib import Path
import boto3

stacks, alarms = boto3.client("cloudformation"), boto3.client("cloudwatch")
WAIT = {"Delay": 1, "MaxAttempts": 60}
stacks.create_stack(
    StackName="farm", TemplateBody=Path(TEMPLATE).read_text(),
    Parameters=[{"ParameterKey": "Cooldown", "ParameterValue": "1"}])
stacks.get_waiter("stack_create_complete").wait(StackName="farm", WaiterConfig=WAIT)


def report(load, times):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=1)
    alarms.put_metric_data(Namespace="Web", MetricData=[{
        "MetricName": "load", "Dimensions": [{"Name": "stack", "Value": "farm"}],
        "Values": [load], "Counts": [times], "Timestamp": at}])
    kept = set(alarms.meta.service_model.operation_model("PutMetricAlarm").input_shape.members)
    for each in alarms.describe_alarms()["MetricAlarms"]:  # so that nobody waits for a minute
        alarms.put_metric_alarm(**{k: v for k, v in each.items() if k in kept})


def size():
    (found,) = stacks.describe_stacks(StackName="farm")["Stacks"]
    (servers,) = [each["OutputValue"] for each in found["Outputs"]]
    return len(servers.split(","))


def becomes(count):
    for _ in range(120):
        if size() == count:
            return True
        time.sleep(0.5)
    return False


told = {"first": size()}
report(95, 10)
told["grown"] = becomes(2)
report(5, 1000)
told["shrunk"] = becomes(1)
stacks.delete_stack(StackName="farm")
stacks.get_waiter("stack_delete_complete").wait(StackName="farm", WaiterConfig=WAIT)
told["left"] = alarms.describe_alarms()["MetricAlarms"]
print(json.dumps(told))
"""


def test_a_template_of_aws_does_the_same_for_boto3(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    file.write_text(AWS.replace("TEMPLATE)", f"{str(FOLDER / 'aws.yaml')!r})"))
    done = subprocess.run(
        [sys.executable, str(file)],
        env=aws(service),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{done.stderr}\n{service.log[-3000:]}"
    told = json.loads(done.stdout)
    assert told == {"first": 1, "grown": True, "shrunk": True, "left": []}
