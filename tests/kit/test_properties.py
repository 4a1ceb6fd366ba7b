"""Property groups: from one line of Python to a schema, and from values to instances."""

from __future__ import annotations

from typing import Any, Optional

import pytest

from isotherm.core.constraints import (
    AllowedPattern,
    AllowedValues,
    CustomConstraint,
    Length,
    Modulo,
    Range,
)
from isotherm.core.schema import ABSENT, ValueType
from isotherm.kit import Properties, ResourceType, deprecated, former, hidden, prop, supported
from isotherm.kit.properties import Lookup


class Inner(Properties):
    network: str = prop("Where.", finds="neutron.network")
    port: int | None = prop("Which.")


class Everything(Properties):
    text: str = prop("Required.")
    number: int | None = prop("Optional.")
    old_style: Optional[float] = prop()  # noqa: UP045  (as older code writes it)
    yes: bool = prop(default=True)
    mapping: dict[str, str] = prop(default={})
    bare_list: list[Any] | None = prop()
    words: list[str] | None = prop(items=prop("A word.", min_length=1, resolves="nova.flavor"))
    anything: Any = prop(default=None)
    inner: Inner | None = prop()
    inners: list[Inner] = prop()
    odd: str | None = prop(name="the odd-name")


def test_annotations_give_type_and_requiredness() -> None:
    shape = {name: (each.type, each.required) for name, each in Everything.schema.items()}
    assert shape == {
        "text": (ValueType.STRING, True),
        "number": (ValueType.INTEGER, False),
        "old_style": (ValueType.NUMBER, False),
        "yes": (ValueType.BOOLEAN, False),
        "mapping": (ValueType.MAP, False),
        "bare_list": (ValueType.LIST, False),
        "words": (ValueType.LIST, False),
        "anything": (ValueType.ANY, False),
        "inner": (ValueType.MAP, False),
        "inners": (ValueType.LIST, True),
        "the odd-name": (ValueType.STRING, False),
    }


def test_lists_and_groups_have_their_own_schemas() -> None:
    words, inner, inners = (Everything.schema[n] for n in ("words", "inner", "inners"))
    assert words.items is not None
    assert (words.items.type, words.items.description) == (
        ValueType.STRING,
        "A word, by name or id.",
    )
    assert words.items.constraints == (Length(1, None),)
    assert inner.fields == Inner.schema
    assert inners.items is not None
    assert inners.items.fields == Inner.schema
    assert Everything.schema["bare_list"].items is None


def test_defaults() -> None:
    assert Everything.schema["text"].default is ABSENT
    assert Everything.schema["anything"].default is None
    assert Everything.schema["mapping"].default == {}


@pytest.mark.parametrize(
    ("declared", "constraint"),
    [
        (prop(ge=1), Range(1, None)),
        (prop(le=9), Range(None, 9)),
        (prop(min_length=1, max_length=3), Length(1, 3)),
        (prop(step=2, offset=1), Modulo(2, 1)),
        (prop(allowed=["a", "b"]), AllowedValues(("a", "b"))),
        (prop(pattern="a+"), AllowedPattern("a+")),
        (prop(exists="nova.keypair"), CustomConstraint("nova.keypair")),
        (prop(finds="glance.image"), CustomConstraint("glance.image")),
    ],
)
def test_limits_become_constraints(declared: Any, constraint: Any) -> None:
    assert declared.constraints == (constraint,)


def test_resolving_only_checks_nothing() -> None:
    assert prop(resolves="nova.flavor").constraints == ()
    assert prop().constraints == ()


def test_lookups_are_gathered_at_every_level() -> None:
    network = {"network": Lookup("neutron.network", "", {})}
    assert Everything.lookups == {
        "words": Lookup("", "", {}, "nova.flavor"),
        "inner": Lookup("", "", network),
        "inners": Lookup("", "", network),
    }


def test_instances_hold_groups_as_instances_and_absent_values_as_none() -> None:
    values = {"text": "x", "inner": {"network": "n"}, "inners": [{"port": 1}], "the odd-name": "o"}
    found = Everything.of(values)
    assert found.inner is not None
    assert (found.text, found.inner.network, found.inners[0].port) == ("x", "n", 1)
    assert (found.odd, found.number) == ("o", None)
    assert found.given() == values


def test_a_null_group_stays_null() -> None:
    assert Everything.of({"inner": None}).inner is None


def test_a_group_may_extend_another() -> None:
    class Wider(Inner):
        subnet: str | None = prop("Narrower.")

    assert list(Wider.schema) == ["network", "port", "subnet"]
    assert Wider.of({"port": 2, "subnet": "s"}).given() == {"port": 2, "subnet": "s"}
    assert "subnet" not in Inner.schema


def test_support_says_since_when_and_whether_still() -> None:
    class Aged(Properties):
        new: str | None = prop(since="9.0.0")
        old: str | None = prop(support=hidden("5.0.0", deprecated("3.0.0", supported("1.0.0"))))

    assert Aged.schema["new"].support.version == "9.0.0"
    support = Aged.schema["old"].support
    assert support.status == "HIDDEN"
    assert support.previous is not None
    assert support.previous.status == "DEPRECATED"
    assert support.previous.previous is not None
    assert support.previous.previous.status == "SUPPORTED"


def test_what_needs_no_translation_has_no_lookup() -> None:
    class Plain(Properties):
        text: str = prop("Nothing to look up.")
        inner: Inner | None = prop("Something inside.")
        group: list[Everything] = prop("More inside.")

    assert list(Plain.lookups) == ["inner", "group"]
    assert Plain.lookups["inner"].nested == Inner.lookups
    assert Plain.lookups["group"].nested == Everything.lookups


def test_a_former_name_is_translated_into_its_successor() -> None:
    class Renamed(Properties):
        old: str | None = prop("Formerly.", renamed_to="new", finds="nova.flavor")
        new: str = prop("Now.")

    assert Renamed.lookups == {"old": Lookup("nova.flavor", "new", {})}
    assert Renamed.schema["old"].renamed_to == "new"
    assert Renamed.schema["new"].required


class Place(Properties):
    ip: str | None = former("address", support=hidden("1"))
    address: str | None = prop()


class Moved(Properties):
    old: int | None = former("new", support=hidden("1"))
    new: int | None = prop()
    group: Place | None = prop()
    places: list[Place] | None = prop()
    kept: str | None = prop(resolves="nova.flavor")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"old": 1}, {"new": 1}),
        ({"old": 1, "new": None}, {"new": 1}),
        ({"old": 1, "new": 2}, {"old": 1, "new": 2}),
        ({"old": None}, {"old": None}),
        ({"kept": "m1"}, {"kept": "m1"}),
        ({"group": {"ip": "x"}}, {"group": {"address": "x"}}),
        (
            {"places": [{"ip": "x"}, {"address": "y"}]},
            {"places": [{"address": "x"}, {"address": "y"}]},
        ),
        ({"group": "no map"}, {"group": "no map"}),
    ],
)
def test_former_names_move_to_present_ones(given: Any, expected: Any) -> None:
    assert Moved.renamed(given) == expected
    assert Moved.present_names(given) >= expected.keys() - {"old"}


def test_the_operator_says_defaults_and_lengths_of_names() -> None:
    class Hosts(Properties):
        way: str = prop("How it is reached.", default="road", option="default_way")

    class Host(ResourceType[Hosts]):
        name_limit_option = "longest_name"

    host = Host()
    host.heed({"default_way": "river", "longest_name": 20})
    assert host.Properties.schema["way"].default == "river"
    assert host.name_limit == 20
    usual = Host()
    usual.heed({})
    assert usual.Properties is Hosts
    assert usual.name_limit == 255
