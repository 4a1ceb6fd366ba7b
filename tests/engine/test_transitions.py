"""The state table: every transition of it, allowed and refused."""

from __future__ import annotations

import pytest

from isotherm.core.states import Action, Status
from isotherm.engine.recording.transitions import (
    ENDS,
    RESOURCE,
    STACK,
    IllegalTransition,
    State,
    Transition,
    Trigger,
    follow,
)

STATES = [(action, status) for action in Action for status in Status]
TABLES = {"resource": RESOURCE, "stack": STACK}
ENTRIES = [
    pytest.param(table, trigger, id=f"{name} {trigger.value}")
    for name, table in TABLES.items()
    for trigger in table
]
BEGINNINGS = {Trigger.BEGIN_CREATE, Trigger.BEGIN_UPDATE, Trigger.BEGIN_DELETE, Trigger.BEGIN_CHECK}


def _allowed(table: dict[Trigger, Transition], trigger: Trigger) -> set[State]:
    allowed = set()
    for state in STATES:
        try:
            follow(table, state, trigger)
        except IllegalTransition:
            continue
        allowed.add(state)
    return allowed


@pytest.mark.parametrize(("table", "trigger"), ENTRIES)
def test_a_transition_is_allowed_from_its_states_and_from_no_other(
    table: dict[Trigger, Transition], trigger: Trigger
) -> None:
    before = table[trigger].before
    assert _allowed(table, trigger) == (set(STATES) if before is None else before)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_beginning_ends_well_or_badly_and_in_no_other_way(
    table: dict[Trigger, Transition],
) -> None:
    for action, (well, badly) in ENDS.items():
        if well not in table:
            continue
        assert (table[well].action, table[well].status) == (action, Status.COMPLETE)
        assert (table[badly].action, table[badly].status) == (action, Status.FAILED)
        for end in (well, badly):
            assert _allowed(table, end) == {(action, Status.IN_PROGRESS)}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_what_was_begun_may_be_begun_again_by_the_next_owner(
    table: dict[Trigger, Transition],
) -> None:
    for trigger in BEGINNINGS:
        begun = table[trigger]
        assert begun.status is Status.IN_PROGRESS
        assert (begun.action, begun.status) in _allowed(table, trigger)


def test_delete_is_allowed_from_everywhere() -> None:
    for table in TABLES.values():
        assert _allowed(table, Trigger.BEGIN_DELETE) == set(STATES)


def test_a_resource_whose_removal_was_begun_is_only_removed() -> None:
    for trigger in (Trigger.BEGIN_CREATE, Trigger.BEGIN_UPDATE, Trigger.BEGIN_CHECK):
        assert not {s for s in _allowed(RESOURCE, trigger) if s[0] is Action.DELETE}


def test_only_a_create_or_an_update_is_rolled_back() -> None:
    allowed = _allowed(STACK, Trigger.BEGIN_ROLLBACK)
    assert {action for action, _ in allowed} == {Action.CREATE, Action.UPDATE}


def test_a_refusal_names_trigger_and_state() -> None:
    with pytest.raises(IllegalTransition, match="created is not allowed in UPDATE_COMPLETE"):
        follow(RESOURCE, (Action.UPDATE, Status.COMPLETE), Trigger.CREATED)
