"""The same request at two processes at once: what it asks for is done once, and both are told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.api.test_cloudformation import BODY, Client, created
from tests.asgi import Answer
from tests.desk import TEMPLATE, Desk
from tests.markup import code, found

OTHER = json.dumps({**TEMPLATE, "description": "another"})
SET = {"StackName": "web", "ChangeSetName": "one"}


class Twins:
    """Two processes on one database."""

    def __init__(self, desk: Desk) -> None:
        self._clients = [Client(desk), Client(desk)]

    async def __call__(self, action: str, **given: str) -> Sequence[Answer]:
        return await asyncio.gather(
            *(each(action, ClientRequestToken="mine", **given) for each in self._clients)
        )


@pytest.fixture
def twins(desk: Desk) -> Twins:
    return Twins(desk)


async def test_one_stack_is_made(desk: Desk, twins: Twins) -> None:
    one, two = await twins("CreateStack", StackName="web", TemplateBody=BODY)
    assert (one.status, two.status) == (200, 200)
    assert found(one, "StackId") == found(two, "StackId")


@pytest.mark.parametrize("action", ["UpdateStack", "DeleteStack", "ExecuteChangeSet"])
async def test_one_operation_is_begun(desk: Desk, twins: Twins, action: str) -> None:
    client = Client(desk)
    stack_id = await created(client, desk)
    await client("CreateChangeSet", **SET, TemplateBody=OTHER)
    given = {
        "UpdateStack": {"StackName": "web", "TemplateBody": OTHER},
        "DeleteStack": {"StackName": "web"},
        "ExecuteChangeSet": SET,
    }[action]
    one, two = await twins(action, **given)
    assert (one.status, two.status) == (200, 200)
    traversal = await desk.store.traversal(stack_id)
    assert traversal is not None
    assert traversal.number == 2


async def test_what_was_refused_may_be_asked_again(desk: Desk, twins: Twins) -> None:
    given = {"StackName": "web", "TemplateBody": OTHER}
    assert [code(each)[1] for each in await twins("UpdateStack", **given)] == [
        "ValidationError",
        "ValidationError",
    ]
    await created(Client(desk), desk)
    one, two = await twins("UpdateStack", **given)
    assert (one.status, two.status) == (200, 200)


async def test_the_claim_of_a_process_that_died_is_not_waited_for_longer_than_clients_do(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(desk.store.attachments, "put", die)
    removed = desk.store.attachments.remove
    monkeypatch.setattr(desk.store.attachments, "remove", die)
    given = {"StackName": "web", "TemplateBody": OTHER, "ClientRequestToken": "mine"}
    stack_id = await created(Client(desk), desk)
    dying = asyncio.create_task(Client(desk)("UpdateStack", **given))
    for _ in range(1000):
        await asyncio.sleep(0)
    monkeypatch.setattr(desk.store.attachments, "remove", removed)
    monkeypatch.undo()
    await desk.settle(stack_id)
    begun = desk.clock.now()
    assert (await Client(desk)("UpdateStack", **given)).status == 200
    assert timedelta(seconds=50) < desk.clock.now() - begun < timedelta(seconds=70)
    dying.cancel()
