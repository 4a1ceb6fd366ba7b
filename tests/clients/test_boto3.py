"""CloudFormation's own clients, as they come: boto3 and the aws command, as processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service, environment
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

BEGINNING = """\
import json, sys, time
import boto3
from botocore.exceptions import ClientError, WaiterError

client = boto3.client("cloudformation")


def wait(name, stack, **more):
    client.get_waiter(name).wait(StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


def code(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]


def outputs(stack):
    (found,) = client.describe_stacks(StackName=stack)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}


def tell(**facts):
    print(json.dumps(facts, default=str))


"""
LENGTH = """
Parameters: {Length: {Type: Number, Default: 5, Description: how long}}
Resources:
  Word: {Type: OS::Heat::RandomString, Properties: {length: {Ref: Length}}}
  Handle: {Type: AWS::CloudFormation::WaitConditionHandle}
Outputs:
  Word: {Value: {"Fn::GetAtt": [Word, value]}, Description: a word}
  Address: {Value: {Ref: Handle}}
"""
TEMPLATE = f"AWSTemplateFormatVersion: '2010-09-09'\n{LENGTH}"


def aws(service: Service) -> dict[str, str]:
    folder = service.state / "aws"
    return environment(
        {
            "AWS_CONFIG_FILE": str(folder / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
        }
    )


def run(service: Service, script: str, **given: str) -> dict[str, Any]:
    """What the script tells of last."""
    lines = "".join(f"{name} = {value!r}\n" for name, value in given.items())
    done = subprocess.run(
        [sys.executable, "-c", BEGINNING + lines + script],
        env=aws(service),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{done.stderr}\n{service.log}"
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_a_stack_from_its_beginning_to_its_end(service: Service) -> None:
    told = run(
        service,
        """
made = client.create_stack(
    StackName="aws-life",
    TemplateBody=TEMPLATE,
    Parameters=[{"ParameterKey": "Length", "ParameterValue": "7"}],
    Tags=[{"Key": "stage", "Value": "test"}],
    TimeoutInMinutes=10,
    ClientRequestToken="made",
)
wait("stack_create_complete", "aws-life")
first = outputs("aws-life")
client.update_stack(
    StackName="aws-life",
    UsePreviousTemplate=True,
    Parameters=[{"ParameterKey": "Length", "ParameterValue": "9"}],
    ClientRequestToken="changed",
)
wait("stack_update_complete", "aws-life")
(shown,) = client.describe_stacks(StackName=made["StackId"])["Stacks"]
facts = dict(
    lengths=[len(first["Word"]), len(outputs("aws-life")["Word"])],
    tags=shown["Tags"],
    parameters=shown["Parameters"],
    listed=[each["StackName"] for each in client.list_stacks()["StackSummaries"]],
    events=len(client.describe_stack_events(StackName="aws-life")["StackEvents"]),
    tokens=sorted({
        (each["ResourceStatus"].partition("_")[0], each.get("ClientRequestToken"))
        for each in client.describe_stack_events(StackName="aws-life")["StackEvents"]
    }),
    template=client.get_template(StackName="aws-life")["TemplateBody"],
    one=client.describe_stack_resource(StackName="aws-life", LogicalResourceId="Word")[
        "StackResourceDetail"
    ]["ResourceStatus"],
    described=[
        each["LogicalResourceId"]
        for each in client.describe_stack_resources(StackName="aws-life")["StackResources"]
    ],
    summaries=[
        each["ResourceType"]
        for each in client.list_stack_resources(StackName="aws-life")["StackResourceSummaries"]
    ],
    validated=client.validate_template(TemplateBody=TEMPLATE)["Parameters"],
    cost=client.estimate_template_cost(TemplateBody=TEMPLATE)["Url"],
    cancel=code(client.cancel_update_stack, StackName="aws-life"),
    again=code(client.create_stack, StackName="aws-life", TemplateBody=TEMPLATE),
)
client.delete_stack(StackName="aws-life")
wait("stack_delete_complete", "aws-life")
tell(gone=code(client.describe_stacks, StackName="aws-life"), **facts)
""",
        TEMPLATE=TEMPLATE,
    )
    assert told["lengths"] == [7, 9]
    assert told["tags"] == [{"Key": "stage", "Value": "test"}]
    assert told["parameters"] == [{"ParameterKey": "Length", "ParameterValue": "9"}]
    assert "aws-life" in told["listed"]
    assert told["events"] > 4
    made, changed = ["CREATE", "made"], ["UPDATE", "changed"]
    assert [each for each in told["tokens"] if each[1] == "made"] == [made]
    assert changed in told["tokens"]
    assert all(token for _, token in told["tokens"])
    assert told["template"] == TEMPLATE
    assert told["one"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    assert sorted(told["described"]) == ["Handle", "Word"]
    assert sorted(told["summaries"]) == [
        "AWS::CloudFormation::WaitConditionHandle",
        "OS::Heat::RandomString",
    ]
    (parameter,) = told["validated"]
    assert (parameter["DefaultValue"], parameter["NoEcho"]) == ("5", False)
    assert told["cost"].startswith("https://")
    assert told["cancel"] == "ValidationError"
    assert told["again"] == "AlreadyExistsException"
    assert told["gone"] == "ValidationError"


def test_the_aws_command_sees_the_stacks_of_openstack(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE)
    service.openstack("stack", "create", "-t", str(file), "--wait", "from-openstack")
    command = [str(Path(sys.executable).with_name("aws")), "cloudformation"]
    done = subprocess.run(
        [*command, "list-stacks", "--query", "StackSummaries[].StackName"],
        env=aws(service),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{done.stderr}\n{service.log}"
    assert "from-openstack" in json.loads(done.stdout)
    run(service, "client.delete_stack(StackName='from-openstack'); tell()")
    assert service.settle("from-openstack") == ""


def test_curl_signals_an_address_and_cannot_when_its_stack_is_gone(
    service: Service, tmp_path: Path
) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE)
    service.openstack("stack", "create", "-t", str(file), "--wait", "aws-signals")
    shown = service.read("stack", "output", "show", "aws-signals", "Address")
    address = str(shown["output_value"])

    def signal() -> str:
        body = json.dumps({"Status": "SUCCESS", "UniqueId": "1", "Reason": "up", "Data": "all"})
        curl = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", "PUT"]
        done = subprocess.run(
            [*curl, "--data", body, address],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        return done.stdout

    assert signal() == "200"
    told = run(
        service,
        """
for _ in range(60):
    found = client.describe_stack_resource(StackName="aws-signals", LogicalResourceId="Handle")
    metadata = json.loads(found["StackResourceDetail"]["Metadata"])
    if metadata:
        break
    time.sleep(0.5)
client.delete_stack(StackName="aws-signals")
wait("stack_delete_complete", "aws-signals")
tell(metadata=metadata)
""",
    )
    assert told["metadata"] == {"1": {"Status": "SUCCESS", "Reason": "up", "Data": "all"}}
    assert signal() == "403"
    signature = address.rsplit("Signature=", maxsplit=1)[-1]
    assert signature not in service.log


def test_the_aws_command_deploys_what_has_changed(service: Service, tmp_path: Path) -> None:
    """It goes by the words in which it is told that there is no stack yet, and no change."""
    file = tmp_path / "template.yaml"
    # As tools write templates: AWS demands no version.
    file.write_text("Resources: {Word: {Type: OS::Heat::RandomString}}\n")

    def deploy(*more: str) -> tuple[int, str]:
        done = subprocess.run(
            [
                *(str(Path(sys.executable).with_name("aws")), "cloudformation", "deploy"),
                *("--stack-name", "aws-deployed", "--template-file", str(file), *more),
            ],
            env=aws(service),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    code, said = deploy("--disable-rollback", "--capabilities", "CAPABILITY_IAM")
    assert (code, "Successfully created/updated stack" in said) == (0, True), said
    code, said = deploy("--no-fail-on-empty-changeset")
    assert (code, "No changes to deploy" in said) == (0, True), said
    told = run(
        service,
        """
for _ in range(2):
    client.delete_stack(StackName="aws-deployed")
    wait("stack_delete_complete", "aws-deployed")
tell(gone=code(client.describe_stack_events, StackName="aws-deployed"))
""",
    )
    assert told["gone"] == "ValidationError"
