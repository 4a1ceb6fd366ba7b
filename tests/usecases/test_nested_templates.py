"""Nested templates: validated and previewed in full; and stopped with the stack above."""

from __future__ import annotations

from typing import Any

import pytest
from tests.asgi import send
from tests.desk import Desk

from isotherm.api.native import build_application
from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RequestLimitExceeded
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.listing import ListRequest, list_stacks
from isotherm.usecases.stacks.preview import PreviewedResource, preview_create
from isotherm.usecases.templates import TemplateRequest, check_template

HOT = "heat_template_version: 2021-04-16\n"
KID = f"""{HOT}description: kid
parameters:
  size: {{type: number, default: 3, constraints: [{{range: {{max: 4}}}}]}}
  pw: {{type: string, hidden: true, default: x}}
  req: {{type: string}}
parameter_groups: [{{label: G, parameters: [size, req]}}]
resources:
  r: {{type: OS::Heat::RandomString, properties: {{length: {{get_param: size}}}}}}
outputs:
  o: {{value: {{get_attr: [r, value]}}}}
"""
TOP = f"""{HOT}resources:
  k: {{type: kid.yaml, properties: {{req: a}}}}
outputs: {{z: {{value: {{get_attr: [k, o]}}}}}}
"""


def source(template: str = TOP, environment: Any = None, **files: str) -> SourceRequest:
    named = {f"{name}.yaml": each for name, each in files.items()}
    return SourceRequest(template=template, environment=environment, files=named)


async def checked(desk: Desk, request: SourceRequest) -> dict[str, Any]:
    return await check_template(
        desk.services, desk.caller, TemplateRequest(source=request, show_nested=True)
    )


async def refused(desk: Desk, request: SourceRequest) -> str:
    with pytest.raises(InvalidDocument) as caught:
        await checked(desk, request)
    return str(caught.value)


async def test_the_parameters_of_nested_templates_are_told(desk: Desk) -> None:
    answer = await checked(desk, source(kid=KID))
    assert answer["NestedParameters"] == {
        "k": {
            "Type": "kid.yaml",
            "Description": "kid",
            "Parameters": {
                "size": {
                    "Type": "Number",
                    "Description": "",
                    "NoEcho": "false",
                    "Label": "size",
                    "Default": 3,
                    "MaxValue": 4,
                },
                "pw": {
                    "Type": "String",
                    "Description": "",
                    "NoEcho": "true",
                    "Label": "pw",
                    "Default": "x",
                },
                "req": {
                    "Type": "String",
                    "Description": "",
                    "NoEcho": "false",
                    "Label": "req",
                    "Value": "a",
                },
            },
            "ParameterGroups": [{"label": "G", "parameters": ["size", "req"]}],
        }
    }
    assert answer["Environment"]["resource_registry"] == {"resources": {}, "kid.yaml": "kid.yaml"}


async def test_findings_name_the_nested_file_and_come_all_at_once(desk: Desk) -> None:
    kid = KID.replace("get_attr: [r, value]", "get_attr: [r, nope]")
    text = await refused(desk, source(TOP.replace("{req: a}", "{size: 9, zz: 1}"), kid=kid))
    assert "kid.yaml:11:29: resources.k<kid.yaml>.outputs.o.value: " in text
    assert "(r nope) is incorrect" in text
    assert "9 is out of range" in text
    assert "zz" in text
    assert "req" in text


@pytest.mark.parametrize(
    ("kid", "words"),
    [
        ("a: [b", "kid.yaml:"),
        ("a: b", "version not found"),
        (f"{HOT}resources: {{k: {{type: kid.yaml}}}}", "kid.yaml contains itself"),
        (KID.replace("RandomString", "Nope"), "OS::Heat::Nope"),
    ],
)
async def test_bad_nested_templates_are_refused(desk: Desk, kid: str, words: str) -> None:
    assert words in await refused(desk, source(kid=kid))


@pytest.mark.parametrize(
    ("kid", "error"),
    [
        ("parameters: {p: {type: strin}}", "InvalidSchemaError"),
        ("parameters: {p: {type: string, constraints: [{lenght: 3}]}}", "InvalidSchemaError"),
        ("resources: {r: {type: OS::Nope}}", "StackValidationFailed"),
        (
            "resources: {r: {type: OS::Heat::None, metadata: {m: {str_split: [',', 'a', 5]}}}}",
            "StackValidationFailed",
        ),
    ],
)
async def test_the_kind_of_error_is_told_as_seen_from_the_top(
    desk: Desk, kid: str, error: str
) -> None:
    top = f"{HOT}resources: {{k: {{type: kid.yaml, properties: {{p: x}}}}}}"
    template = top if kid.startswith("parameters") else top.replace(", properties: {p: x}", "")
    request = CreateRequest(name="web", source=source(template, kid=HOT + kid))
    with pytest.raises(InvalidDocument) as caught:
        await preview_create(desk.services, desk.caller, request)
    (found,) = caught.value.diagnostics
    assert found.error == error
    assert found.path.startswith("resources.k<kid.yaml>.")


@pytest.mark.parametrize(("date", "fine"), [("2013-01-01", False), ("2999-01-01", True)])
async def test_dates_that_are_over_are_refused_in_nested_templates(
    desk: Desk, date: str, fine: bool
) -> None:
    expiring = "{type: string, constraints: [{custom_constraint: expiration}]}"
    kid = f"{HOT}parameters: {{p: {expiring}}}"
    top = f"{HOT}resources: {{k: {{type: kid.yaml, properties: {{p: '{date}'}}}}}}"
    request = source(top, kid=kid)
    if fine:
        await checked(desk, request)
    else:
        assert f"'{date}' is over" in await refused(desk, request)
        creation = CreateRequest(name="web", source=request)
        with pytest.raises(InvalidDocument) as caught:
            await preview_create(desk.services, desk.caller, creation)
        assert len(caught.value.diagnostics) == 1


@pytest.mark.parametrize(("levels", "fine"), [(5, True), (6, False)])
async def test_templates_lie_five_deep_at_most(desk: Desk, levels: int, fine: bool) -> None:
    files = {f"k{n}": f"{HOT}resources: {{k: {{type: k{n + 1}.yaml}}}}" for n in range(1, levels)}
    files[f"k{levels}"] = f"{HOT}resources: {{n: {{type: OS::Heat::None}}}}"
    request = source(f"{HOT}resources: {{k: {{type: k1.yaml}}}}", **files)
    if fine:
        await checked(desk, request)
    else:
        assert "Recursion depth exceeds 5" in await refused(desk, request)


async def test_the_whole_tree_counts() -> None:
    desk = Desk(max_resources_per_stack=3)
    two = f"{HOT}resources: {{k: {{type: kid.yaml}}, l: {{type: kid.yaml}}}}"
    with pytest.raises(RequestLimitExceeded, match="Maximum resources per stack exceeded"):
        await checked(desk, source(two, kid=f"{HOT}resources: {{n: {{type: OS::Heat::None}}}}"))


async def test_a_template_wraps_the_type_that_it_stands_for(desk: Desk) -> None:
    none = f"{HOT}resources: {{k: {{type: OS::Heat::None}}}}"
    registry = {"resource_registry": {"OS::Heat::None": "w.yaml"}}
    answer = await checked(desk, source(none, registry, w=none))
    assert answer["NestedParameters"]["k"]["Type"] == "OS::Heat::None"
    assert "NestedParameters" not in answer["NestedParameters"]["k"]


async def test_overrides_reach_into_nested_templates(desk: Desk) -> None:
    none = f"{HOT}resources: {{k: {{type: OS::Heat::None}}}}"
    registry = {"resource_registry": {"resources": {"k": {"k": {"OS::Heat::None": "g.yaml"}}}}}
    top = f"{HOT}resources: {{k: {{type: kid.yaml}}}}"
    answer = await checked(desk, source(top, registry, kid=none, g=f"{HOT}description: grand"))
    inner = answer["NestedParameters"]["k"]["NestedParameters"]["k"]
    assert inner == {"Type": "OS::Heat::None", "Description": "grand", "Parameters": {}}


async def test_nested_stacks_are_previewed(desk: Desk) -> None:
    request = CreateRequest(name="web", source=source(kid=KID))
    preview = await preview_create(desk.services, desk.caller, request)
    (below,) = preview.resources
    assert isinstance(below, list)
    (inner,) = below
    assert isinstance(inner, PreviewedResource)
    assert (inner.detail.name, inner.detail.stack.name) == ("r", "web-k")
    assert inner.properties["length"] == 3


@pytest.mark.parametrize(
    "resource",
    [
        {"type": "OS::Heat::Stack", "properties": {"template": HOT}},
        {"type": "AWS::CloudFormation::Stack", "properties": {"TemplateURL": "http://x/t"}},
    ],
)
async def test_stacks_as_resources_are_accepted(desk: Desk, resource: Any) -> None:
    desk.pages.contents["http://x/t"] = HOT
    template = {"heat_template_version": "2021-04-16", "resources": {"s": resource}}
    request = SourceRequest(template=template)
    await checked(desk, request)
    await create_stack(desk.services, desk.caller, CreateRequest(name="web", source=request))
    listed = await list_stacks(desk.services, desk.caller, ListRequest())
    assert [each.name for each in listed.stacks] == ["web"]


async def test_missing_services_can_be_ignored(desk: Desk) -> None:
    desk.cloud.offered = frozenset()
    body = {
        "template": f"{HOT}resources: {{v: {{type: OS::Cinder::Volume, properties: {{size: 1}}}}}}"
    }
    application, token = build_application(desk.services), {"x-auth-token": desk.caller.token}
    path = f"/v1/{desk.caller.project_id}/validate"
    plain = await send(application, "POST", path, body, token)
    assert (plain.status, plain.error["type"]) == (400, "ResourceTypeUnavailable")
    ignoring = await send(application, "POST", f"{path}?ignore_errors=99001", body, token)
    assert ignoring.status == 200
    nonsense = await send(application, "POST", f"{path}?ignore_errors=abc", body, token)
    assert nonsense.status == 400


async def test_values_of_parameters_are_looked_up(desk: Desk) -> None:
    template = (
        f"{HOT}parameters: {{a: {{type: string, default: nope, hidden: true,"
        " constraints: [{custom_constraint: cinder.vtype}]}}"
    )
    await checked(desk, SourceRequest(template=template))
    given = SourceRequest(template=template, parameters={"a": "mine"})
    text = await refused(desk, given)
    assert "Parameter 'a' is invalid" in text
    request = CreateRequest(name="web", source=SourceRequest(template=template))
    with pytest.raises(InvalidDocument, match="Parameter 'a' is invalid"):
        await create_stack(desk.services, desk.caller, request)


async def test_a_request_does_not_make_the_service_read_hundreds_of_addresses(desk: Desk) -> None:
    kinds = {f"r{number}": f"http://web.example/{number}.yaml" for number in range(300)}
    desk.pages.contents = dict.fromkeys(kinds.values(), KID)
    template = {
        "heat_template_version": "2021-04-16",
        "resources": {name: {"type": kind} for name, kind in kinds.items()},
    }
    request = CreateRequest(name="web", source=SourceRequest(template=template))
    with pytest.raises(RequestLimitExceeded, match="more than 100 addresses"):
        await preview_create(desk.services, desk.caller, request)
    assert desk.pages.fetched == []
