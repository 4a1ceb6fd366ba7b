"""The resource registry: what stands for a type, and what is no registry."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.core.diagnostics import InvalidDocument
from isotherm.template import load_environment
from isotherm.template.environments.registry import ResourceRegistry


def registry(**said: Any) -> ResourceRegistry:
    return load_environment({"resource_registry": said}).registry


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"My::V": "My::A", "My::A": "My::B", "My::B": "OS::X"}, "OS::X"),
        ({"My::*": "Your::*", "Your::*": "OS::*"}, "OS::V"),
        ({"My::V": "My::V"}, "My::V"),
        ({"resources": {"a": {"My::V": "OS::X"}}, "My::V": "OS::Y"}, "OS::X"),
        ({"resources": {"a": {"My::V": None}}, "My::V": "OS::Y"}, "OS::Y"),
        ({"resources": {"a": {"My::V": ""}}, "My::V": "OS::Y"}, "OS::Y"),
        ({"resources": {"a": None}, "My::V": "OS::Y"}, "OS::Y"),
        ({"My::V": "", "My::*": "OS::X"}, "OS::X"),
        ({"My::V": None}, "My::V"),
        ({"My::*": ""}, "My::V"),
    ],
)
def test_mappings_are_followed_to_the_end(said: dict[str, Any], found: str) -> None:
    assert registry(**said).resolve("My::V", "a") == found


def test_a_mapping_of_an_environment_below_is_taken_away() -> None:
    below = registry(**{"My::V": "OS::X", "My::W": "OS::Y", "My::Z": "OS::Z"})
    above = below.overlaid(registry(**{"My::V": None, "My::W": ""}))
    assert [above.resolve(f"My::{each}") for each in "VWZ"] == ["My::V", "My::W", "OS::Z"]
    assert above.as_data() == {"My::W": "", "My::Z": "OS::Z", "resources": {}}
    again = above.overlaid(registry(**{"My::V": "OS::New"}))
    assert again.resolve("My::V") == "OS::New"
    assert below.overlaid(again).resolve("My::V") == "OS::New", "what came last holds"


def test_a_circle_ends() -> None:
    circle = registry(**{"My::V": "My::A", "My::A": "My::B", "My::B": "My::V"})
    assert circle.resolve("My::V") in ("My::V", "My::A", "My::B")


def test_a_wildcard_that_feeds_itself_ends() -> None:
    assert registry(**{"My::*": "My::X*"}).resolve("My::V") == "My::XV"
    assert registry(**{"*": "X*"}).resolve("V") == "XV"
    both = registry(**{"A*": "BA*", "B*": "AB*"})
    assert len(both.resolve("A")) <= len("ABABA")


@pytest.mark.parametrize("base_url", [5, True, []])
def test_a_base_url_is_text(base_url: Any) -> None:
    with pytest.raises(InvalidDocument, match="base_url must be text"):
        registry(base_url=base_url)


def test_a_base_url_places_files_and_nothing_else() -> None:
    placed = registry(base_url="http://x/y", F="f.yaml", U="http://z/f.yaml", T="X")
    assert placed.resolve("F") == "http://x/y/f.yaml"
    assert (placed.resolve("U"), placed.resolve("T")) == ("http://z/f.yaml", "X")
    assert registry(base_url=None, F="f.yaml").resolve("F") == "f.yaml"


@pytest.mark.parametrize("names", [("My::*", "My::V*"), ("My::V*", "My::*")])
def test_the_longer_wildcard_wins_wherever_it_stands(names: tuple[str, str]) -> None:
    targets = {"My::*": "OS::Short*", "My::V*": "OS::Long*"}
    said = {name: targets[name] for name in names}
    assert registry(**said).resolve("My::Volume") == "OS::Longolume"
    assert registry(**said, **{"My::Volume": "OS::X"}).resolve("My::Volume") == "OS::X"


class Offered:
    """Types with names that begin with OS::."""

    def lookup(self, type_name: str) -> object | None:
        return type_name if type_name.startswith("OS::") else None


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"My::V": "OS::V", "resources": {"a": {"My::V": "No::Such"}}}, "OS::V"),
        ({"My::*": "OS::V", "resources": {"a": {"My::V": "My::Other"}}}, "OS::V"),
        ({"My::V": "No::Such", "resources": {"a": {"My::V": "OS::V"}}}, "OS::V"),
        ({"No::Such": "OS::W", "resources": {"a": {"My::V": "No::Such"}}}, "OS::W"),
        ({"My::V": "No::Such", "My::*": "OS::V"}, "OS::V"),
        ({"My::V*": "No::Such", "My::*": "OS::V"}, "OS::V"),
        ({"My::V": "v.yaml", "My::*": "OS::V"}, "v.yaml"),
        ({"My::V": "No::Such"}, "No::Such"),
    ],
)
def test_where_types_are_known_a_mapping_that_leads_to_none_counts_for_nothing(
    said: dict[str, Any], found: str
) -> None:
    assert registry(**said).resolve("My::V", "a", Offered()) == found


def test_a_type_that_is_there_stands_for_itself_where_its_mapping_leads_nowhere() -> None:
    said = registry(**{"OS::V": "No::Such", "OS::*": "Nor::This"})
    assert said.resolve("OS::V", "", Offered()) == "OS::V"
    circle = registry(**{"OS::V": "My::A", "My::A": "My::B", "My::B": "My::A"})
    assert circle.resolve("OS::V", "", Offered()) == "OS::V"
