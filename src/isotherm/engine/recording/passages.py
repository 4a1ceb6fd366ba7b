"""Updates that change nothing: what is written of a stack that passes through one at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from isotherm.core.clock import Clock
from isotherm.engine.recording.row_moves import RowMoves
from isotherm.engine.recording.stack_moves import completed, settled, stack_event
from isotherm.engine.recording.starting import Begun
from isotherm.engine.recording.step_times import StepTimes
from isotherm.engine.transitions import Trigger
from isotherm.kit.outcomes import Remote
from isotherm.planning.plan import Step
from isotherm.ports.records import DONE, Event, Resource, replace
from isotherm.ports.store import AtRest, Passage, Writes


@dataclass(frozen=True, slots=True)
class Still:
    """A stack that an update leaves as it is, with all that are nested in it: what is ``shown`` of
    it after that, and what is written of all of them."""

    shown: Remote
    passages: Sequence[Passage]
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Inside:
    """A row whose stack passes with the one that it belongs to."""

    step: Step
    row: Resource
    still: Still


@dataclass(slots=True)
class Passing:
    """One stack on its way through the update that ``begun`` tells of."""

    present: AtRest
    begun: Begun
    clock: Clock
    declared: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def through(self, inside: Sequence[Inside], outputs: Mapping[str, object]) -> Still:
        """With the rows ``inside`` whose stacks pass with it, in their order."""
        started, traversal = self.begun
        moves = RowMoves(self.clock, traversal.number, self.declared)
        times, at = StepTimes(self.clock), self.clock.monotonic()
        rows: list[Resource] = []
        passages: list[Passage] = []
        events = [stack_event(started, self.clock)]
        for each in inside:
            row, first, last = moves.leapt(each.row, Trigger.BEGIN_UPDATE, Trigger.UPDATED, {})
            rows.append(row)
            events += [first, *each.still.events, last]
            passages += each.still.passages
            times.ended(each.step, at, at, DONE)
        done, event = completed(started, self.clock)
        writes = Writes(
            stack=settled(done),
            traversal=replace(traversal, finished=True),
            resources=rows,
            report=times.report(traversal),
        )
        shown = {
            "name": done.name,
            "action": done.action.value,
            "status": done.status.value,
            "reason": done.status_reason,
            "failure": None,
            "outputs": outputs,
        }
        own = Passage(present=self.present, writes=writes)
        return Still(shown, [own, *passages], [*events, event])
