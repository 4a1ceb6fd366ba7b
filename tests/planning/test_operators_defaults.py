"""The operator's defaults are for what is made from now on."""

from __future__ import annotations

from typing import Any

from tests.planning.builders import define, row

from isotherm.kit import Properties, ResourceType, prop
from isotherm.kit.registry import Registry
from isotherm.planning.dependencies import AllUnknown
from isotherm.planning.desired import Desired
from isotherm.planning.plan import Kind
from isotherm.planning.planner import make_plan
from isotherm.testing.world import world_types


class HostProperties(Properties):
    way: str = prop("How it is reached.", default="road", option="default_way")
    size: int | None = prop("Grows in place.", update_allowed=True)


class Host(ResourceType[HostProperties]):
    """A place."""

    name = "Test::Host"
    name_limit_option = "longest_name"


def types(**options: Any) -> Registry:
    host = Host()
    host.heed(options)
    return world_types(host)


def wanted(registry: Registry, properties: dict[str, Any], *rows: Any) -> dict[str, Any]:
    definition = define({"a": {"type": "Test::Host", "properties": properties}})
    desired = Desired.of(definition, registry, rows=rows)
    return dict(desired.want("a", AllUnknown()).properties)


def test_a_property_that_is_not_given_is_as_the_operator_says() -> None:
    assert wanted(types(), {}) == {"way": "road"}
    assert wanted(types(default_way="river"), {}) == {"way": "river"}
    assert wanted(types(default_way="river"), {"way": "rail"}) == {"way": "rail"}
    assert types(default_way="river")["Test::Host"].Properties.schema["way"].default == "river"
    assert Host.Properties.schema["way"].default == "road", "others have the usual default"


def test_what_there_is_keeps_the_default_that_it_was_made_with() -> None:
    made = row("a", type="Test::Host", properties={"way": "road"})
    assert wanted(types(default_way="river"), {}, made) == {"way": "road"}
    assert wanted(types(default_way="river"), {"way": "river"}, made) == {"way": "river"}
    definition = define({"a": {"type": "Test::Host", "properties": {"size": 1}}})
    desired = Desired.of(definition, types(default_way="river"), rows=[made])
    assert make_plan(desired, [made]).steps["a"].kind is Kind.UPDATE


def test_names_are_as_short_as_the_operator_says() -> None:
    assert types(longest_name=20)["Test::Host"].name_limit == 20
    assert types(longest_name=999)["Test::Host"].name_limit == 255
