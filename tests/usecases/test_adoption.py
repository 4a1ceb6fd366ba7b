"""Exports and adoptions as requests see them: what is given, what wins, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.desk import TEMPLATE, Desk

from isotherm.core.errors import EntityNotFound, NotSupported, StackExists
from isotherm.core.states import Action, Status
from isotherm.core.values import Secret, reveal
from isotherm.ports.records import Operation, Stack, replace
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.actions import run_action
from isotherm.usecases.stacks.contents import Contents
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.giving_up import abandon_stack, export_stack
from isotherm.usecases.stacks.preview import preview_create

REFERENCE = Path(__file__).parents[1] / "clients" / "exported_by_the_reference.json"
"""What another service has exported: our exports have the same form."""


@pytest.fixture
def giving() -> Desk:
    return Desk(enable_stack_abandon=True, enable_stack_adopt=True)


async def a_stack(desk: Desk) -> Stack:
    source = SourceRequest(template=TEMPLATE, parameters={"p": "one", "s": "secret-word"})
    request = CreateRequest(name="web", source=source, tags="t")
    stack = await create_stack(desk.services, desk.caller, request)
    first, *rest = desk.rows(stack.id)
    secret = replace(first, data={"token": Secret("hush-hush")}, physical_id="id-of-a")
    return await desk.settle(stack.id, secret, *rest)


async def adopt(desk: Desk, data: Any, name: str = "new", **source: Any) -> Stack:
    request = CreateRequest(name=name, source=SourceRequest(**source), adopted=data)
    return await create_stack(desk.services, desk.caller, request)


def shape(contents: Contents) -> set[str]:
    from isotherm.api.native import views

    return set(views.contents(contents))


async def test_an_export_holds_all_that_is_needed_secrets_too(giving: Desk) -> None:
    stack = await a_stack(giving)
    found = await export_stack(giving.services, giving.caller, "web", stack.id)
    assert found.environment["parameters"] == {"p": "one", "s": "secret-word"}
    assert found.resources["a"]["resource_data"] == {"token": "hush-hush"}
    recorded = json.loads(REFERENCE.read_text())
    assert shape(found) == set(recorded)
    assert set(found.resources["a"]) == {*recorded["resources"]["r"], "physical_name"}
    present = await giving.store.stack(stack.id)
    assert present == stack, "the stack goes on"


async def test_an_export_keeps_apart_what_others_cannot_keep(giving: Desk) -> None:
    data = {"token": Secret("hush-hush"), "around": {"region": "one"}, "equipped": True}
    stack = await a_stack(giving)
    row = replace(giving.rows(stack.id)[0], data=data, physical_id="id-of-a")
    await run_action(giving.services, giving.caller, "web", stack.id, "check")
    await giving.settle(stack.id, row)
    found = (await export_stack(giving.services, giving.caller, "web", stack.id)).resources["a"]
    assert found["resource_data"] == {"token": "hush-hush"}, "texts alone"
    adopted = await adopt(giving, {"template": TEMPLATE, "resources": {"a": found}})
    (given,) = await giving.store.snapshots(adopted.id)
    assert reveal(given.resources["a"]["resource_data"]) == reveal(data)


async def test_an_abandoned_stack_goes_without_its_objects(giving: Desk) -> None:
    stack = await a_stack(giving)
    found = await abandon_stack(giving.services, giving.caller, "web", stack.id)
    assert (found.stack.action, found.stack.status) == (Action.CREATE, Status.COMPLETE)
    traversal = await giving.store.traversal(stack.id)
    assert traversal is not None
    assert (traversal.operation, traversal.abandons) == (Operation.DELETE, True)
    await giving.settle(stack.id)
    with pytest.raises(EntityNotFound):
        await abandon_stack(giving.services, giving.caller, "web", stack.id)


async def test_both_must_be_enabled(desk: Desk) -> None:
    stack = await a_stack(desk)
    for give_up in (export_stack, abandon_stack):
        with pytest.raises(NotSupported, match="Stack Abandon is not supported"):
            await give_up(desk.services, desk.caller, "web", stack.id)
    with pytest.raises(NotSupported, match="Stack Adopt is not supported"):
        await adopt(desk, {"template": TEMPLATE})


async def test_what_is_adopted_is_kept_until_it_is_and_is_no_snapshot(giving: Desk) -> None:
    data = {"template": TEMPLATE, "resources": {"a": {"resource_id": "7", "id": "x"}}}
    stack = await adopt(giving, data)
    assert (stack.action, stack.status, stack.lent) == (Action.ADOPT, Status.IN_PROGRESS, True)
    traversal = await giving.store.traversal(stack.id)
    (given,) = await giving.store.snapshots(stack.id)
    assert traversal is not None
    assert (traversal.operation, traversal.snapshot_id) == (Operation.ADOPT, given.id)
    assert (given.listed, given.resources) == (False, {"a": {"resource_id": "7"}})


async def test_a_preview_shows_what_would_be_adopted(giving: Desk) -> None:
    data = {"template": TEMPLATE, "environment": {"parameters": {"p": "of the data"}}}
    request = CreateRequest(name="new", source=SourceRequest(), adopted=data)
    found = await preview_create(giving.services, giving.caller, request)
    assert found.parameters["p"] == "of the data"
    assert len(found.resources) == len(TEMPLATE["resources"])


async def test_what_the_request_says_wins_over_the_data(giving: Desk) -> None:
    data = {
        "template": TEMPLATE,
        "environment": {"parameters": {"p": "of the data"}},
        "files": {"a.txt": "of the data", "b.txt": "of the data"},
        "resources": {},
    }
    environment = {"parameters": {"p": "of the environment", "s": "of the environment"}}
    stacks = [
        await adopt(giving, data, "first"),
        await adopt(giving, json.dumps(data), "second", environment=environment),
        await adopt(
            giving,
            data,
            "third",
            environment=environment,
            parameters={"p": "of the request"},
            files={"a.txt": "of the request"},
        ),
    ]
    sources = [await giving.store.source(each.source_id) for each in stacks]
    told = [each.environment["parameters"]["p"] for each in sources]
    assert told == ["of the data", "of the environment", "of the request"]
    assert sources[2].files == {"a.txt": "of the request", "b.txt": "of the data"}
    with pytest.raises(StackExists):
        await adopt(giving, data, "first")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("no: [", "Invalid adopt data"),
        ("a text", "Invalid adopt data"),
        ("[]", "Invalid adopt data"),
        ("{}", "'template' is missing"),
        ({"template": 5}, "'template' is missing"),
        ({"template": TEMPLATE, "resources": []}, "resources must be an object"),
        ({"template": TEMPLATE, "environment": 5}, "environment must be an object"),
        ({"template": TEMPLATE, "files": "x"}, "files must be an object"),
        ({"template": TEMPLATE, "resources": {"a": 5}}, "resources.a must be an object"),
        (
            {"template": TEMPLATE, "resources": {"a": {"resource_id": 5}}},
            "resources.a.resource_id must be text",
        ),
        (
            {"template": TEMPLATE, "resources": {"a": {"metadata": "x"}}},
            "resources.a.metadata must be an object",
        ),
        (
            {"template": TEMPLATE, "resources": {"a": {"resources": {"b": {"resource_data": 1}}}}},
            "resources.a.resources.b.resource_data must be an object",
        ),
    ],
)
async def test_data_of_the_wrong_form_are_refused(giving: Desk, data: Any, complaint: str) -> None:
    with pytest.raises(BadRequest, match=complaint) as refused:
        await adopt(giving, data)
    assert str(refused.value).startswith("Invalid adopt data: ")
