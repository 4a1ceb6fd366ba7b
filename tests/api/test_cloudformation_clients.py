"""What clients of CloudFormation go by: words, types and settings they look for."""

from __future__ import annotations

import json
from xml.sax.saxutils import unescape

import pytest
from tests.api.test_cloudformation import BODY, Client, client, created
from tests.desk import TEMPLATE, Desk
from tests.markup import code, found

from isotherm.core.states import Action, Status

__all__ = ["client"]
ALLOWING = json.dumps({"Statement": [{"Effect": "Allow", "Action": "Update:*", "Resource": "*"}]})
DENYING = ALLOWING.replace("Allow", "Deny")
CHANGED = json.dumps(
    {**TEMPLATE, "resources": {"w": {"type": "OS::Heat::Value", "properties": {"value": "n"}}}}
)


@pytest.mark.parametrize(
    ("action", "more"),
    [
        ("CancelUpdateStack", {}),
        ("CreateChangeSet", {"ChangeSetName": "c", "TemplateBody": BODY}),
        ("DescribeStackEvents", {}),
        ("DescribeStackResource", {"LogicalResourceId": "a"}),
        ("DescribeStackResources", {}),
        ("DescribeStacks", {}),
        ("GetTemplate", {}),
        ("ListStackResources", {}),
        ("UpdateStack", {"TemplateBody": BODY}),
    ],
)
async def test_of_a_stack_that_is_not_there_they_read_that_it_does_not_exist(
    client: Client, action: str, more: dict[str, str]
) -> None:
    refused = await client(action, StackName="none", **more)
    assert found(refused, "Message") == ["Stack with id none does not exist"]
    assert code(refused) == (400, "ValidationError")


async def test_to_delete_what_is_not_there_is_no_mistake(client: Client, desk: Desk) -> None:
    assert (await client("DeleteStack", StackName="none")).status == 200
    stack_id = await created(client, desk)
    await desk.delete(stack_id)
    assert (await client("DeleteStack", StackName="web")).status == 200


@pytest.mark.parametrize(
    ("action", "more"),
    [
        ("CancelUpdateStack", {}),
        ("ContinueUpdateRollback", {}),
        ("RollbackStack", {}),
        ("DeleteStack", {"RetainResources.member.1": "a"}),
    ],
)
async def test_what_may_not_be_done_to_a_stack_in_its_state_is_no_mistake_of_form(
    client: Client, desk: Desk, action: str, more: dict[str, str]
) -> None:
    await created(client, desk)
    refused = await client(action, StackName="web", **more)
    assert code(refused) == (400, "ValidationError")


async def test_events_of_the_stack_itself_are_known_by_its_type_and_arn(
    client: Client, desk: Desk
) -> None:
    stack_id = await created(client, desk)
    arn = f"arn:openstack:heat::demo-project:stacks/web/{stack_id}"
    shown = await client("DescribeStackEvents", StackName="web")
    assert set(found(shown, "ResourceType")) == {"AWS::CloudFormation::Stack"}
    assert set(found(shown, "PhysicalResourceId")) == {arn}


# -- change sets ---------------------------------------------------------------------------------

SET = {"StackName": "web", "ChangeSetName": "c"}


async def test_a_change_set_shows_its_tags_and_template(client: Client, desk: Desk) -> None:
    tags = {"Tags.member.1.Key": "stage", "Tags.member.1.Value": "test"}
    await created(client, desk, **tags)
    other = {"Tags.member.1.Key": "stage", "Tags.member.1.Value": "live"}
    await client("CreateChangeSet", **SET, TemplateBody=CHANGED, **other)
    assert found(await client("DescribeChangeSet", **SET), "Value") == ["live"]
    shown = await client("GetTemplate", **SET)
    assert found(shown, "TemplateBody") == [CHANGED]
    assert found(await client("GetTemplate", StackName="web"), "TemplateBody") == [BODY]


async def test_values_are_shown_on_demand_without_secrets_or_what_is_not_known(
    client: Client, desk: Desk
) -> None:
    def written(password: str) -> str:
        word = {"Type": "OS::Heat::RandomString"}
        value = {"fixed": "here", "word": {"Fn::GetAtt": ["Word", "value"]}, "p": {"Ref": "P"}}
        return json.dumps(
            {
                "AWSTemplateFormatVersion": "2010-09-09",
                "Parameters": {"P": {"Type": "String", "NoEcho": True, "Default": password}},
                "Resources": {
                    "Word": word,
                    "V": {"Type": "OS::Heat::Value", "Properties": {"value": value}},
                },
            }
        )

    await client("CreateChangeSet", **SET, ChangeSetType="CREATE", TemplateBody=written("hush"))
    brief = await client("DescribeChangeSet", **SET)
    assert found(brief, "AfterContext") == []
    shown = await client("DescribeChangeSet", **SET, IncludePropertyValues="true")
    assert found(shown, "BeforeContext") == []
    assert b"hush" not in shown.content
    contexts = [
        json.loads(unescape(each, {"&quot;": '"'})) for each in found(shown, "AfterContext")
    ]
    (value,) = (each["Properties"]["value"] for each in contexts if "value" in each["Properties"])
    assert value == {"fixed": "here", "word": "{{changeSet:KNOWN_AFTER_APPLY}}", "p": "******"}


async def test_a_change_set_of_a_stack_below_shows_what_that_is_given(
    client: Client, desk: Desk
) -> None:
    inner = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"Size": {"Type": "Number"}, "Key": {"Type": "String", "NoEcho": "true"}},
        "Resources": {"V": {"Type": "OS::Heat::Value", "Properties": {"value": {"Ref": "Size"}}}},
    }
    address = "http://templates.example/inner.json"
    desk.pages.contents[address] = json.dumps(inner)
    below = {"TemplateURL": address, "Parameters": {"Size": "3", "Key": "hush"}}
    outer = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {"Below": {"Type": "AWS::CloudFormation::Stack", "Properties": below}},
    }
    more = {"ChangeSetType": "CREATE", "IncludeNestedStacks": "true"}
    made = await client("CreateChangeSet", **SET, TemplateBody=json.dumps(outer), **more)
    own, below_it = found(await client("DescribeChangeSet", **SET), "ChangeSetId")
    (arn,) = {own, below_it} - set(found(made, "Id"))
    shown = await client("DescribeChangeSet", ChangeSetName=arn)
    given = dict(zip(found(shown, "ParameterKey"), found(shown, "ParameterValue"), strict=True))
    assert given == {"Size": "3", "Key": "******"}


async def test_a_stack_that_is_there_cannot_be_made_by_a_change_set(
    client: Client, desk: Desk
) -> None:
    await created(client, desk)
    refused = await client("CreateChangeSet", **SET, ChangeSetType="CREATE", TemplateBody=BODY)
    assert code(refused) == (400, "ValidationError")
    assert "already exists and cannot be created again" in found(refused, "Message")[0]


async def test_a_change_set_gives_up_its_name_when_it_cannot_be_executed_any_more(
    client: Client, desk: Desk
) -> None:
    """``aws cloudformation deploy`` names them by the second, and two deployments fit in one."""
    await created(client, desk)
    await client("CreateChangeSet", **SET, TemplateBody=CHANGED)
    again = await client("CreateChangeSet", **SET, TemplateBody=CHANGED)
    assert code(again) == (400, "AlreadyExistsException")
    assert (await client("ExecuteChangeSet", **SET)).status == 200
    wrong = CHANGED.replace("OS::Heat::Value", "Acme::Odd")
    for _ in range(2):
        made = await client("CreateChangeSet", **SET, TemplateBody=wrong)
        assert made.status == 200, "the one before was executed, or has failed"
    (newest,) = found(await client("DescribeChangeSet", **SET), "Status")
    assert newest == "FAILED"


@pytest.mark.parametrize("kind", ["CREATE", "UPDATE"])
async def test_whoever_executes_it_says_what_becomes_of_a_failure(
    client: Client, desk: Desk, kind: str
) -> None:
    if kind == "UPDATE":
        await created(client, desk)
    await client("CreateChangeSet", **SET, ChangeSetType=kind, TemplateBody=CHANGED)
    done = await client("ExecuteChangeSet", **SET, DisableRollback="true")
    assert done.status == 200, done.content
    shown = await client("DescribeStacks", StackName="web")
    assert found(shown, "DisableRollback") == ["true"]


# -- policies and what stays behind --------------------------------------------------------------


async def test_a_stack_may_come_with_its_policy_and_an_update_with_another(
    client: Client, desk: Desk
) -> None:
    stack_id = await created(client, desk, StackPolicyBody=DENYING)
    rows = desk.rows(stack_id)
    await client("UpdateStack", StackName="web", TemplateBody=BODY)
    await desk.settle(stack_id, *rows)
    changed = {"StackName": "web", "TemplateBody": CHANGED}
    assert code(await client("UpdateStack", **changed)) == (400, "ValidationError")
    done = await client("UpdateStack", **changed, StackPolicyDuringUpdateBody=ALLOWING)
    assert done.status == 200, done.content
    shown = await client("GetStackPolicy", StackName="web")
    assert "Deny" in found(shown, "StackPolicyBody")[0]
    await client("UpdateStack", **changed, StackPolicyBody=ALLOWING)
    shown = await client("GetStackPolicy", StackName="web")
    assert "Deny" in found(shown, "StackPolicyBody")[0]


async def test_a_policy_that_is_none_makes_no_stack(client: Client) -> None:
    refused = await client(
        "CreateStack", StackName="web", TemplateBody=BODY, StackPolicyBody="none"
    )
    assert code(refused) == (400, "InvalidParameterValue")
    assert code(await client("DescribeStacks", StackName="web")) == (400, "ValidationError")


async def test_what_could_not_be_deleted_may_stay_behind(client: Client, desk: Desk) -> None:
    stack_id = await created(client, desk)
    keeping = {"StackName": "web", "RetainResources.member.1": "a"}
    assert code(await client("DeleteStack", **keeping)) == (400, "ValidationError")
    await client("DeleteStack", StackName="web")
    stuck = desk.row(stack_id, "a", "T", action=Action.DELETE, status=Status.FAILED)
    await desk.settle(stack_id, stuck, status=Status.FAILED)
    assert (await client("DeleteStack", **keeping)).status == 200
    (told,) = await desk.store.messages(stack_id)
    assert told.resource_id == stuck.id
    shown = await client("DescribeStacks", StackName="web")
    assert found(shown, "StackStatus") == ["DELETE_IN_PROGRESS"]


async def test_a_template_without_a_version_is_one_of_amazon(client: Client, desk: Desk) -> None:
    """Tools write such."""
    word = {"Type": "OS::Heat::Value", "Properties": {"value": {"Fn::Sub": "of ${AWS::StackName}"}}}
    body = json.dumps({"Resources": {"Word": word}})
    answer = await client("CreateStack", StackName="web", TemplateBody=body)
    assert answer.status == 200, answer.content
    summary = await client("GetTemplateSummary", StackName="web")
    assert found(summary, "Version") == ["AWSTemplateFormatVersion.2010-09-09"]
    misspelt = json.dumps({"AWSTemplateFormatVersio": "2010-09-09", "Resources": {"Word": word}})
    refused = await client("ValidateTemplate", TemplateBody=misspelt)
    assert code(refused) == (400, "InvalidParameterValue")
