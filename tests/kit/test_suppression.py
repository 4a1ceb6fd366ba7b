"""What holds the actions of an alarm back while its suppressor goes off, and around that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from isotherm.kit.suppression import asked_by, ends_at, followed
from isotherm.kit.watches import Hold, State, Watch

START = datetime(2026, 1, 1, tzinfo=UTC)


def a_watch(**fields: object) -> Watch:
    given = {
        "id": "w",
        "project_id": "p",
        "name": "c",
        "rule": "ALARM(a)",
        "state": State.OK,
        "acted_state": State.OK,
        "suppressor": "s",
        "suppressor_wait": 60,
        "suppressor_extension": 30,
        "state_at": START,
        "updated_at": START,
        "look_at": START,
    }
    return Watch(**{**given, **fields})  # type: ignore[arg-type]


def play(watch: Watch, *moments: tuple[int, str, bool]) -> list[tuple[str, str]]:
    """What holds the actions back at each moment (seconds, state, whether the suppressor goes
    off), and the state that is acted upon."""
    told = []
    for seconds, state, going_off in moments:
        after = replace(watch, state=State(state))
        now = START + timedelta(seconds=seconds)
        watch, acts = followed(watch, after, going_off=going_off, now=now)
        told.append((watch.hold.value, state if acts else ""))
    return told


@pytest.mark.parametrize(
    ("moments", "told"),
    [
        # Nobody suppresses it within the time that it waits.
        (
            [(0, "ALARM", False), (59, "ALARM", False), (60, "ALARM", False), (90, "OK", False)],
            [("WaitPeriod", ""), ("WaitPeriod", ""), ("", "ALARM"), ("", "OK")],
        ),
        # It was a false alarm.
        (
            [(0, "ALARM", False), (10, "OK", False)],
            [("WaitPeriod", ""), ("", "")],
        ),
        # The suppressor goes off in time, and the alarm lasts longer.
        (
            [
                *[(0, "ALARM", False), (30, "ALARM", True), (200, "ALARM", True)],
                *[(300, "ALARM", False), (329, "ALARM", False), (330, "ALARM", False)],
            ],
            [
                *[("WaitPeriod", ""), ("Alarm", ""), ("Alarm", "")],
                *[("ExtensionPeriod", ""), ("ExtensionPeriod", ""), ("", "ALARM")],
            ],
        ),
        # The alarm is over before the suppressor is.
        (
            [(0, "OK", True), (10, "ALARM", True), (20, "OK", True), (30, "OK", False)],
            [("Alarm", ""), ("Alarm", ""), ("Alarm", ""), ("ExtensionPeriod", "")],
        ),
        # The suppressor comes again.
        (
            [(0, "ALARM", True), (10, "ALARM", False), (20, "ALARM", True)],
            [("Alarm", ""), ("ExtensionPeriod", ""), ("Alarm", "")],
        ),
    ],
)
def test_actions_are_taken_when_nothing_holds_them_back_any_more(
    moments: list[tuple[int, str, bool]], told: list[tuple[str, str]]
) -> None:
    assert play(a_watch(), *moments) == told


def test_without_periods_it_is_the_suppressor_alone() -> None:
    watch = a_watch(suppressor_wait=0, suppressor_extension=0)
    moments = [(0, "ALARM", False), (5, "OK", True), (9, "OK", False)]
    assert play(watch, *moments) == [("", "ALARM"), ("Alarm", ""), ("", "OK")]


def test_without_a_suppressor_every_change_is_acted_upon() -> None:
    moments = [(0, "ALARM", True), (5, "ALARM", True), (9, "OK", False)]
    assert play(a_watch(suppressor=""), *moments) == [("", "ALARM"), ("", ""), ("", "OK")]


def test_it_is_known_when_a_period_ends() -> None:
    assert ends_at(a_watch()) is None
    assert ends_at(a_watch(hold=Hold.ALARM, held_since=START)) is None
    waiting = a_watch(hold=Hold.WAIT, held_since=START)
    assert ends_at(waiting) == START + timedelta(seconds=60)


def test_it_asks_for_those_of_its_rule_and_its_suppressor() -> None:
    assert asked_by(a_watch()) == {"a", "s"}
    assert asked_by(a_watch(suppressor="")) == {"a"}
    assert asked_by(a_watch(suppressor="", rule="")) == frozenset()
