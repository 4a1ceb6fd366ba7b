"""The life of one object: what is to be done next, whatever came of the last move."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.kit.life import (
    GONE,
    Call,
    Clear,
    Confirm,
    End,
    Find,
    Life,
    Look,
    Move,
    OutOfTurn,
    Verb,
)
from isotherm.kit.outcomes import Failed, Outcome, Pending, Ready, Remote, Started

BROKEN, REFUSED = Failed("Went to status ERROR"), Failed("no", kind="Forbidden")


def judge(remote: Remote) -> Outcome:
    return Ready(remote) if remote["status"] == "ACTIVE" else Pending(2)


def life(verb: Verb = Verb.MAKE, **fields: Any) -> Life:
    return Life(verb, judge, **fields)


def begun(verb: Verb = Verb.MAKE, **fields: Any) -> tuple[Life, Move]:
    it = life(verb, **fields)
    return it, it.begin()


def test_an_object_is_made_and_waited_for() -> None:
    it, move = begun()
    assert move == Call()
    assert it.told(Started("id-1")) == Look(0)
    assert it.physical_id == "id-1", "to be recorded before the look"
    assert it.told(Pending(2, stage="waiting")) == Look(2)
    assert it.stage == "waiting"
    assert it.told(Pending(3)) == Look(3)
    assert it.stage == "waiting"
    assert it.told(Ready({"a": 1})) == End(Ready({"a": 1}))


@pytest.mark.parametrize(
    ("status", "move"), [("ACTIVE", End(Ready({"status": "ACTIVE"}))), ("BUILD", Look(2))]
)
def test_what_the_call_shows_is_judged_at_once(status: str, move: Move) -> None:
    it, _ = begun()
    assert it.told(Started("id-1", {"status": status})) == move


def test_a_create_of_several_calls_goes_on_by_its_verb_until_there_is_an_object() -> None:
    it, _ = begun()
    assert it.told(Pending(1, stage="first")) == Call(1)
    assert it.told(Started("id-1")) == Look(0)
    assert it.told(Pending(1)) == Look(1)


def test_what_has_no_object_is_looked_at_all_the_same() -> None:
    it, _ = begun(has_object=False)
    assert it.told(Pending(5)) == Look(5)


def test_what_is_ready_but_was_not_seen_is_looked_at() -> None:
    it, _ = begun(Verb.CHANGE, physical_id="id-1")
    assert it.told(Ready()) == Confirm()
    assert it.confirmed({"a": 1}) == End(Ready({"a": 1}))
    it, _ = begun(Verb.CHANGE, physical_id="id-1")
    it.told(Ready())
    assert it.confirmed(None) == End(Failed(GONE))


def test_a_lost_answer_makes_no_second_object() -> None:
    it, _ = begun()
    assert it.unanswered() == Find()
    assert it.found("id-1") == Look(0)
    assert it.physical_id == "id-1"


def test_what_was_not_made_is_made_after_a_lost_answer() -> None:
    it, _ = begun()
    it.unanswered()
    assert it.found(None) == Call()
    assert it.physical_id == ""


def test_what_an_earlier_owner_began_is_gone_on_with() -> None:
    it = life(Verb.CHANGE, physical_id="id-1", stage="second")
    assert it.resume() == Look(0)
    assert it.told(Ready({"a": 1})) == End(Ready({"a": 1}))


@pytest.mark.parametrize(
    ("verb", "move"),
    [(Verb.MAKE, End(Failed(GONE))), (Verb.CHANGE, End(Failed(GONE))), (Verb.REMOVE, Clear())],
)
def test_what_is_gone_has_failed_unless_it_was_to_go(verb: Verb, move: Move) -> None:
    it = life(verb, physical_id="id-1")
    it.resume()
    assert it.told(None) == move


def test_only_another_object_helps_where_one_came_to_nothing() -> None:
    it, _ = begun(retries=1)
    assert it.told(BROKEN) == End(BROKEN, again=True)
    it, _ = begun(retries=0)
    assert it.told(BROKEN) == End(BROKEN)
    it, _ = begun(retries=1)
    assert it.told(REFUSED) == End(REFUSED), "it would be refused again"


def test_an_object_is_removed_and_waited_for() -> None:
    it, move = begun(Verb.REMOVE, physical_id="id-1")
    assert move == Call()
    assert it.told(Pending(1)) == Look(1)
    assert it.told(Ready()) == Clear()
    assert it.cleared(Ready()) == End(Ready())


def test_what_an_object_was_made_with_is_waited_for_too() -> None:
    it, _ = begun(Verb.REMOVE, physical_id="id-1", retries=1)
    it.told(None)
    assert it.cleared(Pending(2, stage="one")) == Clear(2)
    assert it.cleared(Pending(3)) == Clear(3)
    assert it.stage == "one"
    assert it.cleared(BROKEN) == Call(retry=1)
    it.told(None)
    assert it.cleared(REFUSED) == End(REFUSED)


def test_the_same_object_is_asked_again_to_go() -> None:
    it, _ = begun(Verb.REMOVE, physical_id="id-1", retries=2)
    assert it.told(BROKEN) == Call(retry=1)
    it.told(Pending(1))
    assert it.told(BROKEN) == Call(retry=2)
    assert it.told(BROKEN) == End(BROKEN)


def test_an_object_without_an_id_is_looked_for_before_it_is_removed() -> None:
    it, move = begun(Verb.REMOVE)
    assert move == Find()
    assert it.found("id-1") == Call()


@pytest.mark.parametrize(("traces", "move"), [(False, End(Ready())), (True, Call())])
def test_where_there_is_none_only_traces_are_removed(traces: bool, move: Move) -> None:
    it, _ = begun(Verb.REMOVE, traces=traces)
    assert it.found(None) == move


def test_what_was_never_made_is_not_looked_for() -> None:
    _, move = begun(Verb.REMOVE, traces=True, sought=False)
    assert move == Call()


def test_moves_are_made_in_turn() -> None:
    it, _ = begun()
    with pytest.raises(OutOfTurn, match="Call"):
        it.confirmed({})
    with pytest.raises(OutOfTurn, match="None"):
        life().told(Ready())
