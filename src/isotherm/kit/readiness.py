"""What a group hears of the members that an update makes: whether enough of them work.

Pure. Signals are counted over the whole update, each id once, as members need not say which
of them they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from isotherm.core.creation_policies import SUCCESS


@dataclass(frozen=True, slots=True)
class Readiness:
    """``made``: members that are new; ``ahead``: how many an update has still to change at the
    most; ``given_up``: of how many nobody has heard in time; ``share``: the percentage that must
    tell of success; ``heard``: statuses by the ids of signals."""

    made: int
    ahead: int
    given_up: int
    share: int
    heard: Mapping[str, str]

    @property
    def silent(self) -> int:
        """Members of which something is still to be heard."""
        return max(0, self.made - len(self.heard) - self.given_up)

    @property
    def needed(self) -> int:
        return math.ceil(self._all * self.share / 100)

    @property
    def is_hopeless(self) -> bool:
        """Whether so many have failed that there cannot be enough."""
        bad = sum(each != SUCCESS for each in self.heard.values()) + self.given_up
        return bad > self._all - self.needed

    @property
    def _all(self) -> int:
        return self.made + self.ahead

    def failure(self) -> str:
        told = ", ".join(f"{signal}: {status}" for signal, status in sorted(self.heard.items()))
        silence = f"; {self.given_up} did not signal in time" if self.given_up else ""
        wanted = f"{self.needed} of {self._all} new instances must signal success"
        return f"{wanted}, received {told or 'none'}{silence}"
