"""The CloudFormation door as an application: actions, faults, signatures, signed signals."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import fromstring
from xml.sax.saxutils import unescape

import pytest
from tests.asgi import Answer, send
from tests.desk import TEMPLATE, Desk
from tests.markup import code, found

from isotherm.api.aws.description import load_description
from isotherm.api.aws.door import Action
from isotherm.api.cfn import build_cloudformation, paging
from isotherm.api.cfn.actions import ACTIONS
from isotherm.core.arns import resource_arn
from isotherm.core.errors import Busy
from isotherm.core.states import Status
from isotherm.kit.signed_addresses import KeyPair, Purpose, signed_address
from isotherm.ports.cloud import Caller

FORM = {"content-type": "application/x-www-form-urlencoded"}
BODY = json.dumps(TEMPLATE)
NOW = "20300131T120000Z"


class Client:
    """Sends actions with a user's token, or signed with it as the access key."""

    def __init__(self, desk: Desk, user: str = "demo", *, signs: bool = False) -> None:
        self._application = build_cloudformation(desk.services)
        at = desk.clock.now().strftime("%Y%m%dT%H%M%SZ")
        self._headers = {"x-auth-token": f"{user}-token"}
        if signs:
            parts = f"Credential={user}-token/20300131/here/cloudformation/aws4_request"
            signed = f"AWS4-HMAC-SHA256 {parts}, SignedHeaders=host, Signature=abc"
            self._headers = {"authorization": signed, "x-amz-date": at}

    async def __call__(self, action: str = "", **parameters: str) -> Answer:
        given = {"Action": action, **parameters} if action else parameters
        return await self.post(urlencode(given).encode())

    async def post(self, body: bytes, path: str = "/v1/", **headers: str) -> Answer:
        return await send(
            self._application, "POST", path, body, {**FORM, **self._headers, **headers}
        )


@pytest.fixture
def client(desk: Desk) -> Client:
    return Client(desk)


async def created(client: Client, desk: Desk, name: str = "web", **more: str) -> str:
    answer = await client("CreateStack", StackName=name, TemplateBody=BODY, **more)
    assert answer.status == 200, answer.content
    stack_id = found(answer, "StackId")[0].rpartition("/")[2]
    await desk.settle(stack_id)
    return stack_id


async def test_a_stack_is_made_and_shown_with_its_arn(client: Client, desk: Desk) -> None:
    more = {
        "Parameters.member.1.ParameterKey": "p",
        "Parameters.member.1.ParameterValue": "given",
        "Tags.member.1.Key": "stage",
        "Tags.member.1.Value": "test",
        "TimeoutInMinutes": "7",
    }
    stack_id = await created(client, desk, **more)
    arn = f"arn:openstack:heat::demo-project:stacks/web/{stack_id}"
    for name in ("web", stack_id, arn):
        shown = await client("DescribeStacks", StackName=name)
        assert found(shown, "StackId") == [arn]
    assert found(shown, "StackStatus") == ["CREATE_COMPLETE"]
    assert dict(zip(found(shown, "ParameterKey"), found(shown, "ParameterValue"), strict=True)) == {
        "p": "given",
        "s": "******",
    }
    assert (found(shown, "Key"), found(shown, "Value")) == (["stage"], ["test"])
    assert found(shown, "TimeoutInMinutes") == ["7"]
    assert found(shown, "DisableRollback") == ["false"]
    assert shown.headers["content-type"] == "application/xml"
    assert found(shown, "RequestId") == [shown.headers["x-openstack-request-id"]]


async def test_json_for_those_that_ask_for_it(client: Client, desk: Desk) -> None:
    await created(client, desk)
    shown = await client("ListStacks", ContentType="JSON")
    (summary,) = shown.data["ListStacksResponse"]["ListStacksResult"]["StackSummaries"]
    assert summary["StackName"] == "web"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", summary["CreationTime"])


async def test_an_update_keeps_only_the_values_that_it_is_told_to(
    client: Client, desk: Desk
) -> None:
    first = {"Parameters.member.1.ParameterKey": "p", "Parameters.member.1.ParameterValue": "one"}
    kept = {"Parameters.member.1.ParameterKey": "p", "Parameters.member.1.UsePreviousValue": "true"}
    stack_id = await created(client, desk, **first)
    for more, value in ((kept, "one"), ({}, "x")):
        for template in ({"UsePreviousTemplate": "true"}, {"TemplateBody": BODY}):
            answer = await client("UpdateStack", StackName="web", **template, **more)
            assert answer.status == 200, answer.content
            await desk.settle(stack_id)
            shown = await client("DescribeStacks", StackName="web")
            assert found(shown, "ParameterValue")[0] == value


async def test_clients_that_wait_know_by_an_error_that_a_stack_is_gone(
    client: Client, desk: Desk
) -> None:
    stack_id = await created(client, desk)
    assert (await client("DeleteStack", StackName="web")).status == 200
    await desk.settle(stack_id)
    assert code(await client("DescribeStacks", StackName="web")) == (400, "ValidationError")
    arn = f"arn:openstack:heat::demo-project:stacks/web/{stack_id}"
    gone = await client("DescribeStacks", StackName=arn)
    assert found(gone, "StackStatus") == ["DELETE_COMPLETE"]
    assert (await client("DeleteStack", StackName=arn)).status == 200
    assert found(await client("ListStacks"), "StackName") == []
    listed = await client("ListStacks", **{"StackStatusFilter.member.1": "DELETE_COMPLETE"})
    assert found(listed, "StackName") == ["web"]


@pytest.mark.parametrize(
    ("action", "parameters", "expected"),
    [
        ("", {}, "MissingAction"),
        ("Nothing", {}, "InvalidAction"),
        ("CreateStack", {"StackName": "web"}, "InvalidParameterValue"),
        ("CreateStack", {"TemplateBody": BODY}, "MissingParameter"),
        ("CreateStack", {"StackName": "1 x", "TemplateBody": BODY}, "InvalidParameterValue"),
        ("CreateStack", {"StackName": "x", "TemplateBody": "{"}, "InvalidParameterValue"),
        ("CreateStack", {"StackName": "x", "Wrong": "1"}, "InvalidQueryParameter"),
        ("CreateStack", {"StackName.member.1": "x"}, "InvalidParameterValue"),
        ("CreateStack", {"StackName": "x", "StackName.a": "x"}, "InvalidQueryParameter"),
        ("CreateStack", {"StackName": "x", "Parameters": "x"}, "InvalidQueryParameter"),
        ("CreateStack", {"StackName": "x", "TimeoutInMinutes": "0"}, "InvalidParameterValue"),
        ("CreateStack", {"StackName": "x", "TimeoutInMinutes": "many"}, "InvalidParameterValue"),
        ("CreateStack", {"StackName": "x", "DisableRollback": "maybe"}, "InvalidParameterValue"),
        ("CreateStack", {"StackName": "x", "OnFailure": "WEEP"}, "InvalidParameterValue"),
        ("CreateStack", {"StackName": "x", "RoleARN": "arn"}, "InvalidParameterValue"),
        (
            "CreateStack",
            {"StackName": "x", "OnFailure": "ROLLBACK", "DisableRollback": "true"},
            "InvalidParameterCombination",
        ),
        ("UpdateStack", {"StackName": "none", "TemplateBody": BODY}, "ValidationError"),
        ("CancelUpdateStack", {"StackName": "none"}, "ValidationError"),
        ("GetTemplate", {"StackName": "none"}, "ValidationError"),
        ("DescribeStackEvents", {"StackName": "none"}, "ValidationError"),
        ("DescribeStackResources", {}, "MissingParameter"),
        ("DescribeStackResources", {"PhysicalResourceId": "none"}, "ValidationError"),
        (
            "DescribeStackResources",
            {"PhysicalResourceId": "x", "StackName": "x"},
            "InvalidParameterCombination",
        ),
        ("ListStacks", {".".join("a" * 20): "x"}, "InvalidQueryParameter"),
        ("ListStacks", {"StackStatusFilter.member.x": "x"}, "InvalidQueryParameter"),
    ],
)
async def test_what_is_wrong_is_told_by_its_code(
    client: Client, action: str, parameters: Mapping[str, str], expected: str
) -> None:
    assert code(await client(action, **parameters)) == (400, expected)


async def test_names_that_are_taken(client: Client, desk: Desk) -> None:
    await created(client, desk)
    again = await client("CreateStack", StackName="web", TemplateBody=BODY)
    assert code(again) == (400, "AlreadyExistsException")


async def test_stacks_of_others_are_not_found(client: Client, desk: Desk) -> None:
    stack_id = await created(client, desk)
    other = Client(desk, "other")
    arn = f"arn:openstack:heat::demo-project:stacks/web/{stack_id}"
    for name in ("web", stack_id, arn):
        assert code(await other("DescribeStacks", StackName=name)) == (400, "ValidationError")


async def test_a_signature_does_as_well_as_a_token(desk: Desk) -> None:
    assert (await Client(desk, signs=True)("ListStacks")).status == 200


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, (400, "IncompleteSignature")),
        ({"x-auth-token": "wrong"}, (403, "InvalidClientTokenId")),
        (
            {"authorization": "AWS4-HMAC-SHA256 Credential=, Signature="},
            (400, "IncompleteSignature"),
        ),
        (
            {"authorization": "AWS4-HMAC-SHA256 Credential=, Signature=abc", "x-amz-date": "NOW"},
            (403, "MissingAuthenticationToken"),
        ),
        ({"x-auth-token": "unscoped-token"}, (403, "OptInRequired")),
        (
            {
                "authorization": "AWS4-HMAC-SHA256 Credential=nobody/x, Signature=abc",
                "x-amz-date": "NOW",
            },
            (403, "InvalidClientTokenId"),
        ),
        (
            {
                "authorization": "AWS4-HMAC-SHA256 Credential=demo-token/x, Signature=guess",
                "x-amz-date": "NOW",
            },
            (400, "Throttling"),
        ),
        (
            {
                "authorization": "AWS4-HMAC-SHA256 Credential=demo-token/x, Signature=abc",
                "x-amz-date": "20010101T000000Z",
            },
            (400, "RequestExpired"),
        ),
        (
            {
                "authorization": "AWS4-HMAC-SHA256 Credential=demo-token/x, Signature=wrong",
                "x-amz-date": "NOW",
            },
            (403, "SignatureDoesNotMatch"),
        ),
    ],
)
async def test_who_does_not_prove_himself_is_told_why(
    desk: Desk, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    now = desk.clock.now().strftime("%Y%m%dT%H%M%SZ")
    sent = {name: value.replace("NOW", now) for name, value in headers.items()}
    unscoped = Caller(user_id="u", username="u", project_id="", token="unscoped-token")
    desk.cloud.callers = {**desk.cloud.callers, "unscoped-token": unscoped}
    app = build_cloudformation(desk.services)
    answer = await send(app, "POST", "/v1/", b"Action=ListStacks", {**FORM, **sent})
    assert code(answer) == expected


async def test_a_request_that_comes_again_much_later_is_not_taken(desk: Desk) -> None:
    client = Client(desk, signs=True)
    for seconds, expected in ((0, 200), (14 * 60, 200), (2 * 60, 400)):
        desk.clock.advance(seconds)
        again = await client("ListStacks")
        assert again.status == expected
    assert code(again) == (400, "RequestExpired")
    desk.clock.advance(-40 * 60)
    assert code(await client("ListStacks")) == (400, "RequestExpired")


@pytest.mark.parametrize("query", ["Action=%zz", "Action=ListStacks%", "Action=%ff", "A\xe4=1"])
async def test_a_query_that_cannot_be_read(desk: Desk, query: str) -> None:
    app = build_cloudformation(desk.services)
    answer = await send(app, "GET", f"/v1/?{query}", headers={"x-auth-token": "demo-token"})
    assert code(answer) == (404, "MalformedQueryString")


async def test_what_aws_has_and_we_have_not_is_told_apart(client: Client) -> None:
    refused = await client("CreateStackSet", StackSetName="x")
    assert code(refused) == (501, "APINotImplemented")
    assert "not supported yet" in refused.content.decode()


async def test_an_unexpected_failure_tells_nothing_of_inside(
    desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(desk.store, "stacks", fail)
    failed = await client("ListStacks")
    assert code(failed) == (500, "InternalFailure")
    assert "inside" not in failed.content.decode()


async def test_a_busy_stack_and_a_full_project(desk: Desk, client: Client) -> None:
    desk.services = dataclasses.replace(
        desk.services, settings=dataclasses.replace(desk.services.settings, max_stacks_per_tenant=1)
    )
    await created(client, desk)
    full = await Client(desk)("CreateStack", StackName="more", TemplateBody=BODY)
    assert code(full) == (400, "RequestLimitExceeded")
    await client("UpdateStack", StackName="web", TemplateBody=BODY)
    assert code(await client("RollbackStack", StackName="web")) == (400, "InvalidAction")


async def test_signed_addresses_of_old_and_new_kind(desk: Desk) -> None:
    app, now = build_cloudformation(desk.services), desk.clock.now()
    new = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": "demo-token/day",
        "X-Amz-Date": now.strftime("%Y%m%dT%H%M%SZ"),
        "X-Amz-Expires": "60",
        "X-Amz-Signature": "abc",
    }
    old = {
        "AWSAccessKeyId": "demo-token",
        "SignatureVersion": "2",
        "Timestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Signature": "abc",
    }
    for signed in (new, old):
        query = urlencode({"Action": "ListStacks", "Version": "2010-05-15", **signed})
        assert (await send(app, "GET", f"/v1/?{query}")).status == 200
        wrong = query.replace("=abc", "=wrong")
        assert code(await send(app, "GET", f"/v1/?{wrong}")) == (403, "SignatureDoesNotMatch")
    desk.clock.advance(3600)
    query = urlencode({"Action": "ListStacks", **new})
    assert code(await send(app, "GET", f"/v1/?{query}")) == (400, "RequestExpired")


async def test_trouble_with_identity_is_told_without_its_inside(desk: Desk, client: Client) -> None:
    desk.cloud.away = Busy("identity is away")
    assert code(await client("ListStacks")) == (503, "ServiceUnavailable")


async def test_versions_are_told_to_all(desk: Desk) -> None:
    for path, base in (("/", "http://api.example"), ("/cfn", "http://api.example/cfn")):
        answer = await send(build_cloudformation(desk.services), "GET", path)
        (version,) = answer.data["versions"]
        assert (answer.status, version["links"][0]["href"]) == (300, f"{base}/v1/")


# -- signals by address ---------------------------------------------------------------------


async def a_policy(desk: Desk, client: Client) -> tuple[str, str]:
    """A resource with a key of its own, and its signed address."""
    stack_id = await created(client, desk)
    pair = KeyPair("access", "secret")
    row = desk.row(stack_id, "p", "AWS::AutoScaling::ScalingPolicy", data=pair.data)
    await client("UpdateStack", StackName="web", TemplateBody=BODY)
    await desk.settle(stack_id, row)
    arn = resource_arn("demo-project", "web", stack_id, "p")
    return stack_id, signed_address("http://api.example/cfn/v1", arn, pair, Purpose.SIGNAL)


async def call(desk: Desk, address: str, method: str = "POST", body: bytes = b"") -> Answer:
    path = address.removeprefix("http://api.example")
    return await send(build_cloudformation(desk.services), method, path, body)


async def test_whoever_has_the_address_signals(desk: Desk, client: Client) -> None:
    stack_id, address = await a_policy(desk, client)
    for body in (b"", b"null", b'{"current": "alarm"}', b"[1]", b"7"):
        answer = await call(desk, address, body=body)
        assert (answer.status, answer.data) == (200, {"resource": "p"})
    told = [message.content["details"] for message in await desk.store.messages(stack_id)]
    assert told == [None, None, {"current": "alarm"}, None, None]


async def test_long_after_it_was_signed_the_address_still_works(desk: Desk, client: Client) -> None:
    _, address = await a_policy(desk, client)
    desk.clock.advance(90 * 86400)
    assert (await call(desk, address)).status == 200


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("Signature=", "Signature=x"), (403, "SignatureDoesNotMatch")),
        (("/resources/p", "/resources/a"), (403, "SignatureDoesNotMatch")),
        (("/signal/", "/waitcondition/"), (400, "InvalidAction")),
        (("stacks/web", "stacks/other"), (403, "SignatureDoesNotMatch")),
        (("demo-project", "other-project"), (403, "SignatureDoesNotMatch")),
        (("arn%3A", "nothing%3A"), (400, "InvalidParameterValue")),
        (("/resources/p", ""), (400, "InvalidParameterValue")),
    ],
)
async def test_nothing_else_can_be_done_with_it(
    desk: Desk, client: Client, change: tuple[str, str], expected: tuple[int, str]
) -> None:
    stack_id, address = await a_policy(desk, client)
    assert code(await call(desk, address.replace(*change))) == expected
    assert await desk.store.messages(stack_id) == []


@pytest.mark.parametrize("body", [b"{", b"x", b'{"a": "\xff"}', b"[" * 100_000])
async def test_signals_that_cannot_be_read(desk: Desk, client: Client, body: bytes) -> None:
    _, address = await a_policy(desk, client)
    assert code(await call(desk, address, body=body)) == (400, "InvalidParameterValue")


async def test_when_its_stack_is_gone_the_address_is_worth_nothing(
    desk: Desk, client: Client
) -> None:
    stack_id, address = await a_policy(desk, client)
    await desk.delete(stack_id)
    assert code(await call(desk, address)) == (403, "SignatureDoesNotMatch")


async def test_users_of_the_project_may_signal_there_too(desk: Desk, client: Client) -> None:
    stack_id, address = await a_policy(desk, client)
    path = address.removeprefix("http://api.example").partition("?")[0]
    assert (await client.post(b"", path)).status == 200
    assert len(await desk.store.messages(stack_id)) == 1
    assert code(await Client(desk, "other").post(b"", path)) == (400, "ValidationError")


async def test_failed_and_rolled_back_updates_have_the_words_that_waiters_know(
    client: Client, desk: Desk
) -> None:
    stack_id = await created(client, desk)
    await client("UpdateStack", StackName="web", TemplateBody=BODY)
    await desk.settle(stack_id, status=Status.FAILED)
    shown: Any = await client("DescribeStacks", StackName="web")
    assert found(shown, "StackStatus") == ["UPDATE_FAILED"]


# -- users of the stack -----------------------------------------------------------------------


async def a_stack_with_users(desk: Desk, client: Client) -> str:
    """A stack whose server's agent has ``agent`` as its user, and ``reader`` has policies."""
    stack_id = await created(client, desk)
    for name in ("agent", "reader", "stranger"):
        project = "users" if name != "stranger" else "users-of-another"
        desk.cloud.callers = {
            **desk.cloud.callers,
            f"{name}-token": Caller(
                user_id=f"{name}-id",
                username=name,
                project_id=project,
                project_name=stack_id if project == "users" else "",
                roles=("heat_stack_user",),
                token=f"{name}-token",
            ),
        }
    await client("UpdateStack", StackName="web", TemplateBody=BODY)
    rows = [
        desk.row(stack_id, "a", "OS::Heat::TestResource", metadata={"told": "all"}),
        desk.row(stack_id, "w", "OS::Heat::Value"),
        desk.row(stack_id, "h", "OS::Heat::WaitConditionHandle", physical_id="agent-id"),
        desk.row(stack_id, "pol", "OS::Heat::AccessPolicy", properties={"AllowedResources": ["a"]}),
        desk.row(
            stack_id,
            "u",
            "AWS::IAM::User",
            physical_id="reader-id",
            properties={"Policies": ["pol", {"written": "out"}]},
        ),
    ]
    await desk.settle(stack_id, *rows, housed="users")
    return stack_id


@pytest.mark.parametrize("user", ["agent", "reader"])
async def test_agents_read_metadata_of_their_own_stack(
    desk: Desk, client: Client, user: str
) -> None:
    stack_id = await a_stack_with_users(desk, client)
    arn = f"arn:openstack:heat::demo-project:stacks/web/{stack_id}"
    for name in ("web", stack_id, arn):
        shown = await Client(desk, user)(
            "DescribeStackResource", StackName=name, LogicalResourceId="a"
        )
        assert json.loads(unescape(found(shown, "Metadata")[0])) == {"told": "all"}


async def test_policies_keep_users_from_what_they_do_not_name(desk: Desk, client: Client) -> None:
    await a_stack_with_users(desk, client)
    wanted = {"StackName": "web", "LogicalResourceId": "w"}
    assert (await Client(desk, "agent")("DescribeStackResource", **wanted)).status == 200
    refused = await Client(desk, "reader")("DescribeStackResource", **wanted)
    assert code(refused) == (403, "AccessDenied")


# -- requests that come twice --------------------------------------------------------------------


async def test_a_request_that_comes_again_with_its_token_is_done_once(
    client: Client, desk: Desk
) -> None:
    stack_id = await created(client, desk, ClientRequestToken="mine")
    again = await client(
        "CreateStack", StackName="web", TemplateBody=BODY, ClientRequestToken="mine"
    )
    assert found(again, "StackId") == [f"arn:openstack:heat::demo-project:stacks/web/{stack_id}"]
    other = await client(
        "CreateStack", StackName="more", TemplateBody=BODY, ClientRequestToken="mine"
    )
    assert code(other) == (400, "TokenAlreadyExistsException")
    theirs = Client(desk, "other")
    made = await theirs(
        "CreateStack", StackName="web", TemplateBody=BODY, ClientRequestToken="mine"
    )
    assert made.status == 200


async def test_events_have_the_token_of_the_operation_that_they_belong_to(
    client: Client, desk: Desk
) -> None:
    stack_id = await created(client, desk, ClientRequestToken="made")
    desk.clock.advance(1)
    await client("UpdateStack", StackName="web", TemplateBody=BODY)
    await desk.settle(stack_id)
    desk.clock.advance(1)
    await client("DeleteStack", StackName="web", ClientRequestToken="gone")
    shown = await client("DescribeStackEvents", StackName=stack_id)
    events = [
        (each.findtext("{*}ResourceStatus"), each.findtext("{*}ClientRequestToken"))
        for each in fromstring(shown.content).findall(".//{*}member")
    ]
    assert events == [
        ("DELETE_IN_PROGRESS", "gone"),
        ("UPDATE_COMPLETE", None),
        ("UPDATE_IN_PROGRESS", None),
        ("CREATE_COMPLETE", "made"),
        ("CREATE_IN_PROGRESS", "made"),
    ]


async def test_a_request_that_comes_again_before_the_first_is_done(
    client: Client, desk: Desk
) -> None:
    stack_id = await created(client, desk)
    asked = {"StackName": "web", "TemplateBody": BODY, "ClientRequestToken": "mine"}
    both = await asyncio.gather(client("UpdateStack", **asked), client("UpdateStack", **asked))
    assert [each.status for each in both] == [200, 200]
    newest = await desk.store.traversal(stack_id)
    assert newest is not None
    assert newest.number == 2


async def test_a_token_is_a_word(client: Client) -> None:
    refused = await client(
        "CreateStack", StackName="web", TemplateBody=BODY, ClientRequestToken="two words"
    )
    assert code(refused) == (400, "ValidationError")


@pytest.mark.parametrize("action", [each for each in ACTIONS if each.offers is not None])
async def test_what_would_have_no_effect_is_refused(client: Client, action: Action) -> None:
    description = load_description("isotherm.api.cfn")
    shape = description.input(action.name)
    kinds = {name: description.shapes[each].type for name, each in shape.members.items()}
    known = {name: "x" for name in shape.required if kinds[name] == "string"}
    for name, kind in kinds.items():
        if name in (action.offers or ()) or kind == "structure":
            continue
        value = {"boolean": "true", "integer": "1"}.get(kind, "x")
        enum = description.shapes[shape.members[name]].enum
        given = f"{name}.member.1" if kind == "list" else name
        if (
            kind == "list"
            and description.shapes[description.shapes[shape.members[name]].member].type
            == "structure"
        ):
            continue
        answer = await client(action.name, **known, **{given: enum[0] if enum else value})
        assert code(answer)[0] == 400
        assert f"{name} is not supported yet" in answer.content.decode()


# -- pages ----------------------------------------------------------------------------------------


async def test_all_stacks_come_in_pages(
    client: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isotherm.api.cfn.stacks.PAGE", 3)
    for number in range(4):
        made = await client("CreateStack", StackName=f"s{number}", TemplateBody=BODY)
        assert made.status == 200
    for action in ("ListStacks", "DescribeStacks"):
        first = await client(action)
        (token,) = found(first, "NextToken")
        rest = await client(action, NextToken=token)
        names = {*found(first, "StackName"), *found(rest, "StackName")}
        assert (len(names), found(rest, "NextToken")) == (4, [])
        assert code(await client(action, NextToken="wrong")) == (400, "ValidationError")


async def test_what_a_stack_has_comes_in_pages(client: Client, desk: Desk) -> None:
    stack_id = await created(client, desk)
    await client("UpdateStack", StackName="web", TemplateBody=BODY)
    await desk.settle(stack_id, *(desk.row(stack_id, f"r{n:03}", "T") for n in range(150)))
    first = await client("ListStackResources", StackName="web")
    (token,) = found(first, "NextToken")
    rest = await client("ListStackResources", StackName="web", NextToken=token)
    assert [len(found(each, "LogicalResourceId")) for each in (first, rest)] == [100, 52]
    for action in ("ListStackResources", "DescribeStackEvents"):
        wrong = await client(action, StackName="web", NextToken="wrong")
        assert code(wrong) == (400, "ValidationError")


def test_a_page_goes_on_where_the_last_one_ended_even_if_that_is_gone() -> None:
    names = ["a", "b", "c", "d", "e"]
    page, token = paging.cut(names, None, str, 2)
    assert page == ["a", "b"]
    assert paging.cut(names[1:], token, str, 2)[0] == ["c", "d"]
    assert paging.cut(["a", "c", "d", "e"], token, str, 2)[0] == ["d", "e"]
    assert paging.cut(names, token, str, 3) == (["c", "d", "e"], None)


# -- notifications --------------------------------------------------------------------------------


async def test_who_is_told_of_events_stays_until_others_are_named(
    client: Client, desk: Desk
) -> None:
    one = {"NotificationARNs.member.1": "https://hook.example/x?secret=1"}
    stack_id = await created(client, desk, **one)
    changes: list[tuple[dict[str, str], list[str]]] = [
        ({}, ["https://hook.example/x?secret=1"]),
        ({"NotificationARNs.member.1": "http://other.example"}, ["http://other.example"]),
        ({"NotificationARNs": ""}, []),
    ]
    for more, expected in changes:
        for template in ({"TemplateBody": BODY}, {"UsePreviousTemplate": "true"}):
            answer = await client("UpdateStack", StackName="web", **template, **more)
            assert answer.status == 200, answer.content
            await desk.settle(stack_id)
            shown = await client("DescribeStacks", StackName="web")
            listed = "".join(found(shown, "NotificationARNs"))
            assert re.findall("<member>(.*?)</member>", listed) == expected


@pytest.mark.parametrize("address", ["arn:aws:sns:here:1:topic", "ftp://x", "https://", "mine"])
async def test_nobody_else_can_be_told(client: Client, address: str) -> None:
    more = {"NotificationARNs.member.1": address}
    refused = await client("CreateStack", StackName="web", TemplateBody=BODY, **more)
    assert code(refused) == (400, "InvalidParameterValue")
