"""The addresses of signals, called by everybody there is.

Who may signal by name is said by the rule ``resource:signal``; an address that the resource's own
key has signed does for whoever has it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote

import pytest
from tests.api.test_aws_roles import ROLES, UNSIGNED, furnished
from tests.asgi import Answer, send
from tests.desk import Desk
from tests.markup import code

from isotherm.api.cfn import build_cloudformation
from isotherm.kit.signed_addresses import KeyPair, Purpose, signed_address

PAIR, ANOTHER = KeyPair("of-the-handle", "hush"), KeyPair("of-another", "hush")
BASE = "http://api.example/v1"
BODY = json.dumps({"Status": "SUCCESS", "UniqueId": "1", "Reason": "up", "Data": ""}).encode()
DONE, DENIED, NOT_THERE = (200, ""), (403, "AccessDenied"), (400, "ValidationError")
WHO = (UNSIGNED, *ROLES)
BY_NAME: Mapping[str, tuple[int, str]] = {
    **dict.fromkeys(("admin", "member", "reader", "own"), DONE),
    "nobody": DENIED,
    "other": NOT_THERE,
    "stranger": NOT_THERE,
    UNSIGNED: (400, "IncompleteSignature"),
}
ROUTES = [
    ("AWS::CloudFormation::WaitConditionHandle", Purpose.WAIT_CONDITION),
    ("AWS::AutoScaling::ScalingPolicy", Purpose.SIGNAL),
]


async def arranged(kind: str) -> tuple[Desk, str, str]:
    """A stack with a resource that is signalled: the stack's id, and the resource's ARN."""
    desk = Desk()
    arn = (await furnished(desk, kind, data=PAIR.data))["web"]
    return desk, arn.rpartition("/")[2], f"{arn}/resources/h"


async def ask(desk: Desk, who: str, purpose: Purpose, address: str) -> Answer:
    headers = {} if who == UNSIGNED else {"x-auth-token": f"{who}-token"}
    path = address.removeprefix("http://api.example")
    return await send(build_cloudformation(desk.services), purpose.verb, path, BODY, headers)


@pytest.mark.parametrize(("kind", "purpose"), ROUTES)
@pytest.mark.parametrize("who", WHO)
async def test_by_the_name_of_a_resource(kind: str, purpose: Purpose, who: str) -> None:
    desk, stack_id, arn = await arranged(kind)
    address = f"{BASE}/{purpose.path}/{quote(arn, safe='/')}"
    assert code(await ask(desk, who, purpose, address)) == BY_NAME[who]
    assert len(await desk.store.messages(stack_id)) == (BY_NAME[who] == DONE)


@pytest.mark.parametrize(("kind", "purpose"), ROUTES)
@pytest.mark.parametrize("who", WHO)
async def test_by_its_signed_address(kind: str, purpose: Purpose, who: str) -> None:
    desk, stack_id, arn = await arranged(kind)
    address = signed_address(BASE, arn, PAIR, purpose)
    assert code(await ask(desk, who, purpose, address)) == DONE
    assert len(await desk.store.messages(stack_id)) == 1


@pytest.mark.parametrize(("kind", "purpose"), ROUTES)
@pytest.mark.parametrize("who", WHO)
async def test_by_an_address_that_another_key_has_signed(
    kind: str, purpose: Purpose, who: str
) -> None:
    """It is worth nothing: who sends it may do what he may without."""
    desk, stack_id, arn = await arranged(kind)
    told = await ask(desk, who, purpose, signed_address(BASE, arn, ANOTHER, purpose))
    expected = (403, "SignatureDoesNotMatch") if who == UNSIGNED else BY_NAME[who]
    assert code(told) == expected
    assert len(await desk.store.messages(stack_id)) == (BY_NAME[who] == DONE)
