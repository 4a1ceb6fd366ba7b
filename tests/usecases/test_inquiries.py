"""Stacks elsewhere: the other service is asked before a stack that has them is accepted."""

from __future__ import annotations

from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import Lost, NoSuchService, Refused, RemoteError
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.preview import preview_create
from isotherm.usecases.templates import TemplateRequest, check_template

VERSION = {"heat_template_version": "2021-04-16"}
NOWHERE = NoSuchService("The cloud's catalogue has no orchestration service in region nowhere.")


def a_source(region: Any = "nowhere", **said: Any) -> SourceRequest:
    properties = {"context": {"region_name": region}, "template": "{}", **said}
    far = {"type": "OS::Heat::Stack", "properties": properties}
    value = {"type": "OS::Heat::Value", "properties": {"value": "There"}}
    secret = {"type": "string", "default": "quite secret", "hidden": True}
    template = {**VERSION, "parameters": {"s": secret}, "resources": {"far": far, "v": value}}
    return SourceRequest(template=template)


async def asked(desk: Desk, source: SourceRequest, *errors: RemoteError) -> list[Any]:
    """Bodies of the requests that are made for it."""
    desk.cloud.names.fail("call", "POST /validate", *errors)
    await create_stack(desk.services, desk.caller, CreateRequest(name="web", source=source))
    return [each.body for each in desk.cloud.names.calls if each.what == "POST /validate"]


async def refusal(desk: Desk, source: SourceRequest, error: RemoteError) -> str:
    with pytest.raises(InvalidDocument) as caught:
        await asked(desk, source, error)
    (finding,) = caught.value.diagnostics
    assert finding.error == "StackValidationFailed"
    return f"{finding.path}: {finding.text}"


async def test_a_region_without_the_service_is_refused(desk: Desk) -> None:
    assert await refusal(desk, a_source(), NOWHERE) == (
        "resources.far: There is no way to the orchestration service in region 'nowhere': "
        "The cloud's catalogue has no orchestration service in region nowhere."
    )
    assert not desk.cloud.trusts


async def test_a_preview_asks_as_a_create_does_and_validation_does_not(desk: Desk) -> None:
    desk.cloud.names.fail("call", "POST /validate", NOWHERE)
    request = CreateRequest(name="web", source=a_source())
    with pytest.raises(InvalidDocument):
        await preview_create(desk.services, desk.caller, request)
    desk.cloud.names.fail("call", "POST /validate", NOWHERE)
    await check_template(desk.services, desk.caller, TemplateRequest(source=a_source()))


async def test_what_the_other_service_does_not_take_is_refused(desk: Desk) -> None:
    """Without what is hidden, though the other one quotes it."""
    source = a_source(parameters={"p": {"get_param": "s"}})
    text = await refusal(desk, source, Refused("quite secret is too short", status=400))
    assert "in region 'nowhere' does not take the template: ****** is too short" in text


async def test_one_in_trouble_is_asked_again_by_the_engine(desk: Desk) -> None:
    source = a_source(parameters={"p": 5})
    (body,) = await asked(desk, source, Lost("no answer"))
    assert (body["template"], body["environment"]["parameters"]) == ("{}", {"p": 5})


async def test_where_it_is_not_known_yet_nobody_is_asked(desk: Desk) -> None:
    assert await asked(desk, a_source({"get_attr": ["v", "value"]})) == []


async def test_parameters_that_are_not_known_yet_are_left_out(desk: Desk) -> None:
    parameters = {"p": 5, "later": {"get_attr": ["v", "value"]}}
    (body,) = await asked(desk, a_source(parameters=parameters))
    assert body["environment"]["parameters"] == {"p": 5}


async def test_of_a_template_that_is_wrong_nobody_is_asked(desk: Desk) -> None:
    wrong = "heat_template_version: 2021-04-16\nresources: {x: {type: OS::Nope}}"
    source = a_source(context=None, template=wrong)
    told = await refusal(desk, source, Refused("it is wrong", status=400))
    assert "OS::Nope" in told
    assert not [each for each in desk.cloud.names.calls if each.what == "POST /validate"]


async def test_those_in_nested_templates_are_asked_for(desk: Desk) -> None:
    template = {**VERSION, "resources": {"kid": {"type": "kid.yaml"}}}
    source = SourceRequest(template=template, files={"kid.yaml": a_source().template})
    assert "resources.kid<kid.yaml>.resources.far: There is no way" in await refusal(
        desk, source, NOWHERE
    )
