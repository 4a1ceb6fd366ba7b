"""What users of CloudFormation expect beyond stacks: change sets, drift, protection, exports."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service
from tests.clients.test_boto3 import aws, run
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow


def template(name: str, size: int = 1, export: str = "") -> str:
    resources = {
        "Disk": {"Type": "OS::Cinder::Volume", "Properties": {"name": name, "size": size}},
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        # What the cloud tells is the same each time.
        "Zones": {"Type": "OS::Heat::Value", "Properties": {"value": {"Fn::GetAZs": ""}}},
    }
    output: dict[str, Any] = {"Value": {"Ref": "Disk"}}
    if export:
        output["Export"] = {"Name": export}
    return json.dumps(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": resources,
            "Outputs": {"Disk": output},
        }
    )


def test_change_sets_make_and_change_stacks(service: Service) -> None:
    told = run(
        service,
        """
def described(name, **more):
    return client.describe_change_set(StackName="aws-sets", ChangeSetName=name, **more)


first = client.create_change_set(
    StackName="aws-sets", ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=ONE
)
client.get_waiter("change_set_create_complete").wait(
    ChangeSetName=first["Id"], WaiterConfig={"Delay": 1}
)
adds = described("first")["Changes"]
(before,) = client.describe_stacks(StackName="aws-sets")["Stacks"]
client.execute_change_set(ChangeSetName=first["Id"])
wait("stack_create_complete", "aws-sets")
client.create_change_set(StackName="aws-sets", ChangeSetName="second", TemplateBody=TWO,
                         Capabilities=["CAPABILITY_NAMED_IAM"])
client.create_change_set(StackName="aws-sets", ChangeSetName="rival", TemplateBody=TWO)
changes = described("second", IncludePropertyValues=True)["Changes"]
(brief,) = described("second")["Changes"]
(of_set,) = client.describe_stacks(StackName="aws-sets")["Stacks"]
client.execute_change_set(StackName="aws-sets", ChangeSetName="second")
wait("stack_update_complete", "aws-sets")
(after_set,) = client.describe_stacks(StackName="aws-sets")["Stacks"]
rival = code(client.describe_change_set, StackName="aws-sets", ChangeSetName="rival")
again = code(client.execute_change_set, StackName="aws-sets", ChangeSetName="second")
client.create_change_set(StackName="aws-sets", ChangeSetName="same", TemplateBody=TWO)
same = described("same")
client.create_change_set(StackName="aws-sets", ChangeSetName="wrong", TemplateBody=WRONG)
wrong = described("wrong")
client.create_change_set(StackName="aws-sets", ChangeSetName="late", TemplateBody=ONE)
client.update_stack(StackName="aws-sets", TemplateBody=TWO)
wait("stack_update_complete", "aws-sets")
late = described("late")["ExecutionStatus"]
listed = client.list_change_sets(StackName="aws-sets")["Summaries"]
client.delete_change_set(StackName="aws-sets", ChangeSetName="same")
client.delete_change_set(StackName="aws-sets", ChangeSetName="same")
client.delete_stack(StackName="aws-sets")
wait("stack_delete_complete", "aws-sets")
tell(
    ids=[first["StackId"], described("late")["StackId"]],
    adds=adds,
    before=before,
    changes=changes,
    brief=brief["ResourceChange"],
    capabilities=[of_set["Capabilities"], after_set["Capabilities"]],
    rival=rival,
    again=again,
    same=[same["Status"], same["StatusReason"]],
    wrong=[wrong["Status"], wrong["StatusReason"]],
    late=late,
    listed=[each["ChangeSetName"] for each in listed],
    imports=code(
        client.create_change_set,
        StackName="x",
        ChangeSetName="i",
        ChangeSetType="IMPORT",
        TemplateBody=ONE,
    ),
)
""",
        ONE=template("one"),
        TWO=template("two", 2),
        WRONG='{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"x": {"Type": "No"}}}',
    )
    assert len(set(told["ids"])) == 1
    names = {each["ResourceChange"]["LogicalResourceId"] for each in told["adds"]}
    assert names == {"Disk", "Handle", "Zones"}
    assert {each["ResourceChange"]["Action"] for each in told["adds"]} == {"Add"}
    assert told["before"]["StackStatus"] == "REVIEW_IN_PROGRESS"
    assert told["before"]["StackId"] == told["ids"][0]
    (change,) = (each["ResourceChange"] for each in told["changes"])
    assert (change["Action"], change["Replacement"]) == ("Modify", "False")
    targets = {each["Target"]["Name"]: each["Target"] for each in change["Details"]}
    assert (targets["size"]["BeforeValue"], targets["size"]["AfterValue"]) == ("1", "2")
    assert (targets["name"]["BeforeValue"], targets["name"]["AfterValue"]) == ("one", "two")
    assert json.loads(change["BeforeContext"])["Properties"]["size"] == 1
    after = json.loads(change["AfterContext"])["Properties"]
    assert (after["name"], after["size"]) == ("two", 2)
    assert "BeforeContext" not in told["brief"]
    assert {name for each in told["brief"]["Details"] for name in each["Target"]} == {
        *("Attribute", "AttributeChangeType", "Name", "Path", "RequiresRecreation")
    }
    assert told["capabilities"] == [[], ["CAPABILITY_NAMED_IAM"]]
    assert told["rival"] == "ChangeSetNotFound"
    assert told["again"] == "InvalidChangeSetStatus"
    assert told["same"][0] == "FAILED"
    assert "didn't contain changes" in told["same"][1]
    assert told["wrong"][0] == "FAILED"
    assert "No" in told["wrong"][1]
    assert told["late"] == "OBSOLETE"
    assert told["listed"] == ["second", "same", "wrong", "late"]
    assert told["imports"] == "ValidationError"


def test_nested_change_sets_and_stacks_that_never_come(service: Service) -> None:
    def group(of: dict[str, Any]) -> dict[str, Any]:
        return {"type": "OS::Heat::ResourceGroup", "properties": {"count": 1, "resource_def": of}}

    disk = {"type": "OS::Cinder::Volume", "properties": {"size": {"Ref": "Size"}}}
    told = run(
        service,
        """
def of(name, **more):
    return client.describe_change_set(ChangeSetName=name, IncludePropertyValues=True, **more)


def changes(of):
    return {each["ResourceChange"]["LogicalResourceId"]: each["ResourceChange"]
            for each in of["Changes"]}


def make(name, body, kind, **more):
    return client.create_change_set(
        StackName="aws-nested", ChangeSetName=name, ChangeSetType=kind, TemplateBody=body,
        IncludeNestedStacks=True, **more)["Id"]


one = make("one", ONE, "CREATE", Capabilities=["CAPABILITY_IAM"],
           Parameters=[{"ParameterKey": "Size", "ParameterValue": "1"}])
root = of(one)
below = of(changes(root)["Below"]["ChangeSetId"])
deeper = of(changes(below)["0"]["ChangeSetId"])
refused = [
    code(client.execute_change_set, ChangeSetName=below["ChangeSetId"]),
    code(client.delete_change_set, ChangeSetName=below["ChangeSetId"]),
    code(client.create_stack, StackName="aws-nested", TemplateBody=ONE),
    code(client.update_stack, StackName="aws-nested", TemplateBody=ONE),
]
client.execute_change_set(ChangeSetName=one)
wait("stack_create_complete", "aws-nested")
two = make("two", ONE, "UPDATE", Parameters=[{"ParameterKey": "Size", "ParameterValue": "2"}])
changed = of(changes(of(two))["Below"]["ChangeSetId"])
changed = of(changes(changed)["0"]["ChangeSetId"])
again = make("again", ONE, "UPDATE", Parameters=[{"ParameterKey": "Size", "ParameterValue": "1"}])
same = of(again)["Status"]
found = client.list_change_sets(StackName=changed["StackId"])["Summaries"]
(deepest,) = client.describe_stacks(StackName=changed["StackId"])["Stacks"]
above = [deepest["ParentId"].split("/")[1].startswith("aws-nested-Below"),
         deepest["RootId"] == root["StackId"]]
client.delete_change_set(ChangeSetName=two)
gone = code(client.describe_change_set, ChangeSetName=changed["ChangeSetId"])
client.delete_stack(StackName="aws-nested")
wait("stack_delete_complete", "aws-nested")

given_up = client.create_change_set(
    StackName="aws-never", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=ONE)
listed = [each["StackStatus"] for each in client.list_stacks(
    StackStatusFilter=["REVIEW_IN_PROGRESS"])["StackSummaries"]]
(event,) = client.describe_stack_events(StackName="aws-never")["StackEvents"]
inside = client.describe_stack_resources(StackName="aws-never")["StackResources"]
client.delete_stack(StackName=given_up["StackId"])
tell(
    above=above, root=root, below=below, deeper=deeper, refused=refused, changed=changed, same=same,
    found=found, gone=gone, listed=listed, event=event["ResourceStatus"], inside=inside,
    never=[code(client.describe_stacks, StackName="aws-never"),
           code(client.describe_change_set, ChangeSetName=given_up["Id"])],
)
""",
        ONE=json.dumps(
            {
                "AWSTemplateFormatVersion": "2010-09-09",
                "Parameters": {"Size": {"Type": "Number", "Default": 1}},
                "Resources": {
                    "Below": {
                        "Type": "OS::Heat::ResourceGroup",
                        "Properties": {"count": 1, "resource_def": group(disk)},
                    }
                },
            }
        ),
    )
    assert told["above"] == [True, True]
    assert told["root"]["Parameters"] == [{"ParameterKey": "Size", "ParameterValue": "1"}]
    assert told["root"]["Capabilities"] == ["CAPABILITY_IAM"]
    assert "ParentChangeSetId" not in told["root"]
    assert told["below"]["ParentChangeSetId"] == told["root"]["ChangeSetId"]
    assert told["deeper"]["ParentChangeSetId"] == told["below"]["ChangeSetId"]
    assert told["deeper"]["RootChangeSetId"] == told["root"]["ChangeSetId"]
    assert [each["ResourceChange"]["Action"] for each in told["deeper"]["Changes"]] == ["Add"]
    assert told["refused"] == [
        *["InvalidChangeSetStatus"] * 2,
        "AlreadyExistsException",
        "ValidationError",
    ]
    (change,) = (each["ResourceChange"] for each in told["changed"]["Changes"])
    assert change["Details"][0]["Target"]["AfterValue"] == "2"
    assert told["same"] == "FAILED"
    assert [each["ChangeSetId"] for each in told["found"]] == [told["changed"]["ChangeSetId"]]
    assert told["gone"] == "ChangeSetNotFound"
    assert (told["listed"], told["event"]) == (["REVIEW_IN_PROGRESS"], "REVIEW_IN_PROGRESS")
    assert told["inside"] == []
    assert told["never"] == ["ValidationError", "ChangeSetNotFound"]


def test_the_aws_command_deploys_and_knows_when_nothing_is_to_do(
    service: Service, tmp_path: Path
) -> None:
    file = tmp_path / "template.json"
    file.write_text(template("deployed"))

    def deploy() -> str:
        command = [str(Path(sys.executable).with_name("aws")), "cloudformation", "deploy"]
        where = ["--stack-name", "aws-deploy", "--template-file", str(file)]
        done = subprocess.run(
            [*command, *where, "--no-fail-on-empty-changeset"],
            env=aws(service),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{done.stderr}\n{service.log}"
        return done.stdout

    assert "Successfully created/updated stack" in deploy()
    assert "No changes to deploy" in deploy()
    run(service, "client.delete_stack(StackName='aws-deploy'); tell()")
    assert service.settle("aws-deploy") == ""


def test_what_somebody_has_changed_is_found_and_shown(service: Service) -> None:
    run(
        service,
        """
client.create_stack(StackName="aws-drift", TemplateBody=ONE)
wait("stack_create_complete", "aws-drift")
tell()
""",
        ONE=template("as-made"),
    )
    disk = service.read("stack", "resource", "show", "aws-drift", "Disk")["physical_resource_id"]
    script = """
detection = client.detect_stack_drift(StackName="aws-drift")["StackDriftDetectionId"]
status = client.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
(shown,) = client.describe_stacks(StackName="aws-drift")["Stacks"]
drifts = client.describe_stack_resource_drifts(
    StackName="aws-drift", StackResourceDriftStatusFilters=["MODIFIED"]
)["StackResourceDrifts"]
one = client.detect_stack_resource_drift(StackName="aws-drift", LogicalResourceId="Disk")
tell(
    status=status["StackDriftStatus"],
    shown=shown["DriftInformation"]["StackDriftStatus"],
    drifts=drifts,
    one=one["StackResourceDrift"]["StackResourceDriftStatus"],
)
"""
    told = run(service, script)
    assert told == {"status": "IN_SYNC", "shown": "IN_SYNC", "drifts": [], "one": "IN_SYNC"}
    service.openstack("volume", "set", "--name", "by-hand", disk)
    told = run(service, script)
    assert (told["status"], told["shown"], told["one"]) == ("DRIFTED", "DRIFTED", "MODIFIED")
    (difference,) = told["drifts"][0]["PropertyDifferences"]
    assert difference["PropertyPath"] == "/name"
    assert (difference["ExpectedValue"], difference["ActualValue"]) == ('"as-made"', '"by-hand"')
    run(service, "client.delete_stack(StackName='aws-drift'); tell()")
    assert service.settle("aws-drift") == ""


def test_protection_policies_exports_summaries_and_signals(service: Service) -> None:
    told = run(
        service,
        """
client.create_stack(
    StackName="aws-kept", TemplateBody=ONE, EnableTerminationProtection=True
)
wait("stack_create_complete", "aws-kept")
kept = code(client.delete_stack, StackName="aws-kept")
deny = dict(Effect="Deny", Action="Update:*", Principal="*", Resource="LogicalResourceId/Disk")
allow = dict(Effect="Allow", Action="Update:*", Principal="*", Resource="*")
both = json.dumps({"Statement": [deny, allow]})
client.set_stack_policy(StackName="aws-kept", StackPolicyBody=both)
denied = code(client.update_stack, StackName="aws-kept", TemplateBody=TWO)
policy = json.loads(client.get_stack_policy(StackName="aws-kept")["StackPolicyBody"])
client.set_stack_policy(StackName="aws-kept", StackPolicyBody=json.dumps({"Statement": [allow]}))
client.update_stack(StackName="aws-kept", TemplateBody=TWO)
wait("stack_update_complete", "aws-kept")
client.create_stack(StackName="aws-importer", TemplateBody=IMPORTER)
wait("stack_create_complete", "aws-importer")
exports = client.list_exports()["Exports"]
importers = client.list_imports(ExportName="a-disk")["Imports"]
summary = client.get_template_summary(StackName="aws-kept")
client.signal_resource(
    StackName="aws-kept", LogicalResourceId="Handle", UniqueId="1", Status="SUCCESS"
)
for _ in range(60):
    found = client.describe_stack_resource(StackName="aws-kept", LogicalResourceId="Handle")
    metadata = json.loads(found["StackResourceDetail"]["Metadata"])
    if metadata:
        break
    time.sleep(0.5)
facts = dict(
    rollback=code(client.rollback_stack, StackName="aws-kept"),
    going_on=code(client.continue_update_rollback, StackName="aws-kept"),
)
client.delete_stack(StackName="aws-importer")
wait("stack_delete_complete", "aws-importer")
client.update_termination_protection(StackName="aws-kept", EnableTerminationProtection=False)
client.delete_stack(StackName="aws-kept")
wait("stack_delete_complete", "aws-kept")
tell(
    kept=kept,
    denied=denied,
    policy=len(policy["Statement"]),
    exports=[each["Name"] for each in exports],
    importers=importers,
    types=summary["ResourceTypes"],
    metadata=metadata,
    **facts,
)
""",
        ONE=template("one", export="a-disk"),
        TWO=template("two", export="a-disk"),
        IMPORTER=json.dumps(
            {
                "AWSTemplateFormatVersion": "2010-09-09",
                "Resources": {
                    "Word": {
                        "Type": "OS::Heat::Value",
                        "Properties": {"value": {"Fn::ImportValue": "a-disk"}},
                    }
                },
            }
        ),
    )
    assert (told["kept"], told["denied"], told["policy"]) == (
        "ValidationError",
        "ValidationError",
        2,
    )
    assert told["exports"] == ["a-disk"]
    assert told["importers"] == ["aws-importer"]
    assert set(told["types"]) == {
        "OS::Cinder::Volume",
        "OS::Heat::Value",
        "AWS::CloudFormation::WaitConditionHandle",
    }
    assert told["metadata"]["1"]["Status"] == "SUCCESS"
    assert (told["rollback"], told["going_on"]) == ("ValidationError",) * 2


def test_a_failed_update_is_rolled_back_when_asked_and_gone_on_with(service: Service) -> None:
    failing = json.loads(template("two"))
    failing["Resources"]["Trouble"] = {
        "Type": "OS::Heat::TestResource",
        "Properties": {"fail": True},
        "DependsOn": "Disk",
    }
    told = run(
        service,
        """
client.create_stack(StackName="aws-back", TemplateBody=ONE)
wait("stack_create_complete", "aws-back")
client.update_stack(StackName="aws-back", TemplateBody=FAILING, DisableRollback=True)
for _ in range(60):
    (shown,) = client.describe_stacks(StackName="aws-back")["Stacks"]
    if shown["StackStatus"] == "UPDATE_FAILED":
        break
    time.sleep(0.5)
client.rollback_stack(StackName="aws-back")
wait("stack_rollback_complete", "aws-back")
(shown,) = client.describe_stacks(StackName="aws-back")["Stacks"]
client.delete_stack(StackName="aws-back")
wait("stack_delete_complete", "aws-back")
tell(status=shown["StackStatus"])
""",
        ONE=template("one"),
        FAILING=json.dumps(failing),
    )
    assert told["status"] == "UPDATE_ROLLBACK_COMPLETE"


def test_what_is_made_counts_when_it_has_signalled(service: Service) -> None:
    def waiting(timeout: str) -> str:
        policy = {"ResourceSignal": {"Count": 2, "Timeout": timeout}}
        disk = {"Type": "OS::Cinder::Volume", "Properties": {"size": 1}, "CreationPolicy": policy}
        after = {"Type": "OS::Heat::RandomString", "DependsOn": "Disk"}
        return json.dumps(
            {
                "AWSTemplateFormatVersion": "2010-09-09",
                "Resources": {"Disk": disk, "After": after},
            }
        )

    told = run(
        service,
        """
def signal(name, of, status="SUCCESS"):
    client.signal_resource(StackName="aws-signals", LogicalResourceId=of, UniqueId=name,
                           Status=status)


def status(name):
    return client.describe_stack_resource(
        StackName="aws-signals", LogicalResourceId=name)["StackResourceDetail"]["ResourceStatus"]


def until(name, wanted):
    for _ in range(120):
        if code(status, name=name) is None and status(name) == wanted:
            return True
        time.sleep(0.2)


client.create_stack(StackName="aws-signals", TemplateBody=LONG)
begun = until("Disk", "CREATE_IN_PROGRESS")
signal("one", "Disk")
signal("one", "Disk")
still = status("Disk")
signal("two", "Disk")
wait("stack_create_complete", "aws-signals")
late = code(signal, name="three", of="Disk")
reasons = [each.get("ResourceStatusReason")
           for each in client.describe_stack_events(StackName="aws-signals")["StackEvents"]]
client.delete_stack(StackName="aws-signals")
wait("stack_delete_complete", "aws-signals")
client.create_stack(StackName="aws-signals", TemplateBody=SHORT, DisableRollback=True)
for _ in range(60):
    (failed,) = client.describe_stacks(StackName="aws-signals")["Stacks"]
    if failed["StackStatus"] == "CREATE_FAILED":
        break
    time.sleep(0.5)
client.delete_stack(StackName="aws-signals")
wait("stack_delete_complete", "aws-signals")
tell(begun=begun, still=still, late=late, reasons=reasons, failed=failed)
""",
        LONG=waiting("PT5M"),
        SHORT=waiting("PT1S"),
    )
    assert told["begun"]
    assert told["still"] == "CREATE_IN_PROGRESS"
    assert told["late"] is not None
    assert {"Signal one: SUCCESS", "Signal two: SUCCESS"} <= {*told["reasons"]}
    assert told["failed"]["StackStatus"] == "CREATE_FAILED"
    assert "CreationPolicyTimeout" in told["failed"]["StackStatusReason"]
