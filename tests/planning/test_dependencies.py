"""Which resource waits for which."""

from __future__ import annotations

from tests.planning.builders import TYPES, define

from isotherm.core.values import Unknown
from isotherm.planning.attributes_needed import attributes_needed
from isotherm.planning.dependencies import AllUnknown, dependencies


def test_references_and_depends_on_make_edges() -> None:
    definition = define(
        {
            "a": {},
            "b": {"properties": {"uses": {"get_resource": "a"}}},
            "c": {"properties": {"uses": {"get_attr": ["b", "size"]}}, "depends_on": "a"},
        }
    )
    assert dependencies(definition, TYPES) == {"a": set(), "b": {"a"}, "c": {"a", "b"}}


def test_a_type_may_add_dependencies_that_nobody_wrote() -> None:
    gate = {"type": "Test::Gate", "properties": {"opens": "a"}}
    definition = define({"gate": gate, "a": {}, "far": {"depends_on": "gate"}})
    assert dependencies(definition, TYPES)["gate"] == {"a"}


def test_an_implicit_dependency_never_closes_a_circle() -> None:
    gate = {"type": "Test::Gate", "properties": {"opens": "a"}}
    definition = define({"gate": gate, "a": {"depends_on": "b"}, "b": {"depends_on": "gate"}})
    assert dependencies(definition, TYPES)["gate"] == set()


def test_a_thing_that_is_reached_in_two_ways_is_no_circle() -> None:
    definition = define(
        {
            "gate": {"type": "Test::Gate", "properties": {"opens": "top"}},
            "top": {"depends_on": ["left", "right"]},
            "left": {"depends_on": "base"},
            "right": {"depends_on": "base"},
            "base": {},
        }
    )
    assert dependencies(definition, TYPES)["gate"] == {"top"}


def test_of_two_implicit_dependencies_that_contradict_one_stays() -> None:
    def gate(opens: str) -> dict[str, object]:
        return {"type": "Test::Gate", "properties": {"opens": opens}}

    edges = dependencies(define({"x": gate("y"), "y": gate("x"), "z": gate("z")}), TYPES)
    assert edges == {"x": {"y"}, "y": set(), "z": set()}


def test_nothing_is_known_before_anything_has_run() -> None:
    scope = AllUnknown()
    assert scope.reference("a") == Unknown("a")
    assert scope.attribute("a", "size") == Unknown("a")


def test_attributes_that_resources_and_outputs_read_are_needed() -> None:
    definition = define(
        {"a": {}, "b": {"properties": {"uses": {"get_attr": ["a", "size"]}}}},
        outputs={"o": {"value": {"get_attr": ["a", "console"]}}},
    )
    assert attributes_needed(definition, TYPES) == {"a": {"size", "console"}}


def test_what_is_of_no_known_type_is_a_sibling_all_the_same() -> None:
    gate = {"type": "Test::Gate", "properties": {"opens": "a"}}
    definition = define({"gate": gate, "a": {"type": "No::Such"}})
    assert dependencies(definition, TYPES)["gate"] == {"a"}
