"""Change sets of boto3 that import objects: into a new stack, into one that lives, in vain."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
    """A service whose operator lets stacks take objects over."""
    config = "[DEFAULT]\nenable_stack_adopt = true\n"
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
