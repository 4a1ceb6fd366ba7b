"""Which attributes are read, by whom, and which of them may have changed meanwhile."""

from __future__ import annotations

from tests.planning.builders import TYPES, define

from isotherm.planning.attributes_needed import (
    attributes_in_outputs,
    attributes_needed,
    attributes_passed_on,
    changes_by_itself,
)

DEFINITION = define(
    {"a": {}, "b": {"properties": {"size": {"get_attr": ["a", "size"]}}}},
    outputs={
        "serial": {"value": {"get_attr": ["a", "serial"]}},
        "mood": {"value": {"get_attr": ["b", "mood"]}},
    },
)


def test_resources_and_outputs_read_attributes() -> None:
    assert attributes_needed(DEFINITION, TYPES) == {"a": {"size", "serial"}, "b": {"mood"}}


def test_outputs_pass_on_what_the_stack_above_reads() -> None:
    assert attributes_passed_on(DEFINITION, TYPES, nested=False) == {"a": {"size"}}
    assert attributes_passed_on(DEFINITION, TYPES, nested=True) == {
        "a": {"size", "serial"},
        "b": {"mood"},
    }


def test_only_what_the_outputs_asked_for_read_is_read() -> None:
    assert attributes_in_outputs(DEFINITION, TYPES, ["mood", "switched_off"]) == {"b": {"mood"}}


def test_some_attributes_change_by_themselves() -> None:
    thing, gate = TYPES["Test::Thing"], TYPES["Test::Gate"]
    assert changes_by_itself(thing, "mood")
    assert not changes_by_itself(thing, "size")
    assert changes_by_itself(thing, "show"), "all together change if one does"
    assert changes_by_itself(thing, "")
    assert not changes_by_itself(gate, ""), "there is no object that could"
