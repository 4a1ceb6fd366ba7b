"""Properties and the bodies of an API, both ways."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.kit import KEEP, Properties, create_fields, not_given, prop
from isotherm.kit.bodies import fields_beside, live_properties, update_fields


class Address(Properties):
    subnet: str | None = prop(sends="subnet_id")
    ip: str | None = prop()


class BoxProperties(Properties):
    name: str | None = prop()
    image_id: str | None = prop(renamed_to="image")
    image: str | None = prop(sends="imageRef", reads="image.id")
    disk_config: str | None = prop(name="diskConfig", sends="OS-DCF:diskConfig")
    metric: str | None = prop(sends="rule.metric")
    threshold: float | None = prop(sends="rule.threshold")
    addresses: list[Address] | None = prop(sends="fixed_ips", clears=[])
    gateway: Address | None = prop(clears={})
    agents: list[str] | None = prop(sends=None)
    tags: list[str] | None = prop(sends=None, reads="tags")
    size: int | None = prop(by_call=True)
    hints: dict[str, Any] | None = prop(sends="os:hints", beside=True)
    metadata: dict[str, Any] | None = prop(
        encodes=lambda given: {key: str(each) for key, each in given.items()},
        decodes=lambda shown: {key: int(each) for key, each in shown.items()},
    )
    secured: bool | None = prop(clears=True)
    uplink: bool | None = prop(clears=KEEP)
    value_specs: dict[str, Any] | None = prop(merges=True)


CASES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"name": "n", "image": "i"}, {"name": "n", "imageRef": "i"}),
    ({"image_id": "i", "agents": ["a"], "tags": ["t"]}, {}),
    ({"diskConfig": "AUTO"}, {"OS-DCF:diskConfig": "AUTO"}),
    ({"metric": "m", "threshold": 1.5}, {"rule": {"metric": "m", "threshold": 1.5}}),
    ({"addresses": [{"subnet": "s", "ip": ""}]}, {"fixed_ips": [{"subnet_id": "s"}]}),
    ({"gateway": {"subnet": "s"}}, {"gateway": {"subnet_id": "s"}}),
    ({"metadata": {"a": 1}}, {"metadata": {"a": "1"}}),
    ({"name": "n", "value_specs": {"name": "m", "x": 1}}, {"name": "m", "x": 1}),
    ({"name": "", "size": 3, "secured": False}, {"size": 3, "secured": False}),
    ({"hints": {"a": 1}}, {}),
]


@pytest.mark.parametrize(("given", "body"), CASES)
def test_a_create_sends_what_is_given_in_the_words_of_the_api(
    given: dict[str, Any], body: dict[str, Any]
) -> None:
    assert create_fields(BoxProperties.of(given)) == body


def test_what_stands_beside_the_object_is_told_apart() -> None:
    assert fields_beside(BoxProperties.of({"hints": {"a": 1}, "name": "n"})) == {
        "os:hints": {"a": 1}
    }


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("name", {"name": None}),
        ("addresses", {"fixed_ips": []}),
        ("gateway", {"gateway": {}}),
        ("secured", {"secured": True}),
        ("metric", {"rule": {"metric": None}}),
        ("uplink", {}),
        ("agents", {}),
        ("size", {}),
        ("hints", {}),
        ("value_specs", {}),
    ],
)
@pytest.mark.parametrize("given", [{}, {"name": ""}])
def test_an_update_clears_what_is_not_given_any_more(
    name: str, field: dict[str, Any], given: dict[str, Any]
) -> None:
    props = BoxProperties.of(given)
    assert update_fields(props, [name]) == field
    assert not_given(props, [name]) == {name}


def test_a_field_with_others_inside_is_sent_whole() -> None:
    props = BoxProperties.of({"metric": "m", "threshold": 2.5, "name": "n"})
    whole = {"rule": {"metric": "m", "threshold": 2.5}}
    assert update_fields(props, ["threshold"]) == whole
    assert update_fields(props, ["metric", "name"]) == {**whole, "name": "n"}
    assert update_fields(BoxProperties.of({"metric": "m"}), ["threshold"]) == {
        "rule": {"metric": "m", "threshold": None}
    }


def test_an_update_sends_what_has_changed_and_nothing_else() -> None:
    given = {"name": "n", "image": "i", "size": 2, "value_specs": {"x": 1}}
    props = BoxProperties.of(given)
    assert update_fields(props, ["image", "size", "value_specs"]) == {"imageRef": "i", "x": 1}
    assert not_given(props, ["name", "metric"]) == {"metric"}


@pytest.mark.parametrize(
    ("remote", "properties"),
    [
        ({"name": "n", "image": {"id": "i"}, "other": 1}, {"name": "n", "image": "i"}),
        ({"name": None, "image": "", "rule": "odd"}, {}),
        ({"rule": {"metric": "m"}}, {"metric": "m"}),
        ({"fixed_ips": [{"subnet_id": "s", "ip": None}]}, {"addresses": [{"subnet": "s"}]}),
        ({"gateway": {"subnet_id": "s"}}, {"gateway": {"subnet": "s"}}),
        ({"gateway": "odd"}, {"gateway": "odd"}),
        ({"metadata": {"a": "1"}, "tags": ["t"]}, {"metadata": {"a": 1}, "tags": ["t"]}),
        ({"value_specs": {"x": 1}, "imageRef": "i", "agents": ["a"]}, {}),
    ],
)
def test_an_object_tells_the_properties_that_it_has(
    remote: dict[str, Any], properties: dict[str, Any]
) -> None:
    assert live_properties(BoxProperties, remote) == properties


class InListProperties(Properties):
    owner: str | None = prop(sends="owner_id", reads="owners.0.id")


@pytest.mark.parametrize(
    ("shown", "live"),
    [
        ({"owners": [{"id": "o"}, {"id": "p"}]}, {"owner": "o"}),
        ({"owners": []}, {}),
        ({"owners": None}, {}),
    ],
)
def test_what_is_shown_in_a_list_is_read_by_its_position(shown: Any, live: Any) -> None:
    assert live_properties(InListProperties, shown) == live
