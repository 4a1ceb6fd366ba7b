"""Rows found by what they name or hold."""

from __future__ import annotations

from tests.planning.builders import row
from tests.scenarios.linking import linking_types

from isotherm.planning.holdings import Holdings
from isotherm.ports.records import Resource, replace

TYPES = linking_types()


def tie(name: str, thing: str, to: str, **fields: object) -> Resource:
    return row(name, type="Test::Tie", properties={"thing": thing, "to": to}, **fields)


def names(rows: list[Resource]) -> list[str]:
    return [each.name for each in rows]


def held(*rows: Resource) -> Holdings[Resource]:
    holdings: Holdings[Resource] = Holdings(TYPES)
    for each in rows:
        holdings.put(each)
    return holdings


def test_rows_are_found_by_the_link_that_they_are_whatever_their_id() -> None:
    one, other = tie("one", "a", "b", physical_id="t1"), tie("other", "a", "b", physical_id=None)
    holdings = held(one, other, tie("third", "a", "c", physical_id="t1"))
    assert names(holdings.same_as(other)) == ["one", "other"]


def test_other_rows_are_found_by_the_id_of_their_object() -> None:
    thing = row("thing", physical_id="x")
    holdings = held(thing, row("again", physical_id="x"), row("else", physical_id="y"))
    assert names(holdings.same_as(thing)) == ["thing", "again"]
    assert names(holdings.naming("y", "x")) == ["else", "thing", "again"]
    assert holdings.same_as(replace(thing, physical_id=None)) == []


def test_a_row_is_found_as_it_is_now_and_not_when_it_is_gone() -> None:
    before = tie("one", "a", "b", physical_id="t1")
    holdings = held(before)
    after = replace(before, properties={"thing": "a", "to": "c"})
    holdings.put(after)
    assert holdings.same_as(before) == []
    assert holdings.same_as(after) == [after]
    holdings.drop(after.id)
    holdings.drop("never there")
    assert holdings.same_as(after) == []


def test_a_type_that_nobody_knows_holds_its_object_alone() -> None:
    strange = row("strange", type="Their::Type", physical_id="x")
    assert held(strange).same_as(strange) == [strange]
    assert held(replace(strange, physical_id=None)).naming("x") == []


def test_what_only_one_can_have_leads_to_who_asks_for_it() -> None:
    one = row("one", type="Test::Seated", properties={"seats": ["1", "2"]})
    other = row("other", type="Test::Seated", properties={"seats": ["3"]})
    holdings = held(one, other)
    assert names(holdings.claiming([("seat", "3"), ("seat", "2"), ("seat", "9")])) == [
        "other",
        "one",
    ]
