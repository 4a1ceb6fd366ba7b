"""No request to the CloudFormation door brings an internal failure."""

from __future__ import annotations

import os
import random
from typing import Any
from urllib.parse import urlencode

from tests.asgi import send
from tests.desk import TEMPLATE, Desk

from isotherm.api.aws.description import Description, Shape, load_description
from isotherm.api.cfn import build_cloudformation
from isotherm.api.cfn.actions import ACTIONS

TIMES = int(os.environ.get("ISOTHERM_FUZZ_TIMES", "400"))
SEED = int(os.environ.get("ISOTHERM_FUZZ_SEED", "7"))
TEXTS = (
    "",
    "web",
    "none",
    "\x00",
    "\ud7ff\uffff<&>",
    "9" * 400,
    "-1",
    "1e999",
    "true",
    "null",
    "[" * 5000,
    "{}",
    "arn:openstack:heat::demo-project:stacks/web/x",
    "arn:openstack:heat::demo-project:changeSet/a/b",
    "2030-01-31T12:00:00Z",
    "%00%ff",
    str(dict(TEMPLATE)),
    "resources: {a: {type: OS::Heat::TestResource}}\nheat_template_version: 2018-08-31",
    '{"Statement": [{"Effect": "Deny", "Action": "Update:*", "Resource": "*"}]}',
)


class Guesser:
    def __init__(self, description: Description, dice: random.Random) -> None:
        self._description, self._dice = description, dice

    def request(self) -> dict[str, str]:
        dice = self._dice
        action = dice.choice(ACTIONS).name
        shape = self._description.input(action)
        given: dict[str, str] = {"Action": action}
        for name, kind in shape.members.items():
            if name in shape.required or dice.random() < 0.3:
                given |= self._value(name, self._description.shapes[kind])
        if dice.random() < 0.1:
            given[dice.choice(["Wrong", "Tags.member.1", "StackName.x", "ContentType"])] = "JSON"
        return given

    def _value(self, path: str, shape: Shape) -> dict[str, str]:
        dice = self._dice
        if dice.random() < 0.1:
            return {path: dice.choice(TEXTS)}
        match shape.type:
            case "structure":
                found: dict[str, str] = {}
                for name, kind in shape.members.items():
                    if dice.random() < 0.7:
                        found |= self._value(f"{path}.{name}", self._description.shapes[kind])
                return found
            case "list":
                inner = self._description.shapes[shape.member]
                found = {}
                for number in range(1, dice.randint(1, 3)):
                    found |= self._value(f"{path}.member.{number}", inner)
                return found
            case "boolean":
                return {path: dice.choice(["true", "false", "x"])}
            case "integer":
                return {path: dice.choice(["1", "7", "0", "x"])}
        return {path: dice.choice(shape.enum) if shape.enum else dice.choice(TEXTS)}


async def test_whatever_is_asked_the_fault_is_the_clients() -> None:
    dice, desk = random.Random(SEED), Desk()
    app = build_cloudformation(desk.services)
    headers = {
        "x-auth-token": "demo-token",
        "content-type": "application/x-www-form-urlencoded",
    }
    guesser = Guesser(load_description("isotherm.api.cfn"), dice)
    statuses: dict[int, int] = {}
    for _ in range(TIMES):
        given: Any = guesser.request()
        body = urlencode(given, errors="surrogatepass").encode()
        if dice.random() < 0.05:
            body = bytes(dice.randrange(256) for _ in range(dice.randrange(60)))
        answer = await send(app, "POST", "/v1/", body, headers)
        assert answer.status < 500, f"{given}: {answer.content!r}"
        statuses[answer.status] = statuses.get(answer.status, 0) + 1
    assert statuses.get(200), statuses
