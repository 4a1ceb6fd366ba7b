"""Stacks that the properties of a resource describe, and templates that lie at an address."""

from __future__ import annotations

from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RequestLimitExceeded
from isotherm.core.ids import ProjectId, StackId
from isotherm.ports.records import Source
from isotherm.usecases.checking import Checking
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest
from isotherm.usecases.stacks.preview import preview_create
from isotherm.usecases.templates import TemplateRequest, check_template

HOT = "heat_template_version: 2021-04-16\n"
KID = f"""{HOT}description: kid
parameters:
  s: {{type: string, default: x, constraints: [{{length: {{max: 3}}}}]}}
resources:
  v: {{type: OS::Heat::Value, properties: {{value: {{get_param: s}}}}}}
"""
URL = "http://web.example/kid.yaml"


def stack(**properties: Any) -> dict[str, Any]:
    return a_template({"type": "OS::Heat::Stack", "properties": properties})


def nested(url: str = URL, **parameters: Any) -> dict[str, Any]:
    properties = {"TemplateURL": url, "Parameters": parameters}
    return a_template({"type": "AWS::CloudFormation::Stack", "properties": properties})


def typed(name: str = URL) -> dict[str, Any]:
    return a_template({"type": name})


def a_template(resource: Any) -> dict[str, Any]:
    return {"heat_template_version": "2021-04-16", "resources": {"k": resource}}


async def checked(desk: Desk, template: Any, files: Any = None) -> dict[str, Any]:
    source = SourceRequest(template=template, files=files or {})
    request = TemplateRequest(source=source, show_nested=True)
    return await check_template(desk.services, desk.caller, request)


async def refused(desk: Desk, template: Any, files: Any = None) -> str:
    with pytest.raises(InvalidDocument) as caught:
        await checked(desk, template, files)
    return str(caught.value)


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"template": "a: ["}, "resources.k.properties.template:2:1: "),
        ({"template": ""}, "Template format version not found"),
        (
            {"template": HOT + "resources: {v: {type: OS::No::No}}"},
            "resources.k<resources.k.properties.template>.resources.v.type: The Resource Type",
        ),
        ({"template": KID, "parameters": {"zz": 1}}, "The Parameter (zz) was not defined"),
        ({"template": KID, "parameters": {"s": "abcd"}}, "Parameter 's' is invalid"),
    ],
)
async def test_the_template_of_a_stack_is_checked(desk: Desk, properties: Any, words: str) -> None:
    assert words in await refused(desk, stack(**properties))


async def test_findings_name_the_file_that_the_template_is_read_from(desk: Desk) -> None:
    kid = KID.replace("get_param: s", "get_param: t")
    text = await refused(desk, stack(template={"get_file": "kid.yaml"}), {"kid.yaml": kid})
    assert "kid.yaml:6:62: resources.k<kid.yaml>.resources.v.properties.value: " in text


async def test_a_stack_apart_is_not_shown_as_nested(desk: Desk) -> None:
    assert "NestedParameters" not in await checked(desk, stack(template=KID))


async def test_what_another_region_offers_is_not_judged(desk: Desk) -> None:
    template = HOT + "resources: {v: {type: OS::Only::There}}"
    await checked(desk, stack(template=template, context={"region_name": "There"}))


async def test_a_stack_that_contains_its_own_file_is_refused(desk: Desk) -> None:
    template = stack(template={"get_file": "kid.json"})
    kid = '{"heat_template_version": "2021-04-16", "resources": {"k": {"type": "OS::Heat::Stack",'
    kid += ' "properties": {"template": {"get_file": "kid.json"}}}}}'
    assert "kid.json contains itself" in await refused(desk, template, {"kid.json": kid})


@pytest.mark.parametrize("template", [nested(s="ab"), typed()])
async def test_templates_are_fetched(desk: Desk, template: Any) -> None:
    desk.pages.contents[URL] = KID
    answer = await checked(desk, template)
    assert answer["NestedParameters"]["k"]["Description"] == "kid"
    assert desk.pages.fetched == [URL]


async def test_fetched_templates_name_others(desk: Desk) -> None:
    outer = "https://web.example/outer.template"
    desk.pages.contents |= {outer: f"{HOT}resources: {{i: {{type: '{URL}'}}}}", URL: KID}
    answer = await checked(desk, typed(outer))
    inner = answer["NestedParameters"]["k"]["NestedParameters"]["i"]
    assert inner["Description"] == "kid"
    assert desk.pages.fetched == [outer, URL]


async def test_fetched_templates_belong_to_the_source(desk: Desk) -> None:
    desk.pages.contents[URL] = KID
    pseudo = await desk.services.definer.pseudo_parameters(
        StackId("None"), "web", ProjectId(desk.caller.project_id)
    )
    source = Source(template=typed(), environment={}, files={"other": "x"})
    result, found = await Checking(desk.services, source, pseudo, None, complete=True).check()
    assert not found.errors
    assert result.source.files == {"other": "x", URL: KID}


@pytest.mark.parametrize("template", [nested(), typed()])
async def test_what_the_request_brings_is_not_fetched(desk: Desk, template: Any) -> None:
    answer = await checked(desk, template, {URL: KID})
    assert answer["NestedParameters"]["k"]["Description"] == "kid"
    assert desk.pages.fetched == []


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (nested(), f'Could not fetch remote template "{URL}": Failed to retrieve template from'),
        (typed(), f'Could not fetch remote template "{URL}": Failed to retrieve template from'),
        (nested("file:///etc/passwd"), "Invalid URL scheme file"),
        (nested("kid.txt"), "Invalid URL scheme "),
        (typed("ftp://web.example/kid.yaml"), "There is no content for the template"),
        (nested("http://web.example/big"), "Template exceeds maximum allowed size (2000 bytes)"),
        (nested("http://web.example/bad"), "http://web.example/bad:"),
        (nested("http://web.example/key"), "http://web.example/key is no template"),
        (nested("http://web.example/ok", s="abcd"), "Parameter 's' is invalid"),
    ],
)
async def test_templates_that_cannot_be_used_are_refused(template: Any, words: str) -> None:
    desk = Desk(max_template_size=2000)
    desk.pages.contents |= {
        "http://web.example/big": "#" * 2001,
        "http://web.example/bad": f"{HOT}\na: [",
        "http://web.example/key": "password: [hard-to-guess",
        "http://web.example/ok": KID,
    }
    assert words in await refused(desk, template)


async def test_all_that_is_fetched_is_no_bigger_than_a_request(desk: Desk) -> None:
    desk = Desk(max_json_body_size=300)
    urls = [f"http://web.example/{n}" for n in range(3)]
    desk.pages.contents |= dict.fromkeys(urls, HOT + "#" * 100)
    resource = {"type": "AWS::CloudFormation::Stack"}
    template = {
        "heat_template_version": "2021-04-16",
        "resources": {
            f"r{n}": {**resource, "properties": {"TemplateURL": url}} for n, url in enumerate(urls)
        },
    }
    with pytest.raises(RequestLimitExceeded, match="templates at addresses"):
        await checked(desk, template)


async def test_the_template_itself_may_lie_at_an_address(desk: Desk) -> None:
    desk.pages.contents[URL] = KID
    request = TemplateRequest(source=SourceRequest(template_url=URL))
    answer = await check_template(desk.services, desk.caller, request)
    assert answer["Description"] == "kid"
    request = TemplateRequest(source=SourceRequest(template_url="ftp://web.example/kid.yaml"))
    with pytest.raises(BadRequest, match="Could not retrieve template: Invalid URL scheme ftp"):
        await check_template(desk.services, desk.caller, request)


async def test_a_stack_needs_values_for_its_parameters(desk: Desk) -> None:
    desk.pages.contents[URL] = KID.replace(" default: x,", "")
    await checked(desk, nested())
    request = CreateRequest(name="web", source=SourceRequest(template=nested()))
    with pytest.raises(InvalidDocument, match=r"The Parameter \(s\) was not provided"):
        await preview_create(desk.services, desk.caller, request)
