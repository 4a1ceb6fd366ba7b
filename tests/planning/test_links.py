"""Which rows stand for the same link, and which ask for what only one can have."""

from __future__ import annotations

from typing import Any

import pytest
from tests.planning.builders import row
from tests.scenarios.linking import linking_types

from isotherm.core.states import Action, Status
from isotherm.core.values import Secret, Unknown
from isotherm.kit import Entity, Properties, Registry, UniqueType, prop
from isotherm.kit.links import OWN, Claim, Link
from isotherm.planning.links import (
    claims_of,
    described_alike,
    linking_properties,
    links_of,
    may_be_linked_by_property,
    same_object,
    whole_link,
)
from isotherm.planning.planner import must_look
from isotherm.ports.records import Resource

TYPES = linking_types()
RULE = Link("rule", ("group", "way"), also=("port",), details=("description",))


def tie(name: str, thing: Any = "id-a", to: Any = "id-b", **fields: Any) -> Resource:
    given = {"physical_id": thing, "properties": {"thing": thing, "to": to}, **fields}
    return row(name, type="Test::Tie", **given)


def tied(name: str, to: str | None = None, **fields: Any) -> Resource:
    return row(name, type="Test::Tied", **{"properties": {"tied_to": to}, **fields})


def test_a_link_is_known_by_its_kind_its_ends_and_what_tells_it_apart() -> None:
    assert RULE.key(None, {"group": "g", "way": "in", "port": 22}) == ("rule", "g", "in", 22)
    assert RULE.key(None, {"group": "g", "way": "in"}) == ("rule", "g", "in", None)
    listed = RULE.key(None, {"group": "g", "way": "in", "port": [1]})
    assert hash(listed), "whatever the properties are made of"
    assert RULE.key(None, {"group": "g", "way": "in", "port": Secret(22)}) == (
        "rule",
        "g",
        "in",
        22,
    )


@pytest.mark.parametrize("group", [None, "", Unknown("g"), 7])
def test_a_link_with_an_open_end_is_none(group: Any) -> None:
    assert RULE.key(None, {"group": group, "way": "in"}) is None


def test_details_are_no_part_of_the_identity() -> None:
    assert RULE.described({"description": "one"}) != RULE.described({"description": "two"})


def test_a_claim_looks_into_lists() -> None:
    claim = Claim("address", ("network", "cards.address"))
    cards = [{"address": "1"}, {"address": None}, {}, "odd", {"address": "2"}]
    given = {"network": "n", "cards": cards}
    assert set(claim.keys(given)) == {("address", "n", "1"), ("address", "n", "2")}
    assert not set(claim.keys({"cards": cards}))
    assert not set(claim.keys({"network": "n", "cards": 5}))


def test_rows_describe_links_by_properties_and_as_a_whole() -> None:
    a = tied("a", "id-b")
    assert links_of(TYPES["Test::Tied"], a) == {("tie", "id-a", "id-b")}
    assert whole_link(TYPES["Test::Tied"], a) is None
    assert linking_properties(TYPES["Test::Tied"], "id-a", a.properties) == {
        "tied_to": ("tie", "id-a", "id-b")
    }
    assert whole_link(TYPES["Test::Tie"], tie("t")) == ("tie", "id-a", "id-b")
    assert linking_properties(TYPES["Test::Tie"], "id-a", tie("t").properties) == {}
    assert whole_link(TYPES["Test::Tie"], tie("t", to=None)) is None
    assert OWN not in a.properties


def test_names_that_became_ids_count_as_such() -> None:
    named = tie("t", to="bee", resolved={"to": "id-b"})
    assert whole_link(TYPES["Test::Tie"], named) == ("tie", "id-a", "id-b")


def test_two_rows_may_stand_for_one_link_whatever_their_types_are() -> None:
    mine = tie("t")
    for other in (tie("u", physical_id=None), tied("a", "id-b")):
        assert same_object(mine, [mine, other], TYPES) is other
    one_end = tie("u", to="id-c", physical_id="id-a")
    for other in (
        one_end,
        tie("u", thing="id-x"),
        tied("a", "id-c"),
        row("b"),
        row("x", type="Gone"),
    ):
        assert same_object(mine, [mine, other], TYPES) is None
    assert same_object(row("a", type="Gone"), [mine], TYPES) is None


def test_one_id_of_one_type_is_one_object() -> None:
    one, two = row("a", physical_id="same"), row("b", physical_id="same")
    assert same_object(one, [two], TYPES) is two
    assert same_object(one, [tie("t", thing="same")], TYPES) is None
    assert same_object(row("a", physical_id=None), [row("b", physical_id=None)], TYPES) is None


def test_descriptions_of_one_link_may_differ_in_details() -> None:
    assert described_alike(tie("t"), tie("u"), TYPES)


class LidProperties(Properties):
    pot: str = prop("What it is on.")
    size: int = prop("Its size.", default=1)
    label: str = prop("What it says.", default="", update_allowed=True)


class Lid(UniqueType[LidProperties]):
    name = "Test::Lid"
    entity = Entity("acme", "lid", "/lids", "lids")
    links = (Link("lid", ("pot",)),)


def test_one_of_a_kind_is_another_where_no_update_could_make_it_alike() -> None:
    types = Registry({"Test::Lid": Lid()})

    def lid(name: str, **properties: Any) -> Resource:
        return row(name, type="Test::Lid", properties={"pot": "p", **properties})

    assert described_alike(lid("a"), lid("b", size=1, label="new"), types)
    assert not described_alike(lid("a"), lid("b", size=2), types)


def test_a_property_may_have_made_a_link_of_an_object_of_the_stack() -> None:
    assert may_be_linked_by_property(tie("t"), [row("x", type="Gone"), tied("a")], TYPES)
    assert not may_be_linked_by_property(tie("t"), [tied("b")], TYPES)
    assert not may_be_linked_by_property(tie("t", to=None), [tied("a")], TYPES)
    assert not may_be_linked_by_property(tie("t"), [tie("u", thing="id-a")], TYPES)


def test_claims_are_those_of_the_recorded_properties() -> None:
    seated = row("s", type="Test::Seated", properties={"seats": ["1", "2"]})
    assert claims_of(TYPES["Test::Seated"], seated) == {("seat", "1"), ("seat", "2")}


def test_what_is_linked_is_looked_at_and_what_is_not_is_left_alone() -> None:
    of = TYPES.get
    assert must_look(of("Test::Tie"), tie("t"), frozenset())
    assert must_look(of("Test::Tied"), tied("a", "id-b"), frozenset())
    assert not must_look(of("Test::Tied"), tied("a"), frozenset({"size"}))
    assert not must_look(of("Test::Tied"), tied("a", "id-b", external=True), frozenset())
    assert not must_look(None, row("x", type="Gone"), frozenset())
    broken = tie("t", state=(Action.CREATE, Status.FAILED))
    assert must_look(of("Test::Tie"), broken, frozenset())
