"""What `resource type show`, `list` and template generation answer, against the recorded facts."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from tests.desk import Desk
from tests.resources.additions import ATTRIBUTES

from isotherm.core.errors import Busy, EntityNotFound
from isotherm.kit.plugins import load_registry
from isotherm.template import load_environment
from isotherm.usecases.refusals import BadRequest, Invalid, ResourceTypeUnavailable
from isotherm.usecases.resource_types import TypeListRequest, list_types, show_type
from isotherm.usecases.template_generation import generate_template

FACTS = Path(__file__).parents[1] / "resources" / "facts"
ALL_SERVICES = frozenset(each.service for each in load_registry().values())


def facts_of(name: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((FACTS / f"{name.replace('::', '__')}.json").read_text())
    return facts


def answered(fact: dict[str, Any]) -> dict[str, Any]:
    """A property's fact in the form of the API's answer; facts leave out what is false."""
    answer: dict[str, Any] = {
        "type": fact["type"],
        "required": fact.get("required", False),
        "update_allowed": fact.get("update_allowed", False),
        "immutable": fact.get("immutable", False),
    }
    for key in ("default", "constraints"):
        if key in fact:
            answer[key] = fact[key]
    if "schema" in fact:
        answer["schema"] = {name: answered(each) for name, each in fact["schema"].items()}
    return answer


def undescribed(value: Any) -> Any:
    """The answer without its descriptions, which are our own words; a property that happens to
    be called description is a map and stays."""
    if isinstance(value, dict):
        return {
            key: undescribed(each)
            for key, each in value.items()
            if not (key in ("description", "Description") and isinstance(each, str))
        }
    return [undescribed(each) for each in value] if isinstance(value, list) else value


def offered(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name: each
        for name, each in facts.items()
        if each.get("support_status", {}).get("status") != "HIDDEN"
        and each.get("implemented", True)
    }


def support(fact: dict[str, Any] | None) -> dict[str, Any] | None:
    if fact is None:
        return None
    return {
        "status": fact["status"],
        "message": None,
        "version": fact.get("version"),
        "previous_status": support(fact.get("previous")),
    }


@pytest.mark.parametrize("name", sorted(load_registry().names()))
async def test_a_type_is_shown_field_by_field_as_recorded(desk: Desk, name: str) -> None:
    desk.cloud.offered = ALL_SERVICES
    shown = await show_type(desk.services, desk.admin, name)
    facts = facts_of(name)
    properties = {key: answered(each) for key, each in offered(facts["properties"]).items()}
    assert undescribed(shown["properties"]) == properties
    kinds = {key: each.get("type") for key, each in offered(facts.get("attributes", {})).items()}
    shown_kinds = {key: each.get("type") for key, each in shown["attributes"].items()}
    more = ATTRIBUTES.get(name, set())
    assert more <= shown_kinds.keys()
    assert {k: v for k, v in shown_kinds.items() if k not in more} == {**kinds, "show": "map"}
    assert {**shown["support_status"], "message": None} == support(facts["support_status"])


async def test_types_are_listed_by_name_version_status_and_service(desk: Desk) -> None:
    async def listed(**fields: Any) -> list[str]:
        request = TypeListRequest(**fields)
        return [each.name for each in await list_types(desk.services, desk.caller, request)]

    assert "OS::Cinder::Volume" in await listed()
    assert await listed(name="OS::Heat::Ran") == ["OS::Heat::RandomString"]
    assert await listed(name="Heat") == []
    assert await listed(name="[") == []
    with pytest.raises(Invalid, match="takes too long"):
        await listed(name=r"(.*?.*?)*?[^\w]{3}$")
    assert "OS::Heat::None" in await listed(version="5.0.0")
    assert await listed(support_status="UNSUPPORTED") == []
    desk.cloud.offered = frozenset()
    assert "OS::Cinder::Volume" not in await listed()
    with pytest.raises(Invalid, match="DEPRECATED"):
        await listed(support_status="OLD")


async def test_types_that_cannot_be_used_are_refused(desk: Desk) -> None:
    desk.cloud.offered = frozenset()
    with pytest.raises(ResourceTypeUnavailable, match="block-storage"):
        await show_type(desk.services, desk.caller, "OS::Cinder::Volume")
    with pytest.raises(EntityNotFound):
        await show_type(desk.services, desk.caller, "OS::No::Such")


async def test_a_generated_template_can_be_validated(desk: Desk) -> None:
    generate = generate_template
    name = "OS::Heat::RandomString"
    hot = await generate(desk.services, desk.caller, name, "hot")
    assert list(hot) == [
        "heat_template_version",
        "description",
        "parameters",
        "outputs",
        "resources",
    ]
    length = hot["parameters"]["length"]
    assert (length["type"], length["default"]) == ("number", 32)
    assert length["constraints"] == [{"range": {"min": 1, "max": 512}}]
    assert "sequence" not in hot["parameters"]
    assert hot["outputs"]["OS::stack_id"] == {"value": {"get_resource": "RandomString"}}
    cfn = await generate(desk.services, desk.caller, name, "cfn")
    assert cfn["Parameters"]["length"]["MaxValue"] == 512
    with pytest.raises(BadRequest, match="cfn, hot"):
        await generate(desk.services, desk.caller, name, "x")


GENERATED = json.loads((Path(__file__).parent / "generated_templates.json").read_text())


@pytest.mark.parametrize(
    ("name", "dialect"), [(name, each) for name in GENERATED for each in GENERATED[name]]
)
async def test_generated_templates_equal_those_recorded(
    desk: Desk, name: str, dialect: str
) -> None:
    """But for the name of the resource, which there is that of a class."""
    generated = await generate_template(desk.services, desk.caller, name, dialect)
    assert undescribed(generated) == GENERATED[name][dialect]


async def test_former_names_are_shown_but_not_listed(desk: Desk) -> None:
    environment = load_environment({"resource_registry": {"Old::Random*": "OS::Heat::Random*"}})
    services = dataclasses.replace(desk.services, environment=environment)
    shown = await show_type(services, desk.caller, "Old::RandomString")
    assert shown["resource_type"] == "Old::RandomString"
    assert "length" in shown["properties"]
    listed = await list_types(services, desk.caller, TypeListRequest(name="Old"))
    assert listed == []


async def test_types_that_need_an_extension_are_offered_where_the_service_has_it(
    desk: Desk,
) -> None:
    name = "OS::Neutron::TaaS::TapFlow"

    async def listed() -> bool:
        request = TypeListRequest(name=name)
        return bool(await list_types(desk.services, desk.caller, request))

    desk.cloud.offered = frozenset({"network"})
    assert await listed()  # the service tells of no extension at all
    desk.cloud.known_extensions = frozenset({"router"})
    assert not await listed()
    with pytest.raises(ResourceTypeUnavailable, match="it has no extension taas"):
        await show_type(desk.services, desk.caller, name)
    desk.cloud.known_extensions = frozenset({"router", "taas"})
    assert await listed()
    desk.cloud.known_extensions = frozenset({"router"})
    desk.cloud.away = Busy("network is away")
    assert await listed()  # whoever makes one is told
