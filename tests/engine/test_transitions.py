"""The state table: what may follow what, written down a second time by hand."""

from __future__ import annotations

import pytest

from isotherm.core.states import Action, Status
from isotherm.engine.operations import OPERATIONS, VISITS
from isotherm.engine.transitions import (
    ENDS,
    NEW,
    RESOURCE,
    STACK,
    IllegalTransition,
    State,
    Table,
    Trigger,
    follow,
)

STATES = [(action, status) for action in Action for status in Status]
TABLES = {"resource": RESOURCE, "stack": STACK}

# Each trigger: the states it is allowed in (an action alone: in all three) > where it leads.
EXPECTED = {
    "resource": """
        begin create:    INIT_COMPLETE > CREATE_IN_PROGRESS
        created:         CREATE_IN_PROGRESS > CREATE_COMPLETE
        create failed:   CREATE_IN_PROGRESS > CREATE_FAILED
        begin adopt:     INIT_COMPLETE > ADOPT_IN_PROGRESS
        adopted:         ADOPT_IN_PROGRESS > ADOPT_COMPLETE
        adopt failed:    ADOPT_IN_PROGRESS > ADOPT_FAILED
        begin update:    CREATE_COMPLETE CREATE_FAILED ADOPT_COMPLETE ADOPT_FAILED UPDATE CHECK
                         SUSPEND RESUME SNAPSHOT > UPDATE_IN_PROGRESS
        updated:         UPDATE_IN_PROGRESS > UPDATE_COMPLETE
        update failed:   UPDATE_IN_PROGRESS > UPDATE_FAILED
        begin check:     CREATE_COMPLETE CREATE_FAILED ADOPT_COMPLETE ADOPT_FAILED UPDATE_COMPLETE
                         UPDATE_FAILED CHECK SUSPEND RESUME SNAPSHOT > CHECK_IN_PROGRESS
        checked:         CHECK_IN_PROGRESS > CHECK_COMPLETE
        check failed:    CHECK_IN_PROGRESS > CHECK_FAILED
        begin suspend:   CREATE_COMPLETE ADOPT_COMPLETE UPDATE_COMPLETE CHECK_COMPLETE
                         SNAPSHOT_COMPLETE SUSPEND RESUME > SUSPEND_IN_PROGRESS
        suspended:       SUSPEND_IN_PROGRESS > SUSPEND_COMPLETE
        suspend failed:  SUSPEND_IN_PROGRESS > SUSPEND_FAILED
        begin resume:    CHECK_COMPLETE SNAPSHOT_COMPLETE SUSPEND RESUME > RESUME_IN_PROGRESS
        resumed:         RESUME_IN_PROGRESS > RESUME_COMPLETE
        resume failed:   RESUME_IN_PROGRESS > RESUME_FAILED
        begin snapshot:  CREATE_COMPLETE CREATE_FAILED ADOPT_COMPLETE ADOPT_FAILED UPDATE_COMPLETE
                         UPDATE_FAILED CHECK_COMPLETE CHECK_IN_PROGRESS SUSPEND RESUME SNAPSHOT
                         > SNAPSHOT_IN_PROGRESS
        snapshot taken:  SNAPSHOT_IN_PROGRESS > SNAPSHOT_COMPLETE
        snapshot failed: SNAPSHOT_IN_PROGRESS > SNAPSHOT_FAILED
        begin delete:    CREATE ADOPT UPDATE CHECK SUSPEND RESUME SNAPSHOT DELETE_IN_PROGRESS
                         DELETE_FAILED > DELETE_IN_PROGRESS
        deleted:         DELETE_IN_PROGRESS > DELETE_COMPLETE
        delete failed:   DELETE_IN_PROGRESS > DELETE_FAILED
        marked unhealthy: INIT_COMPLETE CREATE ADOPT UPDATE CHECK SUSPEND RESUME SNAPSHOT
                         > CHECK_FAILED
        settled by hand: CREATE ADOPT UPDATE CHECK SUSPEND RESUME SNAPSHOT > CHECK_COMPLETE
        marked healthy:  CHECK_FAILED > CHECK_COMPLETE
    """,
    "stack": """
        begin create:    INIT_COMPLETE > CREATE_IN_PROGRESS
        created:         CREATE_IN_PROGRESS > CREATE_COMPLETE
        create failed:   CREATE_IN_PROGRESS > CREATE_FAILED
        begin adopt:     INIT_COMPLETE LIVE > ADOPT_IN_PROGRESS
        adopted:         ADOPT_IN_PROGRESS > ADOPT_COMPLETE
        adopt failed:    ADOPT_IN_PROGRESS > ADOPT_FAILED
        begin update:    LIVE > UPDATE_IN_PROGRESS
        updated:         UPDATE_IN_PROGRESS > UPDATE_COMPLETE
        update failed:   UPDATE_IN_PROGRESS > UPDATE_FAILED
        begin check:     LIVE > CHECK_IN_PROGRESS
        checked:         CHECK_IN_PROGRESS > CHECK_COMPLETE
        check failed:    CHECK_IN_PROGRESS > CHECK_FAILED
        begin suspend:   LIVE > SUSPEND_IN_PROGRESS
        suspended:       SUSPEND_IN_PROGRESS > SUSPEND_COMPLETE
        suspend failed:  SUSPEND_IN_PROGRESS > SUSPEND_FAILED
        begin resume:    LIVE > RESUME_IN_PROGRESS
        resumed:         RESUME_IN_PROGRESS > RESUME_COMPLETE
        resume failed:   RESUME_IN_PROGRESS > RESUME_FAILED
        begin snapshot:  LIVE > SNAPSHOT_IN_PROGRESS
        snapshot taken:  SNAPSHOT_IN_PROGRESS > SNAPSHOT_COMPLETE
        snapshot failed: SNAPSHOT_IN_PROGRESS > SNAPSHOT_FAILED
        begin restore:   LIVE > RESTORE_IN_PROGRESS
        restored:        RESTORE_IN_PROGRESS > RESTORE_COMPLETE
        restore failed:  RESTORE_IN_PROGRESS > RESTORE_FAILED
        begin delete:    LIVE > DELETE_IN_PROGRESS
        deleted:         DELETE_IN_PROGRESS > DELETE_COMPLETE
        delete failed:   DELETE_IN_PROGRESS > DELETE_FAILED
        begin rollback:  CREATE_FAILED ADOPT_FAILED UPDATE_FAILED RESTORE_FAILED UPDATE_IN_PROGRESS
                         > ROLLBACK_IN_PROGRESS
        rolled back:     ROLLBACK_IN_PROGRESS > ROLLBACK_COMPLETE
        rollback failed: ROLLBACK_IN_PROGRESS > ROLLBACK_FAILED
        tidying failed:  CREATE_COMPLETE CREATE_FAILED ADOPT_COMPLETE ADOPT_FAILED UPDATE_COMPLETE
                         UPDATE_FAILED CHECK_COMPLETE CHECK_FAILED SUSPEND_COMPLETE SUSPEND_FAILED
                         RESUME_COMPLETE RESUME_FAILED SNAPSHOT_COMPLETE SNAPSHOT_FAILED
                         > UPDATE_FAILED
    """.replace(
        "LIVE",
        "CREATE ADOPT UPDATE ROLLBACK CHECK SUSPEND RESUME SNAPSHOT RESTORE DELETE_IN_PROGRESS "
        "DELETE_FAILED",
    ),
}


def written(text: str) -> dict[str, tuple[set[str], str]]:
    """Trigger -> (states it is allowed in, where it leads), as a table above says."""
    found: dict[str, tuple[set[str], str]] = {}
    for line in text.replace("\n                         ", " ").strip().split("\n"):
        trigger, _, rest = line.partition(":")
        before, _, after = rest.partition(">")
        found[trigger.strip()] = ({s for w in before.split() for s in _states(w)}, after.strip())
    return found


def _states(word: str) -> list[str]:
    return [word] if "_" in word else [f"{word}_{status}" for status in Status]


def _name(state: State) -> str:
    return "_".join(state)


def allowed(table: Table, trigger: Trigger) -> dict[State, str]:
    """The states that a trigger is allowed in, each with where it leads."""
    found = {}
    for state in STATES:
        try:
            to = follow(table, state, trigger)
        except IllegalTransition:
            continue
        found[state] = _name((to.action, to.status))
    return found


@pytest.mark.parametrize("name", TABLES)
def test_each_transition_is_allowed_where_it_should_be_and_nowhere_else(name: str) -> None:
    found = {}
    for trigger in TABLES[name]:
        states = allowed(TABLES[name], trigger)
        (after,) = set(states.values())
        found[trigger.value] = ({_name(state) for state in states}, after)
    assert found == written(EXPECTED[name])


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_state_that_a_transition_starts_from_can_be_reached(table: Table) -> None:
    reached = {NEW} | {(to.action, to.status) for to in table.values()}
    assert {state for to in table.values() for state in to.before} <= reached


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_what_is_begun_ends_well_or_badly_and_what_is_gone_stays_gone(table: Table) -> None:
    leads_on = {state: set[str]() for state in STATES}
    for trigger in table:
        for state, after in allowed(table, trigger).items():
            leads_on[state].add(after)
    for state in {(to.action, to.status) for to in table.values()}:
        action, status = state
        ends = {f"{action}_COMPLETE", f"{action}_FAILED"}
        if status is Status.IN_PROGRESS:
            assert ends <= leads_on[state]
        elif state == (Action.DELETE, Status.COMPLETE):
            assert not leads_on[state]
        else:
            assert "DELETE_IN_PROGRESS" in leads_on[state], "whatever has come of it, it can go"


def test_every_operation_has_its_transitions_and_every_transition_its_operation() -> None:
    begun = {rule.begin for rule in OPERATIONS.values() if rule.begin is not None}
    unseen = {rule.fail for rule in OPERATIONS.values() if rule.fail is not None}
    assert begun | unseen | {end for ends in ENDS.values() for end in ends} == STACK.keys()
    assert {STACK[begin].action for begin in begun} == ENDS.keys()
    assert {visit.begin for visit in VISITS.values()} <= RESOURCE.keys()


def test_a_refusal_names_trigger_and_state() -> None:
    with pytest.raises(IllegalTransition, match="created is not allowed in UPDATE_COMPLETE"):
        follow(RESOURCE, (Action.UPDATE, Status.COMPLETE), Trigger.CREATED)
