"""The desired side: values as the type wants them, or every reason why not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from tests.planning.builders import TYPES, define

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import Unknown
from isotherm.kit import FindSibling, Properties, ResourceType
from isotherm.planning.decision import Want
from isotherm.planning.dependencies import AllUnknown
from isotherm.planning.desired import Desired
from isotherm.planning.wants import require_all_but_properties, want
from isotherm.testing.world import world_types


def wanted(resource: dict[str, Any], **others: dict[str, Any]) -> Want:
    definition = define({"a": resource, **others})
    return want(definition, definition.resources["a"], AllUnknown(), TYPES)


def test_values_are_coerced_and_defaults_filled_in() -> None:
    found = wanted({"properties": {"size": "7"}, "metadata": {"k": "v"}})
    assert found.properties == {"size": 7, "uses": None, "fixed_uses": None}
    assert found.metadata == {"k": "v"}
    assert found.external_id is None


def test_no_properties_at_all_are_fine() -> None:
    assert wanted({}).properties["size"] == 1


def test_a_type_that_takes_anything_keeps_nothing_of_it() -> None:
    assert wanted({"type": "Test::Sink", "properties": {"any": [1]}}).properties == {}


def test_properties_that_turn_out_to_be_no_map_are_refused() -> None:
    parameters = {"p": {"type": "json", "default": [1]}}
    definition = define({"a": {"properties": {"get_param": "p"}}}, parameters=parameters)
    with pytest.raises(
        InvalidDocument, match=r"resources\.a\.properties: properties must be a map"
    ):
        want(definition, definition.resources["a"], AllUnknown(), TYPES)


def test_unknown_values_stay_unknown() -> None:
    found = wanted({"properties": {"uses": {"get_resource": "b"}}}, b={})
    assert found.properties["uses"] == Unknown("b")


def test_an_external_id_is_taken_over() -> None:
    assert wanted({"external_id": "theirs"}).external_id == "theirs"


@pytest.mark.parametrize(
    ("resource", "text"),
    [
        ({"properties": {"size": "big"}}, "resources.a.properties.size"),
        ({"properties": {"sise": 1}}, "sise"),
        ({"type": "Test::Gate", "properties": {"level": 13}}, "13 brings bad luck"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(resource: dict[str, Any], text: str) -> None:
    with pytest.raises(InvalidDocument, match=text):
        wanted(resource)


def test_rules_across_properties_wait_for_nothing_but_what_they_ask() -> None:
    properties = {"level": 13, "opens": {"get_resource": "b"}}
    with pytest.raises(InvalidDocument, match="13 brings bad luck"):
        wanted({"type": "Test::Gate", "properties": properties}, b={})


def test_a_type_that_makes_no_copies_may_not_have_deletion_policy_snapshot() -> None:
    with pytest.raises(InvalidDocument, match=r"resources\.a\.deletion_policy.*not supported"):
        wanted({"type": "Test::Thing", "deletion_policy": "Snapshot"})


def test_a_template_as_a_type_is_refused_where_it_stands() -> None:
    with pytest.raises(InvalidDocument, match=r"resources\.a\.type: A template as a resource type"):
        wanted({"type": "part.yaml"})


def test_a_type_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(InvalidDocument, match=r"resources\.a\.type: this worker has no type Plug"):
        wanted({"type": "Plug::In::Thing"})


@pytest.mark.parametrize("external_id", ["", None])
def test_only_text_names_an_object_that_exists(external_id: Any) -> None:
    assert wanted({"external_id": external_id}).external_id is None


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        ({"type": "nested.yaml"}, "as a resource type"),
        ({"deletion_policy": "Snapshot"}, "not supported"),
    ],
)
def test_properties_that_are_right_excuse_nothing_else(resource: Any, words: str) -> None:
    definition = define({"a": resource, "b": {"properties": {"size": "no number"}}})
    with pytest.raises(InvalidDocument, match=words):
        require_all_but_properties(definition, definition.resources["a"], AllUnknown(), TYPES)
    require_all_but_properties(definition, definition.resources["b"], AllUnknown(), TYPES)


def test_what_reads_of_others_is_asked_again_and_the_rest_is_worked_out_once() -> None:
    class Known(AllUnknown):
        def reference(self, resource: str) -> str:
            return f"id of {resource}"

    uses = {"properties": {"uses": {"get_resource": "a"}}}
    itself = {"properties": {"uses": {"get_resource": "itself"}}}
    desired = Desired.of(define({"a": {}, "b": uses, "itself": itself}), TYPES)
    first = desired.want("a", AllUnknown())
    assert desired.want("a", Known()) is first
    assert desired.want("b", AllUnknown()).properties["uses"] == Unknown("a")
    assert desired.want("b", Known()).properties["uses"] == "id of a"
    desired.want("itself", AllUnknown())
    assert desired.want("itself", Known()).properties["uses"] == "id of itself"


class Watcher(ResourceType[Properties]):
    """Refuses to stand beside anything, and says what it knows of that."""

    name = "Test::Watcher"

    def validate_among(self, properties: Any, find: FindSibling) -> Iterable[tuple[str, str]]:
        for name in ("big", "strange", "nobody"):
            sibling = find(name)
            yield name, f"{sibling.type} {dict(sibling.properties)}" if sibling else "is not there"


def test_a_type_sees_what_else_the_stack_has_with_all_its_properties() -> None:
    others = {"big": {"properties": {"size": "7"}}, "strange": {"type": "Acme::Odd"}}
    definition = define({"a": {"type": "Test::Watcher"}, **others})
    with pytest.raises(InvalidDocument) as refused:
        want(definition, definition.resources["a"], AllUnknown(), world_types(Watcher()))
    assert [each.text for each in refused.value.diagnostics] == [
        "Test::Thing {'size': 7, 'uses': None, 'fixed_uses': None}",
        "Acme::Odd {}",
        "is not there",
    ]


def test_what_is_wrong_with_a_sibling_is_told_of_itself() -> None:
    wrong = {"properties": {"size": {"list_join": [",", 5]}}}
    definition = define({"a": {"type": "Test::Watcher"}, "big": wrong})
    with pytest.raises(InvalidDocument) as refused:
        want(definition, definition.resources["a"], AllUnknown(), world_types(Watcher()))
    assert refused.value.diagnostics[0].text.startswith("Test::Thing {'size': 1")
