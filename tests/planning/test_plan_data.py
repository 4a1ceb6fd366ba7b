"""Plans as data: stored, read back, compared."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.planning.builders import TYPES, define, row

from isotherm.core.values import Secret, Unknown
from isotherm.kit.changes import Change, Changes
from isotherm.planning.desired import Desired
from isotherm.planning.plan import Kind, Plan, Step
from isotherm.planning.plan_data import plan_data, plan_of
from isotherm.planning.planner import make_plan


def changing(after: Any, before: Any = None) -> Plan:
    changes = Changes({"p": Change(before, after)})
    return Plan({"a": Step("a", Kind.UPDATE, "a", "Test::Thing", changes=changes)})


def test_a_plan_is_read_back_as_it_was_stored() -> None:
    resources: dict[str, Any] = {
        "a": {"properties": {"size": 2}},
        "b": {"properties": {"uses": {"get_attr": ["a", "size"]}}},
    }
    desired = Desired.of(define(resources), TYPES)
    plan = make_plan(desired, [row("a"), row("old")])
    assert {Kind.UPDATE, Kind.CREATE, Kind.DELETE} <= {step.kind for step in plan}
    assert plan_of(json.loads(json.dumps(plan_data(plan)))) == plan
    assert plan_of(plan_data(plan)) != make_plan(desired, [row("a", properties={"size": 2})])


@pytest.mark.parametrize(
    "value",
    [
        Unknown("b"),
        [{"deep": Unknown("b")}, 1, None],
        {"$known after": "a text of the user's"},
        {"$$known after": "another", "$known": 1},
        {7: "a key that is no text"},
    ],
    ids=repr,
)
def test_what_is_known_later_is_told_from_what_looks_like_it(value: Any) -> None:
    assert plan_of(plan_data(changing(value))) == changing(value)


def test_secrets_stay_wrapped() -> None:
    secret = Secret({"key": ["hush"]})
    data = plan_data(changing(secret, before=Secret("before")))
    assert "hush" not in repr(data)
    assert plan_of(data) == changing(secret, before=Secret("before"))
