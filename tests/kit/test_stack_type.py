"""Resources whose object is a stack: what the verbs ask for and make of the answers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from isotherm.core.errors import Gone
from isotherm.core.failures import Failure
from isotherm.core.schema import Blueprint
from isotherm.kit import (
    Changes,
    Context,
    Failed,
    Pending,
    Ready,
    ReplaceInstead,
    StackIdentity,
    Started,
)
from isotherm.kit.context import Intent
from isotherm.kit.nested_stacks import NoNestedStacks
from isotherm.kit.outcomes import Remote
from isotherm.kit.properties import Properties
from isotherm.kit.stack_type import StackType
from isotherm.kit.template_type import TemplateType
from isotherm.template import TemplateFile, load_template, schema_of_template
from isotherm.testing.virtual_time import EPOCH

TEXT = """\
heat_template_version: 2021-04-16
parameters: {size: {type: number}}
outputs: {url: {value: http}}
"""
TEMPLATE = load_template(TEXT)
WEB = TemplateType(TemplateFile(schema_of_template("web.yaml", TEMPLATE), TEMPLATE, TEXT))


class Stacks(NoNestedStacks):
    """Notes what it is asked for; ``there`` are the stacks that exist."""

    def __init__(self, **there: Remote) -> None:
        self.there = there
        self.asked: list[tuple[Any, ...]] = []

    async def create(self, *asked: Any) -> None:
        self.asked.append(asked)

    async def update(self, resource: str, stack_id: str, blueprint: Blueprint) -> None:
        if stack_id not in self.there:
            raise Gone(stack_id)
        self.asked.append((resource, stack_id, blueprint))

    async def check(self, stack_id: str) -> None:
        self.asked.append(("check", stack_id))

    async def suspend(self, stack_id: str) -> None:
        self.asked.append(("suspend", stack_id))

    async def resume(self, stack_id: str) -> None:
        self.asked.append(("resume", stack_id))

    async def snapshot(self, stack_id: str) -> None:
        self.asked.append(("snapshot", stack_id))

    async def delete(self, stack_id: str) -> None:
        self.asked.append(("delete", stack_id))

    async def show(self, stack_id: str) -> Remote | None:
        return self.there.get(stack_id)

    async def read(self, *asked: Any) -> str:
        self.asked.append(asked)
        return "inner"


def context(
    stacks: Stacks, api: Any = None, sealed: Any = None, **fields: Any
) -> Context[Properties]:
    return Context(
        stack=StackIdentity("id", "outer", "project", "user"),
        resource="web",
        props=Properties(),
        physical_name="outer-web-token",
        intent=Intent("token", 1, EPOCH),
        api=api,
        now=EPOCH,
        stacks=stacks,
        sealed=sealed or {"size": 3},
        **fields,
    )


def shown(
    status: str, reason: str = "", failure: Failure | None = None, **outputs: Any
) -> dict[str, Any]:
    told = {"action": "CREATE", "status": status, "reason": reason, "failure": failure}
    return {"name": "n", **told, "outputs": outputs}


def test_the_stack_gets_the_id_that_its_intent_says() -> None:
    stacks = Stacks()
    ctx = context(stacks)
    assert asyncio.run(WEB.create(ctx)) == Started(ctx.intent.uuid)
    blueprint = Blueprint(TEXT, {"size": 3})
    assert stacks.asked == [("web", ctx.intent.uuid, "outer-web-token", blueprint)]


def test_a_stack_is_found_by_its_intent() -> None:
    stack_id = context(Stacks()).intent.uuid
    (found,) = asyncio.run(WEB.find(context(Stacks(**{stack_id: shown("COMPLETE")}))))
    assert found.physical_id == stack_id
    assert asyncio.run(WEB.find(context(Stacks()))) == []


def test_a_stack_that_is_gone_is_replaced_by_an_update() -> None:
    with pytest.raises(ReplaceInstead):
        asyncio.run(WEB.update(context(Stacks(), physical_id="gone"), Changes()))


def test_an_update_gives_the_stack_what_it_is_to_be_now() -> None:
    stacks = Stacks(s=shown("COMPLETE"))
    assert asyncio.run(WEB.update(context(stacks, physical_id="s"), Changes())) == Pending(0)
    assert stacks.asked == [("web", "s", Blueprint(TEXT, {"size": 3}))]


def test_checks_rest_and_removals_begin_in_the_stack_and_are_waited_for() -> None:
    stacks = Stacks(s=shown("COMPLETE"))
    ctx = context(stacks, physical_id="s")
    assert asyncio.run(WEB.check(ctx)) == Pending(0)
    assert asyncio.run(WEB.suspend(ctx)) == asyncio.run(WEB.resume(ctx)) == Pending(0)
    assert asyncio.run(WEB.snapshot(ctx)) == asyncio.run(WEB.delete(ctx)) == Pending(0)
    verbs = ["check", "suspend", "resume", "snapshot", "delete"]
    assert [verb for verb, _ in stacks.asked] == verbs
    assert asyncio.run(WEB.observe(ctx)) == shown("COMPLETE")
    assert asyncio.run(WEB.observe(context(Stacks(), physical_id="s"))) is None


@pytest.mark.parametrize(
    ("attribute", "asked"),
    [
        ("resource.server", ("s", "server", None)),
        ("resource.server.networks", ("s", "server", "networks")),
        ("resource.server.metadata.a", ("s", "server", "metadata.a")),
    ],
)
def test_what_is_inside_can_be_read(attribute: str, asked: Any) -> None:
    stacks = Stacks()
    assert asyncio.run(WEB.fetch(context(stacks, physical_id="s"), attribute)) == "inner"
    assert stacks.asked == [asked]


def test_what_neither_the_stack_nor_its_inside_has_is_missing() -> None:
    stacks = Stacks()
    with pytest.raises(LookupError, match="address"):
        asyncio.run(WEB.fetch(context(stacks, physical_id="s"), "address"))
    assert stacks.asked == []


@pytest.mark.parametrize(
    ("outputs", "reference"),
    [
        ({}, "arn:openstack:heat::project:stacks/n/s"),
        ({"OS::stack_id": "its own"}, "its own"),
    ],
)
def test_a_reference_is_the_name_of_the_stack_or_what_its_template_says(
    outputs: dict[str, Any], reference: str
) -> None:
    ctx = context(Stacks(), physical_id="s")
    remote = shown("COMPLETE", **outputs)
    assert asyncio.run(WEB.advance(ctx, remote)) == Ready(remote)
    assert WEB.reference(ctx) == reference


INSIDE = Failure("Conflict", "resources.a.resources.b", "no room: at all", "req-1", "row")


@pytest.mark.parametrize(
    ("inside", "failed"),
    [
        (INSIDE, Failed("no room: at all", "Conflict", INSIDE)),
        (None, Failed("Create timed out", "ResourceFailure")),
        (Failure("", "", "no such template"), Failed("Create timed out", "ResourceFailure")),
    ],
    ids=["of a resource", "of none", "of the whole stack"],
)
def test_a_failure_is_traced_to_the_resource_that_began_it(
    inside: Failure | None, failed: Failed
) -> None:
    remote = shown("FAILED", "Create timed out", inside)
    assert WEB.judge(remote) == WEB.judge_delete(remote) == failed


def test_it_waits_while_the_stack_is_busy() -> None:
    ctx = context(Stacks(), physical_id="s")
    assert isinstance(asyncio.run(WEB.advance(ctx, shown("IN_PROGRESS"))), Pending)
    assert WEB.reference(ctx) is None, "it has its reference when it is complete"
    assert isinstance(WEB.judge_delete(shown("IN_PROGRESS")), Pending)


def test_outputs_are_attributes_as_far_as_they_have_a_value() -> None:
    ctx = context(Stacks(), physical_id="s")
    assert WEB.attribute(ctx, shown("COMPLETE", url="http"), "url") == "http"
    with pytest.raises(LookupError, match="url"):
        WEB.attribute(ctx, shown("COMPLETE"), "url")


def test_what_has_no_value_says_why() -> None:
    remote = {"outputs": {}, "errors": {"url": "there is none"}}
    assert WEB.attribute_errors(remote) == {("url", ""): "output url: there is none"}


def test_a_type_that_does_not_say_what_an_update_asks_for_is_always_visited() -> None:
    class Own(StackType[Properties]):
        def blueprint(self, ctx: Context[Properties]) -> Blueprint:
            return Blueprint(TEXT, {})

    assert asyncio.run(Own().standing(context(Stacks(), physical_id="s"))) is None
