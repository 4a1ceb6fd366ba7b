"""Groups of templates for AWS whose servers signal that they work, by AWS's own clients."""

from __future__ import annotations

import json

import pytest
from tests.clients.service import Service
from tests.clients.test_boto3 import run

pytestmark = pytest.mark.slow


def template(script: str) -> str:
    group = {
        "Type": "AWS::AutoScaling::AutoScalingGroup",
        "Properties": {
            "AvailabilityZones": {"Fn::GetAZs": ""},
            "LaunchConfigurationName": {"Ref": "Launch"},
            "MinSize": "2",
            "MaxSize": "4",
        },
        "CreationPolicy": {"ResourceSignal": {"Count": "2", "Timeout": "PT10M"}},
        "UpdatePolicy": {
            "AutoScalingRollingUpdate": {
                "MinInstancesInService": "1",
                "MaxBatchSize": "1",
                "PauseTime": "PT10M",
                "WaitOnResourceSignals": "true",
                "SuspendProcesses": ["HealthCheck", "ReplaceUnhealthy", "AlarmNotification"],
            }
        },
    }
    launch = {"ImageId": "cirros", "InstanceType": "m1.tiny", "UserData": {"Fn::Base64": script}}
    return json.dumps(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": {
                "Launch": {
                    "Type": "AWS::AutoScaling::LaunchConfiguration",
                    "Properties": launch,
                },
                "Web": group,
            },
            "Outputs": {"Addresses": {"Value": {"Fn::GetAtt": ["Web", "InstanceList"]}}},
        }
    )


def test_a_group_is_made_and_renewed_as_its_servers_signal(service: Service) -> None:
    told = run(
        service,
        """
import subprocess

NAME = "aws-group"


def signal(name, status="SUCCESS"):
    client.signal_resource(StackName=NAME, LogicalResourceId="Web", UniqueId=name, Status=status)


def signal_by_command(name):
    subprocess.run([sys.executable, "-m", "awscli", "cloudformation", "signal-resource",
                    "--stack-name", NAME, "--logical-resource-id", "Web", "--unique-id", name,
                    "--status", "SUCCESS"], check=True)


def status():
    return client.describe_stack_resource(
        StackName=NAME, LogicalResourceId="Web")["StackResourceDetail"]["ResourceStatus"]


def stack():
    (found,) = client.describe_stacks(StackName=NAME)["Stacks"]
    return found


def servers():
    group = client.describe_stack_resource(
        StackName=NAME, LogicalResourceId="Web")["StackResourceDetail"]["PhysicalResourceId"]
    shown = client.describe_stack_resources(StackName=group)["StackResources"]
    return {each["LogicalResourceId"]: each.get("PhysicalResourceId") for each in shown
            if each["ResourceStatus"] == "CREATE_COMPLETE"}


def until(found, *, tries=300):
    for _ in range(tries):
        try:
            if found():
                return True
        except ClientError:
            pass
        time.sleep(0.2)


client.create_stack(StackName=NAME, TemplateBody=ONE)
made = until(lambda: len(servers()) == 2 and status() == "CREATE_IN_PROGRESS")
signal("i-1")
signal_by_command("i-2")
wait("stack_create_complete", NAME)
idle = code(signal, name="i-3")
first = servers()
client.update_stack(StackName=NAME, TemplateBody=TWO)


def renewed():
    return sum(first.get(name) != each for name, each in servers().items())


one = until(lambda: renewed() == 1)
time.sleep(1)
held = renewed(), status()
signal_by_command("i-4")
two = until(lambda: renewed() == 2)
still = status()
signal("i-5")
wait("stack_update_complete", NAME)
second = servers()
client.update_stack(StackName=NAME, TemplateBody=THREE)
three = until(lambda: sum(second.get(name) != each for name, each in servers().items()) == 1)
signal("i-6", "FAILURE")
until(lambda: stack()["StackStatus"].startswith("UPDATE_ROLLBACK"))
back = until(lambda: sum(each not in second.values() for each in servers().values()) == 0, tries=20)
for n in range(100):
    if stack()["StackStatus"] != "UPDATE_ROLLBACK_IN_PROGRESS":
        break
    code(signal, name=f"back-{n}")
    time.sleep(0.3)
(ended,) = client.describe_stacks(StackName=NAME)["Stacks"]
events = client.describe_stack_events(StackName=NAME)["StackEvents"]
client.delete_stack(StackName=NAME)
wait("stack_delete_complete", NAME)
wrong = code(client.create_stack, StackName=NAME, TemplateBody=WRONG)
tell(made=made, idle=idle, one=one, held=held, two=two, still=still, three=three,
     before=len(first), ended=ended["StackStatus"],
     same=first.keys() == second.keys() and not set(first.values()) & set(second.values()),
     reasons=[each.get("ResourceStatusReason", "") for each in events], wrong=wrong)
""",
        ONE=template("one"),
        TWO=template("two"),
        THREE=template("three"),
        WRONG=template("one").replace("HealthCheck", "Terminate"),
    )
    assert (told["made"], told["before"]) == (True, 2)
    assert told["idle"] == "ValidationError"
    assert (told["one"], told["held"]) == (True, [1, "UPDATE_IN_PROGRESS"])
    assert (told["two"], told["still"]) == (True, "UPDATE_IN_PROGRESS")
    assert told["same"]
    assert (told["three"], told["ended"]) == (True, "UPDATE_ROLLBACK_COMPLETE")
    assert any("new instances must signal success" in each for each in told["reasons"])
    assert told["wrong"] == "InvalidParameterValue"
