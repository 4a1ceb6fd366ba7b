"""What becomes of one resource: the whole table of rules."""

from __future__ import annotations

from typing import Any

import pytest
from tests.planning.builders import TYPES, row

from isotherm.core.failures import Failure
from isotherm.core.states import Action, Status
from isotherm.core.values import Secret, Unknown
from isotherm.kit.template_type import TemplateType
from isotherm.planning.decision import ABORTED, Want, decide
from isotherm.planning.diff import Verdict, compare, immutable_changes
from isotherm.planning.plan import Kind
from isotherm.template import TemplateFile, load_template, schema_of_template

THING = TYPES["Test::Thing"]
GATE = TYPES["Test::Gate"]
SAME: dict[str, Any] = {"size": 1, "uses": None, "fixed_uses": None}

TEXT = "heat_template_version: 2021-04-16\nparameters: {size: {type: number}}\n"
TEMPLATE = load_template(TEXT)
WEB = TemplateType(TemplateFile(schema_of_template("web.yaml", TEMPLATE), TEMPLATE, TEXT))


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
        (row("a"), want(external_id="theirs"), Kind.UPDATE),
        (row("a"), want(external_id="id-a"), Kind.UPDATE),
        (row("a", external=True, properties={}), want(external_id="theirs"), Kind.UPDATE),
        (row("a", external=True, properties={}), want(), Kind.UPDATE),
        (row("a", state=(Action.CREATE, Status.FAILED)), want(external_id="b"), Kind.REPLACE),
        (row("a", state=(Action.ADOPT, Status.IN_PROGRESS)), want(), Kind.FINISH),
        (row("a", state=(Action.ADOPT, Status.FAILED)), want(), Kind.REPLACE),
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
    assert {name: each.after for name, each in found.changes.items()} == {"size": 5}
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


def test_what_becomes_secret_or_visible_stays_as_it_is() -> None:
    hidden = {**SAME, "colour": Secret("red")}
    shown = {**SAME, "colour": "red"}
    assert compare(THING, hidden, shown).verdict is Verdict.SAME
    assert compare(THING, shown, hidden).verdict is Verdict.SAME
    assert compare(THING, shown, hidden, applying=hidden).verdict is Verdict.SAME
    assert compare(THING, hidden, {**SAME, "colour": "blue"}).verdict is Verdict.REPLACE


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


FOUND = Failure("ResourceInError", "resources.a", "broken")
"""What a check keeps; a mark of a user has no such thing."""


def nested(**fields: Any) -> Any:
    return row("a", **{"type": "web.yaml", "properties": {"size": 1}, **fields})


@pytest.mark.parametrize(
    ("recorded", "properties", "kind"),
    [
        (nested(), {"size": 1}, Kind.UPDATE),
        (nested(), {"size": 2}, Kind.UPDATE),
        (nested(), {"size": Unknown("b")}, Kind.UNDECIDED),
        (nested(state=(Action.CREATE, Status.FAILED)), {"size": 1}, Kind.UPDATE),
        (nested(state=(Action.CHECK, Status.FAILED), failure=FOUND), {"size": 1}, Kind.UPDATE),
        (nested(state=(Action.CHECK, Status.FAILED)), {"size": 1}, Kind.REPLACE),
        (nested(state=(Action.UPDATE, Status.FAILED)), {"size": 1}, Kind.UPDATE),
        (nested(state=(Action.CREATE, Status.FAILED), physical_id=""), {"size": 1}, Kind.REPLACE),
        (nested(state=(Action.DELETE, Status.FAILED)), {"size": 1}, Kind.REPLACE),
        (nested(type="another.yaml"), {"size": 1}, Kind.UPDATE),
        (nested(type="Test::Thing"), {"size": 1}, Kind.REPLACE),
    ],
)
def test_a_stack_inside_is_always_looked_at_and_mended_where_it_can_be(
    recorded: Any, properties: dict[str, Any], kind: Kind
) -> None:
    """Its template, its files or what is in it may have changed, whatever its properties say."""
    assert decide(WEB, recorded, want(type="web.yaml", properties=properties)).kind is kind


def test_only_a_type_that_is_a_stack_takes_over_from_a_template() -> None:
    assert decide(THING, nested(), want()).reason == "the type was web.yaml"


@pytest.mark.parametrize("kind", ["Timeout", "ServiceUnavailable", ABORTED])
def test_a_check_that_got_no_answer_is_no_reason_to_replace(kind: str) -> None:
    unanswered = row(
        "a", state=(Action.CHECK, Status.FAILED), failure=Failure(kind, "resources.a", "no answer")
    )
    found = decide(THING, unanswered, want())
    assert found.kind is Kind.UNDECIDED
    broken = row(
        "a", state=(Action.CHECK, Status.FAILED), failure=Failure("ResourceInError", "", "broken")
    )
    assert decide(THING, broken, want()).kind is Kind.REPLACE
