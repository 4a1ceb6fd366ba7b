"""The life of one object during one verb, without I/O: what is to be done next.

    life = Life(Verb.MAKE, resource_type.judge)
    move = life.begin()
    while not isinstance(move, End):
        ...  # do what the move says, and tell ``life`` what came of it; that is the next move

Whoever drives it records ``physical_id`` and ``stage`` before the next move is made: from then
on the object can be found again, whatever dies. The engine drives it with a store and a clock,
the test kit with neither.

    move     what is done                        what came of it    next
    Call     the verb's call is made             told, unanswered   Look, Call, Confirm, Clear,
                                                                    Find, End
    Find     the object of the intent is sought  found              Look, Call, End
    Look     the object is looked at, and        told               Look, Call, Confirm, Clear, End
             the type goes on from what it sees
    Confirm  the object is looked at             confirmed          End
    Clear    the object is gone: what it was     cleared            Clear, Call, End
             made with goes after it
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import assert_never

from isotherm.kit.outcomes import Failed, Outcome, Pending, Ready, Remote, Started

GONE = "the object is gone"


class Verb(Enum):
    """What is done with the object."""

    MAKE = "make"
    CHANGE = "change"  # or just look whether it is sound
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Call:
    """Make the verb's call, ``after`` so many seconds; as the ``retry``-th of those that come
    after a failure, with the pause that is usual before it."""

    after: float | None = None
    retry: int = 0


@dataclass(frozen=True, slots=True)
class Find:
    """Look for the object that the intent may have made."""


@dataclass(frozen=True, slots=True)
class Look:
    """Wait so many seconds, then look at the object and let the type go on."""

    after: float


@dataclass(frozen=True, slots=True)
class Confirm:
    """The object is ready, but nobody holds it: look at it."""


@dataclass(frozen=True, slots=True)
class Clear:
    """The object is gone: remove what it was made with, ``after`` so many seconds."""

    after: float | None = None


@dataclass(frozen=True, slots=True)
class End:
    """It is over. ``again``: another attempt, with another object, may do better."""

    outcome: Ready | Failed
    again: bool = False


Move = Call | Find | Look | Confirm | Clear | End


class OutOfTurn(Exception):
    """Whoever drives a life told it what came of another move than the one it had asked for."""


@dataclass(slots=True)
class Life:
    """``has_object`` is False for types with nothing outside the store. ``retries`` is how many
    attempts may follow this one; ``traces`` whether a removal has something to do though
    there is no main object, ``sought`` whether that may be there without being known."""

    verb: Verb
    judge: Callable[[Remote], Outcome]
    physical_id: str = ""
    stage: str = ""
    has_object: bool = True
    retries: int = 0
    traces: bool = False
    sought: bool = True
    _due: Move | None = field(default=None, init=False)
    _tried: int = field(default=0, init=False)

    def begin(self) -> Move:
        if self.verb is Verb.REMOVE and self._is_missing and self.sought:
            return self._next(Find())
        return self._next(Call())

    def resume(self) -> Move:
        """Go on with what an earlier owner began, and of which the object is known."""
        return self._next(Look(0))

    def unanswered(self) -> Move:
        """No answer came, and the call may have had its effect all the same."""
        self._require(Call)
        return self._next(Find())

    def found(self, physical_id: str | None) -> Move:
        self._require(Find)
        self.physical_id = physical_id or ""
        if self.verb is not Verb.REMOVE:
            # Nothing was made, so nothing is made twice.
            return self._next(Look(0) if physical_id else Call())
        if physical_id or self.traces:
            return self._next(Call())
        return self._next(End(Ready()))

    def told(self, outcome: Outcome | None) -> Move:
        """What a call or a look gave; None if the object is gone."""
        self._require(Call, Look)
        if outcome is not None:
            return self._follow(outcome)
        return self._next(Clear() if self.verb is Verb.REMOVE else End(Failed(GONE)))

    def cleared(self, outcome: Outcome) -> Move:
        """What came of removing what the object was made with."""
        self._require(Clear)
        match outcome:
            case Pending(after, stage):
                self.stage = self.stage if stage is None else stage
                return self._next(Clear(after))
            case Failed():
                return self._next(self._after_failure(outcome))
            case _:
                return self._next(End(Ready()))

    def confirmed(self, remote: Remote | None) -> Move:
        self._require(Confirm)
        return self._next(End(Ready(remote) if remote is not None else Failed(GONE)))

    def _follow(self, outcome: Outcome) -> Move:
        match outcome:
            case Started(physical_id, remote):
                self.physical_id = physical_id
                return self._next(Look(0)) if remote is None else self._follow(self.judge(remote))
            case Pending(after, stage):
                self.stage = self.stage if stage is None else stage
                # A create of several calls has no object yet: its verb goes on from the stage.
                bare = self.verb is Verb.MAKE and self._is_missing
                return self._next(Call(after) if bare else Look(after))
            case Ready() if self.verb is Verb.REMOVE:
                return self._next(Clear())
            case Ready(remote):
                return self._next(End(outcome) if remote is not None else Confirm())
            case Failed():
                return self._next(self._after_failure(outcome))
            case _:
                assert_never(outcome)

    def _after_failure(self, failed: Failed) -> Move:
        again = failed.transient and self._tried < self.retries
        if not (again and self.verb is Verb.REMOVE):
            return End(failed, again)
        # The same object is asked again to go; a new one would need a new intent.
        self._tried += 1
        return Call(retry=self._tried)

    @property
    def _is_missing(self) -> bool:
        return self.has_object and not self.physical_id

    def _next(self, move: Move) -> Move:
        self._due = move
        return move

    def _require(self, *moves: type[Move]) -> None:
        if not isinstance(self._due, moves):
            raise OutOfTurn(f"the move to be made was {self._due}")
