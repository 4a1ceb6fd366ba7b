"""The transitions of a resource's row, and the events that tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from isotherm.core.clock import Clock
from isotherm.core.failures import Failure
from isotherm.core.ids import new_id
from isotherm.engine.transitions import RESOURCE, Transition, Trigger, follow
from isotherm.ports.records import Event, Resource, replace

STATE_CHANGED = "state changed"


class RowMoves:
    """Of the rows of one stack, in the traversal of this number. ``declared`` has, by name and type
    of a resource, what its template calls the type."""

    def __init__(
        self, clock: Clock, number: int, declared: Mapping[tuple[str, str], str] | None = None
    ) -> None:
        self._clock = clock
        self._number = number
        self.declared = declared or {}

    def moved(
        self, row: Resource, trigger: Trigger, why: Failure | str, changes: Mapping[str, Any]
    ) -> tuple[Resource, Event]:
        """The row after a transition."""
        reached = follow(RESOURCE, (row.action, row.status), trigger)
        return self._brought_to(reached, row, why, changes)

    def leapt(
        self, row: Resource, first: Trigger, last: Trigger, changes: Mapping[str, Any]
    ) -> tuple[Resource, Event, Event]:
        """The row after two transitions, and the events of both: nobody sees it in between."""
        passed = follow(RESOURCE, (row.action, row.status), first)
        begun = self.event(row, self._clock.now(), STATE_CHANGED, passed)
        reached = follow(RESOURCE, (passed.action, passed.status), last)
        row, ended = self._brought_to(reached, row, STATE_CHANGED, changes)
        return row, begun, ended

    def leaving(self, row: Resource) -> list[Event]:
        """The events of a removal that is begun and ended at once, of which no row is left."""
        begun = follow(RESOURCE, (row.action, row.status), Trigger.BEGIN_DELETE)
        ended = follow(RESOURCE, (begun.action, begun.status), Trigger.DELETED)
        return [self.event(row, self._clock.now(), STATE_CHANGED, each) for each in (begun, ended)]

    def pausing(self, row: Resource) -> list[Event]:
        """What tells of a pause that has just begun, in the words that clients look for."""
        if row.pause is None:
            return []
        action = row.pause.hook.rpartition("-")[2].upper()
        reason = f"{action} paused until Hook {row.pause.hook} is cleared"
        return [self.event(row, self._clock.now(), reason)]

    def event(
        self, row: Resource, at: datetime, reason: str, passed: Transition | None = None
    ) -> Event:
        """What tells of the row as it is, or of a state that it has ``passed`` through."""
        state = passed or row
        return Event(
            id=new_id(),
            stack_id=row.stack_id,
            at=at,
            resource_name=row.name,
            resource_type=self.declared.get((row.name, row.type), row.type),
            # What is not there yet is told of by the name that was chosen for it.
            physical_id=row.physical_id or row.physical_name,
            action=state.action,
            status=state.status,
            status_reason=reason,
            properties=row.properties,
        )

    def _brought_to(
        self, reached: Transition, row: Resource, why: Failure | str, changes: Mapping[str, Any]
    ) -> tuple[Resource, Event]:
        now = self._clock.now()
        moved = replace(
            row,
            action=reached.action,
            status=reached.status,
            status_reason=str(why),
            failure=why if isinstance(why, Failure) else None,
            traversal=self._number,
            updated_at=now,
            **{"pause": None, "remedy": None, **changes},
        )
        return moved, self.event(moved, now, moved.status_reason)
