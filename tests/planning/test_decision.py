"""What becomes of one resource: the whole table of rules."""

from __future__ import annotations

from typing import Any

import pytest
from tests.planning.builders import TYPES, row

from isotherm.core.states import Action, Status
from isotherm.core.values import Secret, Unknown
from isotherm.planning.decision import Want, decide
from isotherm.planning.diff import Verdict, compare, immutable_changes
from isotherm.planning.plan import Kind

THING = TYPES["Test::Thing"]
GATE = TYPES["Test::Gate"]
SAME: dict[str, Any] = {"size": 1, "uses": None, "fixed_uses": None}


def want(**fields: Any) -> Want:
    return Want(**{"name": "a", "type": "Test::Thing", "properties": SAME, **fields})


@pytest.mark.parametrize(
    ("recorded", "wanted", "kind"),
    [
        (None, want(), Kind.CREATE),
        (row("a", state=(Action.INIT, Status.COMPLETE)), want(), Kind.CREATE),
        (row("a"), want(), Kind.KEEP),
        (row("a"), want(properties={**SAME, "size": 2}), Kind.UPDATE),
        (row("a"), want(properties={**SAME, "colour": "red"}), Kind.REPLACE),
        (row("a"), want(properties={**SAME, "size": 2, "colour": "red"}), Kind.REPLACE),
        (row("a"), want(properties={**SAME, "uses": Unknown("b")}), Kind.UNDECIDED),
        (row("a"), want(properties={**SAME, "size": 2, "uses": Unknown("b")}), Kind.UNDECIDED),
        (
            row("a"),
            want(properties={**SAME, "colour": "red", "uses": Unknown("b")}),
            Kind.REPLACE,
        ),
        (row("a"), want(metadata={"k": 1}), Kind.UPDATE),
        (row("a"), want(metadata={"k": Unknown("b")}), Kind.UNDECIDED),
        (row("a", type="Test::Gate"), want(), Kind.REPLACE),
        (row("a"), want(external_id="theirs"), Kind.REPLACE),
        (row("a"), want(external_id="id-a"), Kind.KEEP),
        (row("a", external=True, properties={}), want(external_id="id-a"), Kind.KEEP),
        (row("a", state=(Action.CREATE, Status.IN_PROGRESS)), want(), Kind.FINISH),
        (row("a", state=(Action.CREATE, Status.FAILED)), want(), Kind.REPLACE),
        (row("a", state=(Action.INIT, Status.FAILED)), want(), Kind.REPLACE),
        (row("a", state=(Action.CHECK, Status.FAILED)), want(), Kind.REPLACE),
        (row("a", state=(Action.DELETE, Status.FAILED)), want(), Kind.REPLACE),
        (row("a", state=(Action.DELETE, Status.IN_PROGRESS)), want(), Kind.REPLACE),
        (row("a", state=(Action.DELETE, Status.COMPLETE)), want(), Kind.REPLACE),
        (row("a", state=(Action.UPDATE, Status.FAILED)), want(), Kind.UNDECIDED),
        (row("a", state=(Action.UPDATE, Status.IN_PROGRESS)), want(), Kind.UNDECIDED),
        (row("a", state=(Action.CHECK, Status.IN_PROGRESS)), want(), Kind.UNDECIDED),
        (row("a", state=(Action.CHECK, Status.COMPLETE)), want(), Kind.KEEP),
    ],
    ids=lambda each: each.value if isinstance(each, Kind) else None,
)
def test_the_rules_for_one_name(recorded: Any, wanted: Want, kind: Kind) -> None:
    assert decide(THING, recorded, wanted).kind is kind


def test_a_replacement_says_why() -> None:
    assert "colour" in decide(THING, row("a"), want(properties={**SAME, "colour": "red"})).reason
    assert "Test::Gate" in decide(THING, row("a", type="Test::Gate"), want()).reason
    failed = row("a", state=(Action.CREATE, Status.FAILED))
    assert decide(THING, failed, want()).reason == "it could not be created before"


def test_changes_tell_before_and_after() -> None:
    found = compare(THING, SAME, {**SAME, "size": 5})
    assert (found.changes["size"].before, found.changes["size"].after) == (1, 5)
    assert found.changes.after() == {"size": 5}
    assert list(found.changes) == ["size"]


def test_a_property_that_vanishes_is_changed_to_nothing() -> None:
    assert compare(THING, {**SAME, "colour": "red"}, SAME).verdict is Verdict.REPLACE


def test_secrets_are_compared_by_what_they_hold() -> None:
    assert compare(THING, {"password": Secret("a")}, {"password": Secret("a")}).verdict is (
        Verdict.SAME
    )
    assert compare(THING, {"password": Secret("a")}, {"password": Secret("b")}).verdict is (
        Verdict.UPDATE
    )


def test_what_an_unfinished_update_may_have_changed_counts_as_changed() -> None:
    back = compare(THING, SAME, SAME, applying={**SAME, "size": 2})
    assert list(back.changes) == ["size"]
    assert compare(THING, SAME, SAME, applying=SAME).verdict is Verdict.SAME
    on = compare(THING, SAME, {**SAME, "size": 2}, applying={**SAME, "size": 2})
    assert list(on.changes) == ["size"]


def test_a_type_may_ask_for_replacement_by_its_own_rule() -> None:
    assert compare(GATE, {"level": 1}, {"level": 2}).verdict is Verdict.UPDATE
    assert compare(GATE, {"level": 2}, {"level": 1}).verdict is Verdict.REPLACE
    undecided = compare(GATE, {"level": 2}, {"level": 1, "opens": Unknown("b")})
    assert (undecided.verdict, undecided.unknown) == (Verdict.UPDATE, ("opens",))


def test_immutable_changes_are_named() -> None:
    changes = compare(GATE, {"owner": "me"}, {"owner": "you", "level": 3}).changes
    assert immutable_changes(GATE, changes) == ["owner"]
