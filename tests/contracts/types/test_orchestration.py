"""OS::Heat::*: what lives in the service alone."""

from __future__ import annotations

import time
from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

pytestmark = pytest.mark.slow


async def test_none(account: Account, name: str) -> None:
    stacks = account.stacks
    placeholder = resource("OS::Heat::None", anything={"goes": ["here"]})
    template = document({"it": placeholder}, what=attr("it", "whatever"))
    stack = await stacks.create(name, template)
    physical_id = stack.ids["it"]
    assert physical_id
    assert stack.outputs == {"what": None}
    await stacks.delete(stack)


async def test_value(account: Account, name: str) -> None:
    def template(value: Any, kind: str) -> Document:
        given = resource("OS::Heat::Value", value=value, type=kind)
        return document({"it": given}, said=attr("it", "value"))

    stacks = account.stacks
    stack = await stacks.create(name, template({"a": [1, 2]}, "json"))
    before = stack.ids["it"]
    assert stack.outputs == {"said": {"a": [1, 2]}}
    await stacks.update(stack, template(["x", "y"], "comma_delimited_list"))
    assert stack.outputs == {"said": ["x", "y"]}
    assert stack.ids["it"] == before
    await stacks.delete(stack)


async def test_random_string(account: Account, name: str) -> None:
    def template(salt: str) -> Document:
        drawn = resource(
            "OS::Heat::RandomString",
            length=12,
            salt=salt,
            character_classes=[{"class": "digits", "min": 4}],
            character_sequences=[{"sequence": "+-", "min": 2}],
        )
        return document({"it": drawn}, value=attr("it", "value"), reference=ref("it"))

    stacks = account.stacks
    stack = await stacks.create(name, template("a"))
    first, physical_id = stack.outputs["value"], stack.ids["it"]
    assert len(first) == 12
    assert sum(each in "+-" for each in first) >= 2
    assert sum(each.isdigit() for each in first) >= 4
    assert stack.outputs["reference"] == first
    await stacks.update(stack, template("a"))
    assert stack.outputs["value"] == first
    await stacks.update(stack, template("b"))
    assert stack.outputs["value"] != first
    assert stack.ids["it"] != physical_id
    await stacks.delete(stack)


async def test_test_resource(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        given = resource("OS::Heat::TestResource", **properties)
        return document({"it": given}, output=attr("it", "output"))

    stacks = account.stacks
    stack = await stacks.create(name, template(value="one"))
    first = stack.ids["it"]
    assert stack.outputs == {"output": "one"}
    await stacks.update(stack, template(value="two", action_wait_secs={"update": 0.2}))
    assert stack.outputs == {"output": "two"}
    assert stack.ids["it"] == first
    await stacks.update(stack, template(value="three", update_replace=True))
    assert stack.outputs == {"output": "three"}
    assert stack.ids["it"] != first
    await stacks.delete(stack)


async def test_a_test_resource_fails_as_told(account: Account, name: str) -> None:
    told = resource("OS::Heat::TestResource", fail=True)
    stack = await account.stacks.try_create(name, document({"it": told}))
    assert stack.status == "CREATE_FAILED"
    assert stack.reason == (
        "Resource CREATE failed: ValueError: resources.it: Test Resource failed it"
    )


async def test_delay(account: Account, name: str) -> None:
    def template(seconds: float) -> Document:
        pause = resource("OS::Heat::Delay", min_wait=seconds, actions=["CREATE", "DELETE"])
        return document({"it": pause})

    stacks = account.stacks
    began = time.monotonic()
    stack = await stacks.create(name, template(0.4))
    assert time.monotonic() - began >= 0.4
    before = stack.ids
    await stacks.update(stack, template(0.5))
    assert stack.ids == before
    began = time.monotonic()
    await stacks.delete(stack)
    assert time.monotonic() - began >= 0.5
