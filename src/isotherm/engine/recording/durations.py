"""How long steps take, as far as workers have seen: it says which are started first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from statistics import fmean

from isotherm.core.clock import Clock
from isotherm.planning.plan import Kind
from isotherm.ports.records import DONE, Duration, StepReport
from isotherm.ports.store import Store
from isotherm.template import is_template

_FRESH = 300.0
"""Seconds after which what other workers have learnt is read again."""
_SHARE = 0.3
"""How much the newest operation counts against all before."""
_NOTICEABLE = 0.1
"""Of its value: a smaller change is not worth a write."""
_SHORTEST = 0.25
"""Seconds below which it does not matter how long a step takes."""
_GUESS = 1.0
"""Seconds expected of what nobody has seen yet."""
_ANY_STACK = "OS::Heat::Stack"
"""Stands for all templates: there is no end of names of files."""


class Durations:
    """What one worker knows of them; kept in the store for the others and for later.

    Which steps come first is a matter of time alone, so what is known may be old or wrong.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._read_at: float | None = None
        self._known: dict[tuple[str, str], float] = {}
        self._written: dict[tuple[str, str], float] = {}

    async def refresh(self) -> None:
        """Read what there is, unless that was done just now. Raises StoreUnavailable."""
        now = self._clock.monotonic()
        if self._read_at is None or now - self._read_at > _FRESH:
            self._read_at = now
            found = await self._store.durations()
            self._written = {(each.type, each.kind): each.seconds for each in found}
            self._known |= self._written

    def expected(self, type_name: str, kind: Kind, *, effectless: bool) -> float:
        """Seconds that a step of this kind takes with a resource of this type."""
        if effectless:
            return 0.0
        return self._known.get(_key(type_name, kind), _GUESS)

    def learn(self, steps: Iterable[StepReport]) -> list[Duration]:
        """Take in how long steps took; what is to be kept of that."""
        seen: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        for step in steps:
            if step.outcome == DONE:
                seen[step.type, step.kind].append(step.ended - step.begun)
        alike: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        for (type_name, kind), seconds in seen.items():
            alike[_key(type_name, kind)] += seconds
        return [
            each for key, seconds in alike.items() if (each := self._learnt(key, fmean(seconds)))
        ]

    def _learnt(self, key: tuple[str, str], seconds: float) -> Duration | None:
        """What is to be kept: nothing where that would hardly say anything else than before."""
        before, written = self._known.get(key, seconds), self._written.get(key, 0.0)
        now = self._known[key] = before + _SHARE * (seconds - before)
        if abs(now - written) < max(_NOTICEABLE * written, _SHORTEST):
            return None
        self._written[key] = now
        return Duration(type=key[0], kind=key[1], seconds=now)


def _key(type_name: str, kind: str) -> tuple[str, str]:
    return _ANY_STACK if is_template(type_name) else type_name, str(kind)
