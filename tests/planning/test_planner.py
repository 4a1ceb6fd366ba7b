"""Whole plans: what is left out, what is removed when, and returns to older objects."""

from __future__ import annotations

from dataclasses import replace
from graphlib import CycleError
from typing import Any

import pytest
from tests.planning.builders import TYPES, define, row

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.states import Action, DeletionPolicy, Status
from isotherm.core.values import Unknown
from isotherm.kit import Properties, ResourceType
from isotherm.planning.decision import Decision, Want, decide
from isotherm.planning.desired import Desired
from isotherm.planning.plan import Kind, Plan, Step, ordered, refines
from isotherm.planning.planner import (
    Order,
    make_check_plan,
    make_plan,
    make_remedy_plan,
    make_stopping_plan,
    make_visit_plan,
)
from isotherm.planning.removal import make_clean_up_plan, make_removal_plan, still_used
from isotherm.planning.replacement import row_to_revert_to

USES_A: dict[str, Any] = {"properties": {"uses": {"get_resource": "a"}}}


class Once(ResourceType[Properties]):
    name = "Test::Once"
    renews = True


def plan(resources: dict[str, Any], *rows: Any, **sections: Any) -> Plan:
    return make_plan(Desired.of(define(resources, **sections), TYPES), rows)


def kinds(found: Plan) -> dict[str, str]:
    return {step.key: step.kind.value for step in found}


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([row("a", properties={"size": 1})], "undecided"),
        ([row("a", properties={"size": 2})], "undecided"),
        ([row("a", properties={"size": 1, "colour": "red"})], "replace"),
        ([row("a", properties={"size": 1}, external=True)], "update"),
        ([row("a", properties={"size": 1}, physical_id=None)], "keep"),
        ([], "create"),
    ],
)
def test_what_is_looked_at_first_is_left_open(rows: list[Any], kind: str) -> None:
    definition = define({"a": {"properties": {"size": 1}}})
    found = kinds(make_plan(Desired.of(definition, TYPES, observes=True), rows))
    assert found.get("a", "keep") == kind


def test_types_without_objects_are_not_looked_at() -> None:
    definition = define({"a": {"type": "Test::Gate"}})
    found = make_plan(Desired.of(definition, TYPES, observes=True), [row("a", type="Test::Gate")])
    assert kinds(found).get("a", "keep") == "keep"


def test_a_copy_is_put_back_though_nothing_else_is_to_be_done() -> None:
    definition = define({"a": {"properties": {"size": 1}}, "b": {"properties": {"size": 1}}})
    desired = Desired.of(definition, TYPES, restores=frozenset({"a"}))
    rows = [row(name, properties={"size": 1}) for name in ("a", "b")]
    found = make_plan(desired, rows)
    assert kinds(found).get("b", "keep") == "keep"
    assert found.steps["a"].kind is Kind.UPDATE
    assert "copy" in found.steps["a"].reason


def user(name: str = "b", used: str = "a", **fields: Any) -> Any:
    properties = {"size": 1, "uses": f"id-{used}", "fixed_uses": None}
    return row(name, **{"properties": properties, "dependencies": (f"row-{used}",), **fields})


def test_what_is_as_it_should_be_needs_no_step() -> None:
    assert len(plan({"a": {}, "b": USES_A}, row("a"), user())) == 0


def test_dependants_of_a_change_are_looked_at_again() -> None:
    found = plan({"a": {"properties": {"size": 2}}, "b": USES_A}, row("a"), user())
    assert kinds(found) == {"a": "update", "b": "keep"}
    assert found.steps["b"].after == {"a"}


def test_a_step_does_not_wait_for_what_has_nothing_to_do() -> None:
    changed = {"properties": {**USES_A["properties"], "size": 2}}
    assert plan({"a": {}, "b": changed}, row("a"), user()).steps["b"].after == frozenset()


def test_a_dependant_of_a_replaced_thing_is_undecided_and_the_old_one_goes_last() -> None:
    found = plan({"a": {"properties": {"colour": "red"}}, "b": USES_A}, row("a"), user())
    assert kinds(found)["a"] == "replace"
    assert found.steps["b"].kind is Kind.UNDECIDED
    assert found.steps["b"].unknown == ("uses",)
    assert list(found.steps) == ["a", "b", "remove row-b", "remove row-a"]
    assert list(found.making.steps) == ["a", "b"]


def test_attributes_are_known_as_long_as_their_resource_is_kept() -> None:
    reads = {"properties": {"size": {"get_attr": ["a", "size"]}}}
    known = row("a", attributes={"size": 3})
    settled = row(
        "b", properties={"size": 3, "uses": None, "fixed_uses": None}, dependencies=("row-a",)
    )
    assert len(plan({"a": {}, "b": reads}, known, settled)) == 0
    grown = plan({"a": {"properties": {"size": 4}}, "b": reads}, known, settled)
    assert grown.steps["b"].kind is Kind.UNDECIDED


def test_an_attribute_that_was_never_read_before_is_fetched() -> None:
    found = plan({"a": {}}, row("a"), outputs={"o": {"value": {"get_attr": ["a", "console"]}}})
    assert kinds(found)["a"] == "keep"


def test_an_attribute_that_nobody_recorded_is_known_after_its_resource() -> None:
    reads = {"properties": {"size": {"get_attr": ["a", "serial"]}}}
    found = plan({"a": {}, "b": reads}, row("a", attributes={"size": 3}), user())
    assert found.steps["b"].kind is Kind.UNDECIDED
    assert found.steps["b"].unknown == ("size",)


def test_all_attributes_at_once_are_the_recorded_ones() -> None:
    reads = {"properties": {"uses": {"get_attr": ["a"]}}}
    found = plan({"a": {}, "b": reads}, row("a", attributes={"size": 3}))
    assert found.steps["b"].kind is Kind.CREATE


def test_a_new_dependency_or_policy_is_recorded_though_no_property_changes() -> None:
    assert "b" in plan({"a": {}, "b": {"depends_on": "a"}}, row("a"), row("b")).steps
    assert "a" in plan({"a": {"deletion_policy": "Retain"}}, row("a")).steps
    retained = row("a", deletion_policy=DeletionPolicy.RETAIN)
    assert len(plan({"a": {"deletion_policy": "Retain"}}, retained)) == 0


def test_undesired_things_go_last_and_dependants_first() -> None:
    found = plan({"c": {}}, row("a"), user("b", "a"), user("c", "b"))
    assert kinds(found) == {"c": "update", "remove row-b": "delete", "remove row-a": "delete"}
    assert found.steps["remove row-a"].after == {"remove row-b"}


def test_a_leftover_is_removed_after_its_successor_stands() -> None:
    old = row("a", id="old", current=False)
    different = row("a", properties={"size": 2, "uses": None, "fixed_uses": None})
    found = plan({"a": {"properties": {"size": 3}}}, old, different)
    assert found.steps["remove old"].kind is Kind.DELETE
    assert list(found.steps) == ["a", "remove old"]


def test_a_leftover_that_is_what_is_wanted_becomes_current_again() -> None:
    old = row("a", id="old", current=False)
    newer = row("a", state=(Action.CREATE, Status.FAILED))
    found = plan({"a": {}}, old, newer)
    assert found.steps["a"].kind is Kind.REVERT
    assert found.steps["a"].row == "old"
    assert found.steps["remove old"].kind is Kind.CLEAN_UP


@pytest.mark.parametrize(
    "unfit",
    [
        {"state": (Action.CREATE, Status.FAILED)},
        {"state": (Action.DELETE, Status.COMPLETE)},
        {"type": "Test::Gate"},
        {"name": "another"},
        {"properties": {"size": 9}},
    ],
)
def test_a_leftover_that_is_not_sound_stays_one(unfit: dict[str, Any]) -> None:
    old = row(**{"name": "a", "id": "old", "current": False, **unfit})
    found = plan({"a": {}}, old, row("a", state=(Action.CREATE, Status.FAILED)))
    assert found.steps["a"].kind is Kind.REPLACE


def test_recorded_dependencies_that_contradict_each_other_are_no_circle() -> None:
    found = make_removal_plan([user("a", "b"), user("b", "a"), user("c", "a")])
    assert found.steps["remove row-b"].after == frozenset(), "the younger one goes first"
    assert found.steps["remove row-a"].after == {"remove row-b", "remove row-c"}


def test_what_a_circle_uses_still_goes_after_it() -> None:
    circle = [user("a", "b"), user("b", "a", dependencies=("row-a", "row-used"))]
    found = make_removal_plan([*circle, row("used")])
    assert found.steps["remove row-used"].after == {"remove row-b"}


def test_a_row_that_depends_on_itself_is_removed() -> None:
    assert len(make_removal_plan([user("a", "a")])) == 1


def test_a_check_looks_at_every_current_row_and_for_what_was_never_made() -> None:
    rows = [row("a"), row("a", id="old", current=False), user()]
    found = make_check_plan(rows, {"a": "Test::Thing", "c": "Test::Thing"})
    assert kinds(found) == {"a": "check", "b": "check", "c": "check"}
    assert found.steps["c"].row is None


def test_what_is_under_way_is_seen_out_leftovers_included() -> None:
    rows = [
        row("a"),
        row("b", state=(Action.UPDATE, Status.IN_PROGRESS)),
        row("b", id="old", current=False, state=(Action.DELETE, Status.IN_PROGRESS)),
    ]
    assert kinds(make_stopping_plan(rows)) == {"row-b": "see out", "old": "see out"}


def test_what_was_ordered_is_done_to_each_row_by_itself() -> None:
    rows = [row("a"), row("a", id="old", current=False), user()]
    assert kinds(make_remedy_plan(rows)) == {"row-a": "remedy", "old": "remedy", "row-b": "remedy"}


def test_what_waits_at_a_hook_has_a_step_though_nothing_is_to_be_done() -> None:
    held = Desired.of(define({"a": {}, "b": USES_A}), TYPES, held=frozenset({"a"}))
    found = make_plan(held, [row("a"), user()])
    assert kinds(found) == {"a": "keep", "b": "keep"}
    assert found.steps["b"].after == {"a"}


def test_a_clean_up_removes_what_is_not_desired_and_tidies_stacks_in_between() -> None:
    rows = [
        row("base"),
        row("kid", dependencies=("row-base",), physical_id="stack"),
        user("top", "kid"),
        row("kept"),
    ]
    found = make_clean_up_plan(rows, {"kid", "kept"}, {"stack"})
    assert kinds(found) == {
        "remove row-top": "delete",
        "remove row-kid": "tidy",
        "remove row-base": "delete",
    }
    assert list(found.steps) == ["remove row-top", "remove row-kid", "remove row-base"]


def test_what_was_used_and_is_to_go_is_still_used() -> None:
    rows = [row("a"), row("old", current=False), row("gone")]
    user_row = row("b", dependencies=("row-a", "row-old", "row-gone", "long-removed"))
    assert still_used(user_row, rows, {"a", "b"}) == {"row-old", "row-gone"}


def test_a_circle_of_resources_is_shown() -> None:
    with pytest.raises(InvalidDocument, match=r"a → b → a|b → a → b"):
        plan({"a": {"depends_on": "b"}, "b": USES_A})


def test_a_circle_of_steps_is_an_error() -> None:
    with pytest.raises(CycleError):
        ordered(
            [
                Step("a", Kind.KEEP, "a", "", frozenset({"b"})),
                Step("b", Kind.KEEP, "b", "", frozenset({"a"})),
            ]
        )


def test_steps_know_who_waits_for_them() -> None:
    found = plan({"a": {}, "b": USES_A, "c": USES_A})
    assert found.dependants["a"] == ("b", "c")


def test_a_plan_tells_what_is_known_later() -> None:
    assert str(Unknown("a")) == "(known after a)"
    text = plan({"a": {}, "b": USES_A}).describe()
    assert text.splitlines() == [
        "create    a (Test::Thing)",
        "create    b (Test::Thing); after a",
    ]


def test_a_plan_tells_what_changes_and_why() -> None:
    sizes = {"properties": {"size": 2}}
    opened = {"properties": {"uses": {"get_attr": ["a", "serial"]}}}
    tainted = row("c", state=(Action.CREATE, Status.FAILED))
    found = plan({"a": sizes, "b": opened, "c": {}}, row("a"), row("b"), tainted)
    assert found.describe().splitlines()[:3] == [
        "update    a (Test::Thing); changes size",
        "replace   c (Test::Thing); it could not be created before",
        "undecided b (Test::Thing); known later: uses; after a",
    ]


def test_what_fits_is_kept_though_a_leftover_would_fit_as_well() -> None:
    old = row("a", id="old", current=False)
    found = plan({"a": {}}, old, row("a"))
    assert kinds(found) == {"remove old": "delete"}
    grown = plan({"a": {"properties": {"size": 2}}}, old, row("a"))
    assert grown.steps["a"].kind is Kind.UPDATE


def test_what_becomes_secret_is_recorded_though_its_value_stays() -> None:
    properties = {"size": 1, "uses": None, "fixed_uses": None, "colour": "p"}
    reads = {"a": {"properties": {"colour": {"get_param": "p"}}}}
    parameters = {"p": {"type": "string", "default": "p"}}
    assert len(plan(reads, row("a", properties=properties), parameters=parameters)) == 0
    parameters["p"]["hidden"] = "true"
    found = plan(reads, row("a", properties=properties), parameters=parameters)
    assert found.steps["a"].kind is Kind.KEEP


@pytest.mark.parametrize(
    ("planned", "left_open"),
    [
        (Kind.KEEP, {Kind.KEEP}),
        (Kind.UPDATE, {Kind.UPDATE, Kind.KEEP}),
        (Kind.CREATE, {Kind.CREATE, Kind.REVERT}),
        (Kind.REPLACE, {Kind.REPLACE, Kind.REVERT}),
        (Kind.REVERT, {Kind.REVERT}),
        (Kind.UNDECIDED, {Kind.KEEP, Kind.UPDATE, Kind.REPLACE, Kind.REVERT}),
        (
            Kind.FINISH,
            {Kind.FINISH, Kind.CREATE, Kind.KEEP, Kind.UPDATE, Kind.REPLACE, Kind.REVERT},
        ),
    ],
)
def test_a_decision_refines_the_plan(planned: Kind, left_open: set[Kind]) -> None:
    assert {kind for kind in Kind if refines(kind, planned)} == left_open


def test_what_others_depend_on_is_visited_first_or_last() -> None:
    before = user("old", id="row-old", current=False)
    rows = [row("a"), user(dependencies=("row-a", "row-old")), before]
    resumed = make_visit_plan(rows, Kind.RESUME, Order.AS_MADE)
    assert {step.key: step.after for step in resumed} == {"a": set(), "b": {"a"}}
    suspended = make_visit_plan(rows, Kind.SUSPEND, Order.AGAINST)
    assert {step.key: step.after for step in suspended} == {"a": {"b"}, "b": set()}


def test_all_attributes_of_what_stays_are_known() -> None:
    reader = {"type": "Test::Gate", "properties": {"opens": {"get_attr": ["a"]}}}
    read = row("a", type="Test::Gate", properties={"opens": None}, attributes={"x": 1})
    same, other = (
        row("b", type="Test::Gate", properties={"opens": opens}, dependencies=("row-a",))
        for opens in ({"x": 1}, {"x": 2})
    )
    resources = {"a": {"type": "Test::Gate"}, "b": reader}
    assert kinds(plan(resources, read, same)) == {}
    assert kinds(plan(resources, read, other)) == {"b": "update"}


@pytest.mark.parametrize(
    ("leftover", "returns"),
    [
        ({}, True),
        ({"type": "Test::Sink"}, False),
        ({"state": (Action.DELETE, Status.FAILED)}, False),
    ],
)
def test_a_return_is_to_a_sound_object_of_the_type(leftover: dict[str, Any], returns: bool) -> None:
    old = row("a", id="row-old", physical_id="id-old", current=False, **leftover)
    present = row("a", properties={"size": 1, "colour": "red", "uses": None, "fixed_uses": None})
    found = plan({"a": {}}, old, present)
    assert found.steps["a"].kind is (Kind.REVERT if returns else Kind.REPLACE)


def test_what_every_update_makes_anew_is_replaced_and_a_return_is_to_the_first() -> None:
    types = TYPES.including({Once.name: Once()})
    rows = [
        row("a", id=f"row-{number}", type=Once.name, properties={}, current=number == 3)
        for number in (1, 2, 3)
    ]
    wanted = Want(name="a", type=Once.name, properties={}, renewed_in=2)
    assert decide(Once(), rows[2], wanted).kind is Kind.REPLACE
    back = replace(wanted, renewed_in=None)
    assert row_to_revert_to(rows, Decision(Kind.KEEP), back, types) == rows[0]
    assert row_to_revert_to(rows, Decision(Kind.KEEP), wanted, types) is None
