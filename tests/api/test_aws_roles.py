"""Every action of the doors for clients of AWS, asked for by everybody there is.

``LEAST`` says who may do what; an action that it does not have fails the test of its door, as does
one for which there is no request. Whoever is refused has changed nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.api.test_cloudwatch import ALARM, ARGUMENTS
from tests.asgi import send
from tests.desk import TEMPLATE, Desk
from tests.markup import code

from isotherm.api.aws.door import Action
from isotherm.api.cfn import build_cloudformation
from isotherm.api.cfn.actions import ACTIONS as CFN_ACTIONS
from isotherm.api.cloudwatch import build_cloudwatch
from isotherm.api.cloudwatch.actions import ACTIONS as CLOUDWATCH_ACTIONS
from isotherm.core.arns import stack_arn
from isotherm.ports.cloud import Caller
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack

STACK_USER = "heat_stack_user"
FORM = {"content-type": "application/x-www-form-urlencoded"}
DONE = (200, "")
DENIED = (403, "AccessDenied")
NOT_THERE = (400, "ValidationError")

ROLES: Mapping[str, tuple[str, ...]] = {
    "admin": ("admin", "member", "reader"),
    "member": ("member", "reader"),
    "reader": ("reader",),
    "nobody": ("something",),
    "other": ("member", "reader"),
    "own": (STACK_USER,),
    "stranger": (STACK_USER,),
}
"""Of a project's users, of ``other`` in another project, of the stack's ``own`` user, and of the
user of another stack."""
UNSIGNED = "unsigned"

READER, MEMBER, USER_OF_STACK = "reader", "member", "user of a stack"
MAY = {
    READER: ("admin", "member", "reader", "other"),
    MEMBER: ("admin", "member", "other"),
    USER_OF_STACK: ("admin", "member", "reader", "other", "own", "stranger"),
}


def both(reader: str, member: str, stack_user: str) -> dict[str, str]:
    told = {READER: reader, MEMBER: member, USER_OF_STACK: stack_user}
    return {name: role for role, names in told.items() for name in names.split()}


CFN_LEAST = both(
    reader=(
        "DescribeChangeSet DescribeStackDriftDetectionStatus DescribeStackEvents"
        " DescribeStackResourceDrifts DescribeStackResources DescribeStacks EstimateTemplateCost"
        " GetStackPolicy GetTemplate GetTemplateSummary ListChangeSets ListExports ListImports"
        " ListStackResources ListStacks ValidateTemplate"
    ),
    member=(
        "CancelUpdateStack ContinueUpdateRollback CreateChangeSet CreateStack DeleteChangeSet"
        " DeleteStack DetectStackDrift DetectStackResourceDrift ExecuteChangeSet RollbackStack"
        " SetStackPolicy UpdateStack UpdateTerminationProtection"
    ),
    stack_user="DescribeStackResource SignalResource",
)
CLOUDWATCH_LEAST = both(
    reader=(
        "DescribeAlarmHistory DescribeAlarms DescribeAlarmsForMetric GetMetricData"
        " GetMetricStatistics ListMetrics ListTagsForResource"
    ),
    member=(
        "DeleteAlarms DisableAlarmActions EnableAlarmActions PutCompositeAlarm PutMetricAlarm"
        " SetAlarmState TagResource UntagResource"
    ),
    stack_user="PutMetricData",
)

BODY = json.dumps(TEMPLATE)
WEB = {"StackName": "web"}
SET = {"ChangeSetName": "c", **WEB}
POLICY = json.dumps({"Statement": [{"Effect": "Allow", "Action": "Update:*", "Resource": "*"}]})
SIGNALLED = {"LogicalResourceId": "h", "UniqueId": "1", "Status": "SUCCESS"}
CFN_REQUESTS: Mapping[str, Mapping[str, str]] = {
    "CancelUpdateStack": WEB,
    "ContinueUpdateRollback": WEB,
    "CreateChangeSet": {"ChangeSetName": "d", "TemplateBody": BODY, **WEB},
    "CreateStack": {"StackName": "new", "TemplateBody": BODY},
    "DeleteChangeSet": SET,
    "DeleteStack": WEB,
    "DescribeChangeSet": SET,
    "DescribeStackDriftDetectionStatus": {"StackDriftDetectionId": "DETECTION"},
    "DescribeStackEvents": WEB,
    "DescribeStackResource": {"LogicalResourceId": "a", **WEB},
    "DescribeStackResourceDrifts": WEB,
    "DescribeStackResources": WEB,
    "DescribeStacks": WEB,
    "DetectStackDrift": WEB,
    "DetectStackResourceDrift": {"LogicalResourceId": "w", **WEB},
    "EstimateTemplateCost": {"TemplateBody": BODY},
    "ExecuteChangeSet": SET,
    "GetStackPolicy": WEB,
    "GetTemplate": WEB,
    "GetTemplateSummary": WEB,
    "ListChangeSets": WEB,
    "ListExports": {},
    "ListImports": {"ExportName": "none"},
    "ListStackResources": WEB,
    "ListStacks": {},
    "RollbackStack": WEB,
    "SetStackPolicy": {"StackPolicyBody": POLICY, **WEB},
    "SignalResource": {**SIGNALLED, **WEB},
    "UpdateStack": {"TemplateBody": BODY, **WEB},
    "UpdateTerminationProtection": {"EnableTerminationProtection": "true", **WEB},
    "ValidateTemplate": {"TemplateBody": BODY},
}
NOTHING_TO_GO_BACK_TO = (400, "ValidationError")
NO_CHANGE_SET = (404, "ChangeSetNotFound")
CLOUDWATCH_REQUESTS: Mapping[str, Mapping[str, Any]] = {
    "DescribeAlarmHistory": {},
    "DescribeAlarms": {},
    "ListMetrics": {},
    **ARGUMENTS,
}


@dataclass(frozen=True)
class Door:
    """``answers``: what whoever may do something is told, where that is not that it is done.
    ``of_others``: what users of another project are told of what is not theirs."""

    actions: Sequence[Action]
    least: Mapping[str, str]
    requests: Mapping[str, Mapping[str, Any]]
    ask: Callable[[Desk, str, str, Mapping[str, Any]], Awaitable[tuple[int, str, bytes]]]
    answers: Mapping[str, tuple[int, str]]
    of_others: Mapping[str, tuple[int, str]]
    of_strangers: tuple[int, str]

    def expected(self, action: str, who: str) -> tuple[int, str]:
        if who == UNSIGNED:
            return 400, "IncompleteSignature"
        if who not in MAY[self.least[action]]:
            return DENIED
        if who == "stranger":
            return self.of_strangers
        told = self.answers.get(action, DONE)
        return self.of_others.get(action, told) if who == "other" else told


async def furnished(
    desk: Desk, kind: str = "AWS::CloudFormation::WaitConditionHandle", **fields: Any
) -> dict[str, Any]:
    """A stack of each project, whose ``h`` is of that kind; gives what stands for words in
    requests: even whoever knows the ARN of a stack finds only his own."""
    source = SourceRequest(template=TEMPLATE)
    for project in ("web", "their"):
        wanted = CreateRequest(name=project, source=source)
        caller = desk.caller if project == "web" else desk.other
        stack = await create_stack(desk.services, caller, wanted)
        handle = desk.row(stack.id, "h", kind, **fields)
        await desk.settle(stack.id, *desk.rows(stack.id), handle, housed=f"users-of-{project}")
    known = {each.name: each for each in desk.store._stacks.values()}
    desk.cloud.callers = {f"{who}-token": _caller(who, known["web"].id) for who in ROLES}
    return {"web": stack_arn("demo-project", "web", known["web"].id)}


def _caller(who: str, stack_id: str) -> Caller:
    project = {"other": "other-project", "own": "users-of-web", "stranger": "users-of-their"}
    return Caller(
        user_id=f"{who}-id",
        username=who,
        project_id=project.get(who, "demo-project"),
        project_name=stack_id if who == "own" else "",
        roles=ROLES[who],
        token=f"{who}-token",
    )


async def ask_cfn(
    desk: Desk, who: str, action: str, given: Mapping[str, Any]
) -> tuple[int, str, bytes]:
    body = urlencode({"Action": action, **given}).encode()
    answer = await send(
        build_cloudformation(desk.services), "POST", "/v1/", body, {**FORM, **_token(who)}
    )
    return *code(answer), answer.content


async def ask_cloudwatch(
    desk: Desk, who: str, action: str, given: Mapping[str, Any]
) -> tuple[int, str, bytes]:
    headers = {
        "x-amz-target": f"GraniteServiceVersion20100801.{action}",
        "content-type": "application/x-amz-json-1.0",
        **_token(who),
    }
    body = json.dumps(given).encode()
    answer = await send(build_cloudwatch(desk.services), "POST", "/", body, headers)
    return answer.status, (answer.data or {}).get("__type", ""), answer.content


def _token(who: str) -> dict[str, str]:
    return {} if who == UNSIGNED else {"x-auth-token": f"{who}-token"}


async def prepared() -> tuple[Desk, dict[str, Any]]:
    """The same with a change set, a look at its drift, and an alarm."""
    desk = Desk()
    ids = await furnished(desk)
    for ask, action, given in (
        (ask_cfn, "CreateChangeSet", {**SET, "TemplateBody": BODY}),
        (ask_cfn, "DetectStackDrift", WEB),
        (ask_cloudwatch, "PutMetricAlarm", ALARM),
    ):
        status, _, told = await ask(desk, "member", action, given)
        assert status == 200, told
        if action == "DetectStackDrift":
            (ids["DETECTION"],) = re.findall("<StackDriftDetectionId>(.*?)<", told.decode())
    return desk, ids


def contents(desk: Desk) -> str:
    """All that is stored, as text."""
    kept = {**vars(desk.store), **vars(desk.store.attachments), **vars(desk.store.watches)}
    return repr({name: each for name, each in kept.items() if isinstance(each, dict | list)})


CLOUDFORMATION = Door(
    actions=CFN_ACTIONS,
    least=CFN_LEAST,
    requests=CFN_REQUESTS,
    ask=ask_cfn,
    answers={
        "CancelUpdateStack": NOTHING_TO_GO_BACK_TO,
        "ContinueUpdateRollback": NOTHING_TO_GO_BACK_TO,
        "ListImports": NOT_THERE,
        "RollbackStack": NOTHING_TO_GO_BACK_TO,
    },
    of_others={
        **{name: NOT_THERE for name, each in CFN_REQUESTS.items() if "StackName" in each},
        "CreateStack": DONE,
        "DeleteChangeSet": DONE,
        "DeleteStack": DONE,
        "DescribeChangeSet": NO_CHANGE_SET,
        "DescribeStackDriftDetectionStatus": NOT_THERE,
        "ExecuteChangeSet": NO_CHANGE_SET,
        "ListChangeSets": DONE,
    },
    of_strangers=NOT_THERE,
)
CLOUDWATCH = Door(
    actions=CLOUDWATCH_ACTIONS,
    least=CLOUDWATCH_LEAST,
    requests=CLOUDWATCH_REQUESTS,
    ask=ask_cloudwatch,
    answers={},
    of_others={
        "DeleteAlarms": (404, "ResourceNotFound"),
        "ListTagsForResource": (404, "ResourceNotFoundException"),
        "PutCompositeAlarm": NOT_THERE,
        "SetAlarmState": (404, "ResourceNotFound"),
        "TagResource": (404, "ResourceNotFoundException"),
        "UntagResource": (404, "ResourceNotFoundException"),
    },
    of_strangers=DONE,
)


@pytest.mark.parametrize("door", [CLOUDFORMATION, CLOUDWATCH])
def test_no_action_is_forgotten(door: Door) -> None:
    names = {each.name for each in door.actions}
    assert door.least.keys() == names
    assert door.requests.keys() == names


@pytest.mark.parametrize(
    ("door", "action"),
    [(door, each.name) for door in (CLOUDFORMATION, CLOUDWATCH) for each in door.actions],
)
async def test_everybody_may_do_what_is_his(door: Door, action: str) -> None:
    desk, ids = await prepared()
    for who in (UNSIGNED, *ROLES):
        given = {name: ids.get(str(each), each) for name, each in door.requests[action].items()}
        before = contents(desk)
        *told, content = await door.ask(desk, who, action, given)
        assert tuple(told) == door.expected(action, who), (who, content)
        if told[0] == 200 and who in ("other", "stranger"):
            assert ids["web"].encode() not in content
        if contents(desk) != before:
            assert told[0] == 200
            desk, ids = await prepared()
