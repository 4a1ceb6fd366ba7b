"""What boto3 does where the operator lets it: import objects, have others told of events."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.clients.service import Service
from tests.clients.test_boto3 import run

pytestmark = pytest.mark.slow

IMPORTS = """
def imported(name, template, *wanted):
    client.create_change_set(
        StackName=STACK, ChangeSetName=name, ChangeSetType="IMPORT", TemplateBody=template,
        ResourcesToImport=[
            dict(
                ResourceType="OS::Cinder::Volume",
                LogicalResourceId=resource,
                ResourceIdentifier={"VolumeId": volume},
            )
            for resource, volume in wanted
        ],
    )
    changes = client.describe_change_set(StackName=STACK, ChangeSetName=name)["Changes"]
    return [
        (each["ResourceChange"]["LogicalResourceId"], each["ResourceChange"]["Action"])
        for each in changes
    ]


def execute(name):
    client.execute_change_set(StackName=STACK, ChangeSetName=name)


def status():
    return client.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]


summary = client.get_template_summary(TemplateBody=BOTH)["ResourceIdentifierSummaries"]
facts = dict(summary=summary, first=imported("first", ONE, ("a", A)))
execute("first")
wait("stack_import_complete", STACK)
facts["made"] = status()
facts["second"] = imported("second", BOTH, ("b", B))
execute("second")
wait("stack_import_complete", STACK)
facts["resources"] = {
    each["LogicalResourceId"]: [each["PhysicalResourceId"], each["ResourceStatus"]]
    for each in client.describe_stack_resources(StackName=STACK)["StackResources"]
}
facts["third"] = imported("third", THREE, ("c", "none-of-this-id"))
execute("third")
try:
    wait("stack_import_complete", STACK)
except WaiterError:
    facts["failed"] = status()
    for _ in range(60):
        if not status().endswith("IN_PROGRESS"):
            break
        time.sleep(0.5)
facts["back"] = status()
facts["left"] = [
    each["PhysicalResourceId"]
    for each in client.describe_stack_resources(StackName=STACK)["StackResources"]
]
tell(**facts)
"""


@pytest.fixture(scope="module")
def adopting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose operator lets stacks take objects over and tell this machine."""
    config = "[DEFAULT]\nenable_stack_adopt = true\n[isotherm]\nfetch_from = 127.0.0.1\n"
    running = Service(tmp_path_factory.mktemp("adopting") / "state", config)
    running.start()
    yield running
    running.stop()


def volumes(**sizes: int) -> str:
    resources: dict[str, Any] = {
        name: {"Type": "OS::Cinder::Volume", "Properties": {"size": size, "name": name}}
        for name, size in sizes.items()
    }
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})


def test_objects_are_imported_and_those_of_a_failed_import_stay(adopting: Service) -> None:
    ids = {
        name: adopting.read("volume", "create", "--size", "1", name)["id"] for name in ("a", "b")
    }
    told = run(
        adopting,
        IMPORTS,
        STACK="aws-imports",
        A=ids["a"],
        B=ids["b"],
        ONE=volumes(a=1),
        BOTH=volumes(a=1, b=1),
        THREE=volumes(a=1, b=1, c=1),
    )
    assert told["summary"] == [
        {
            "ResourceType": "OS::Cinder::Volume",
            "LogicalResourceIds": ["a", "b"],
            "ResourceIdentifiers": ["VolumeId"],
        }
    ]
    assert told["first"] == [["a", "Import"]]
    assert told["made"] == "IMPORT_COMPLETE"
    assert told["second"] == [["b", "Import"]]
    assert {name: each[0] for name, each in told["resources"].items()} == ids
    assert told["resources"]["b"][1] == "IMPORT_COMPLETE"
    assert told["failed"].startswith("IMPORT_ROLLBACK")
    assert told["back"] == "IMPORT_ROLLBACK_COMPLETE"
    assert sorted(told["left"]) == sorted(ids.values())
    adopting.openstack("stack", "delete", "--yes", "aws-imports")
    assert adopting.settle("aws-imports") == ""
    assert adopting.read("volume", "list") == [], "what it had imported was its own"


@contextmanager
def listener() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An address, and what was posted to it."""
    heard: list[dict[str, Any]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/told?secret=hush-hush", heard
    finally:
        server.shutdown()
        server.server_close()


def test_addresses_are_told_of_events_until_they_are_taken_out(adopting: Service) -> None:
    with listener() as (address, heard):
        told = run(
            adopting,
            """
def described():
    return client.describe_stacks(StackName="aws-told")["Stacks"][0]["NotificationARNs"]


client.create_stack(StackName="aws-told", TemplateBody=ONE, NotificationARNs=[ADDRESS])
wait("stack_exists", "aws-told")
wait("stack_create_complete", "aws-told")
shown = [described()]
client.update_stack(StackName="aws-told", TemplateBody=TWO)
wait("stack_update_complete", "aws-told")
shown.append(described())
client.update_stack(StackName="aws-told", UsePreviousTemplate=True, NotificationARNs=[])
wait("stack_update_complete", "aws-told")
shown.append(described())
client.delete_stack(StackName="aws-told")
wait("stack_delete_complete", "aws-told")
topic = code(
    client.create_stack, StackName="x", TemplateBody=ONE,
    NotificationARNs=["arn:aws:sns:here:1:topic"],
)
tell(shown=shown, topic=topic)
""",
            ADDRESS=address,
            ONE=volumes(a=1),
            TWO=volumes(a=2),
        )
    assert told == {"shown": [[address], [address], []], "topic": "InvalidParameterValue"}
    states = [
        f"{each['payload']['resource_name']} {each['payload']['resource_action']}_"
        f"{each['payload']['resource_status']}"
        for each in heard
    ]
    for expected in ("aws-told CREATE_COMPLETE", "a UPDATE_COMPLETE", "aws-told UPDATE_COMPLETE"):
        assert expected in states
    assert not any("DELETE" in each for each in states), "it was taken out before"
    assert "hush-hush" not in adopting.log
