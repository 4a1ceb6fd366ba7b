"""What nested templates are given, and what they must offer; as the reference does it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.diagnostics import InvalidDocument
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest
from isotherm.usecases.stacks.preview import PreviewedResource, preview_create

HOT = "heat_template_version: 2021-04-16\n"
KID = f"""{HOT}parameters:
  s: {{type: string, default: x}}
  n: {{type: number, default: 1}}
  l: {{type: comma_delimited_list, default: 'd,e'}}
  j: {{type: json, default: {{q: 1}}}}
  b: {{type: boolean, default: true}}
resources:
  v:
    type: OS::Heat::Value
    properties:
      value:
        s: {{get_param: s}}
        n: {{get_param: n}}
        l: {{get_param: l}}
        j: {{get_param: j}}
        b: {{get_param: b}}
"""
DEFAULTS = {"s": "x", "n": 1, "l": ["d", "e"], "j": {"q": 1}, "b": True}


def a_source(
    properties: str = "{}", environment: Any = None, kid: str = KID, rest: str = ""
) -> SourceRequest:
    template = f"{HOT}resources: {{k: {{type: kid.yaml, properties: {properties}}}{rest}}}\n"
    return SourceRequest(template=template, environment=environment, files={"kid.yaml": kid})


async def previewed(desk: Desk, source: SourceRequest) -> Any:
    """The value of the only resource in the nested stack."""
    request = CreateRequest(name="web", source=source)
    (below,) = (await preview_create(desk.services, desk.caller, request)).resources
    assert isinstance(below, list)
    (inner,) = below
    assert isinstance(inner, PreviewedResource)
    return inner.properties["value"]


async def refused(desk: Desk, source: SourceRequest) -> str:
    with pytest.raises(InvalidDocument) as caught:
        await preview_create(desk.services, desk.caller, CreateRequest(name="web", source=source))
    assert caught.value.diagnostics[0].error == "StackValidationFailed"
    return str(caught.value)


@pytest.mark.parametrize(
    ("properties", "given"),
    [
        ("{}", {}),
        ("{s: ab, n: '7', l: 'x,y', b: false}", {"s": "ab", "n": 7, "l": ["x", "y"], "b": False}),
        ("{s: 5}", {"s": "5"}),
        ("{s: true}", {"s": "True"}),
        # A null is a value, and not the same as no property.
        (
            "{s: null, n: null, l: null, j: null, b: null}",
            {"s": "", "n": 0, "l": [], "j": {}, "b": False},
        ),
        ("{s: '', l: [], j: {}, n: 0}", {"s": "", "l": [], "j": {}, "n": 0}),
        ("{s: {if: [{equals: [a, b]}, z]}}", {}),
        # Lists go through comma-delimited text.
        ("{l: ['a,b', c]}", {"l": ["a", "b", "c"]}),
        ("{l: ['', a]}", {"l": ["", "a"]}),
        ("{j: [1, 2]}", {"j": [1, 2]}),
        ("""{j: '{"a": 5}'}""", {"j": {"a": 5}}),
    ],
)
async def test_properties_are_parameters(desk: Desk, properties: str, given: Any) -> None:
    assert await previewed(desk, a_source(properties)) == {**DEFAULTS, **given}


@pytest.mark.parametrize("kid", [KID, KID.replace("string, default: x", "string")])
async def test_parameter_defaults_reach_nested_templates(desk: Desk, kid: str) -> None:
    environment = {"parameter_defaults": {"s": "usual"}}
    value = await previewed(desk, a_source("{}", environment, kid))
    assert value == {**DEFAULTS, "s": "usual"}
    value = await previewed(desk, a_source("{s: own}", environment, kid))
    assert value == {**DEFAULTS, "s": "own"}
    value = await previewed(desk, a_source("{s: null}", environment, kid))
    assert value == {**DEFAULTS, "s": ""}


@pytest.mark.parametrize("value", ["5", "true", "'{'", "word"])
async def test_json_parameters_take_json_only(desk: Desk, value: str) -> None:
    text = await refused(desk, a_source(f"{{j: {value}}}"))
    assert "resources.k.properties.j: Property j must be a map, a list or JSON text" in text


async def test_an_output_may_read_what_the_template_lacks(desk: Desk) -> None:
    reading = "{get_attr: [k, nope]}"
    source = a_source(rest="}\noutputs: {o: {value: " + reading + "}")
    await previewed(desk, source)
    rest = f", w: {{type: OS::Heat::Value, properties: {{value: {reading}}}}}"
    assert "(k nope) is incorrect" in await refused(desk, a_source(rest=rest))


RANDOM = f"{HOT}resources: {{k: {{type: OS::Heat::RandomString, properties: {{length: 3}}}}}}\n"
LENGTH = "parameters: {length: {type: number}"
VALUE = "}\noutputs: {value: {value: 1}}\n"


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (LENGTH + VALUE, ""),
        (LENGTH + ", more: {type: string, default: x}" + VALUE, ""),
        (LENGTH + "}\n", "it has no output for the attribute value"),
        ("parameters: {length: {type: string}" + VALUE, "its parameter length does not take"),
        (LENGTH + ", character_classes: {type: json, default: []}" + VALUE, "of a list property"),
        (LENGTH + ", more: {type: string}" + VALUE, "its parameter more needs a value"),
    ],
)
async def test_a_template_offers_what_the_type_offers_that_it_stands_for(
    desk: Desk, template: str, reason: str
) -> None:
    source = SourceRequest(
        template=RANDOM,
        environment={"resource_registry": {"OS::Heat::RandomString": "w.yaml"}},
        files={"w.yaml": HOT + template},
    )
    request = CreateRequest(name="web", source=source)
    if reason:
        assert reason in await refused(desk, source)
    else:
        await preview_create(desk.services, desk.caller, request)


async def test_required_properties_need_a_parameter(desk: Desk) -> None:
    source = SourceRequest(
        template=f"{HOT}resources: {{k: {{type: OS::Cinder::VolumeAttachment}}}}",
        environment={"resource_registry": {"OS::Cinder::VolumeAttachment": "w.yaml"}},
        files={"w.yaml": HOT},
    )
    text = await refused(desk, source)
    assert "no parameter for the required property instance_uuid" in text
    assert "no parameter for the required property volume_id" in text


async def test_a_mistake_that_is_used_often_is_told_once(desk: Desk) -> None:
    kid = f"{HOT}resources: {{v: {{type: OS::Heat::Value, properties: {{val: 1}}}}}}"
    text = await refused(desk, a_source(kid=kid, rest=", l: {type: kid.yaml}"))
    assert text.count("Unknown property val") == 1


async def test_a_null_is_enough_for_a_required_parameter(desk: Desk) -> None:
    kid = KID.replace("string, default: x", "string")
    assert await previewed(desk, a_source("{s: null}", kid=kid)) == {**DEFAULTS, "s": ""}
    assert "Property s not assigned" in await refused(desk, a_source("{}", kid=kid))
