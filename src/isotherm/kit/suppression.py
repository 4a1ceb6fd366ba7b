"""When the actions of an alarm about others are held back: while another alarm, its suppressor,
goes off, for a while after that, and for a while before that can be known. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from isotherm.kit.alarm_rules import parse_rule
from isotherm.kit.watches import Hold, State, Watch


def asked_by(watch: Watch) -> frozenset[str]:
    """The alarms that another is about, or that suppress its actions."""
    suppressors = {watch.suppressor} if watch.suppressor else frozenset[str]()
    return parse_rule(watch.rule).names | suppressors if watch.rule else frozenset()


def followed(before: Watch, after: Watch, *, going_off: bool, now: datetime) -> tuple[Watch, bool]:
    """``after`` with what holds its actions back, and whether they are to be taken now: those of
    the state that it has by then, if that is not the one that was acted upon last.
    ``going_off``: the suppressor does."""
    if not after.suppressor:
        return after, after.state is not before.state
    hold, since = _hold(before, after, going_off, now)
    held = replace(after, hold=hold, held_since=since)
    if hold is not Hold.NOTHING:
        return replace(held, acted_state=before.acted_state), False
    return replace(held, acted_state=after.state), after.state is not before.acted_state


def ends_at(watch: Watch) -> datetime | None:
    """When what holds the actions back is over by itself."""
    seconds = {Hold.WAIT: watch.suppressor_wait, Hold.EXTENSION: watch.suppressor_extension}
    if watch.held_since is None or watch.hold not in seconds:
        return None
    return watch.held_since + timedelta(seconds=seconds[watch.hold])


def _hold(
    before: Watch, after: Watch, going_off: bool, now: datetime
) -> tuple[Hold, datetime | None]:
    if going_off:
        return Hold.ALARM, before.held_since if before.hold is Hold.ALARM else now
    if before.hold is Hold.ALARM and after.suppressor_extension:
        return Hold.EXTENSION, now
    lasts = (end := ends_at(replace(after, hold=before.hold, held_since=before.held_since))) and (
        now < end
    )
    if lasts and (before.hold is Hold.EXTENSION or after.state is State.ALARM):
        return before.hold, before.held_since
    begins = after.state is State.ALARM and before.state is not State.ALARM
    if before.hold is Hold.NOTHING and begins and after.suppressor_wait:
        return Hold.WAIT, now
    return Hold.NOTHING, None
