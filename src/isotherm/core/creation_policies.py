"""What templates for AWS wait for before a resource counts as made: signals that it works."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from isotherm.core.values import Unknown, Value, reveal

SIGNALS = "ResourceSignal"
_GROUP = "AutoScalingCreationPolicy"
_SHARE = "MinSuccessfulInstancesPercent"
_DURATION = re.compile(r"PT(?:(\d{1,3})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?")
_LONGEST = 12 * 3600
_USUAL = "PT5M"
SUCCESS = "SUCCESS"


@dataclass(frozen=True, slots=True)
class CreationPolicy:
    """``needed`` of ``count`` signals must tell of success within ``timeout`` seconds."""

    count: int
    needed: int
    timeout: float

    def verdict(self, heard: Mapping[str, str]) -> bool | None:
        """Whether what was heard (statuses by the ids of signals) is enough; None: not yet."""
        good = sum(each == SUCCESS for each in heard.values())
        if good >= self.needed:
            return True
        return False if len(heard) - good > self.count - self.needed else None


def awaits_signals(said: Value) -> bool:
    """Whether a policy, as it is written, asks for any."""
    return isinstance(said, Mapping) and SIGNALS in said


def read_creation_policy(said: Value) -> CreationPolicy | None:
    """None where no signals are asked for, or it is not known yet. Raises ValueError."""
    if not awaits_signals(said):
        return None
    assert isinstance(said, Mapping)
    signals, group = said[SIGNALS] or {}, said.get(_GROUP) or {}
    if isinstance(signals, Unknown) or isinstance(group, Unknown):
        return None
    if not isinstance(signals, Mapping) or not isinstance(group, Mapping):
        raise ValueError(f"{SIGNALS} and {_GROUP} are maps")
    given = [signals.get("Count", 1), group.get(_SHARE, 100), signals.get("Timeout", _USUAL)]
    if any(isinstance(each, Unknown) for each in given):
        return None
    count = _whole(given[0], "Count", 0, 100_000)
    share = _whole(given[1], _SHARE, 0, 100)
    return CreationPolicy(count, math.ceil(count * share / 100), _seconds(given[2]))


def _whole(value: Value, name: str, low: int, high: int) -> int:
    text = str(reveal(value))
    if not text.isdecimal() or not low <= int(text) <= high:
        raise ValueError(f"{name} is a whole number from {low} to {high}")
    return int(text)


def _seconds(value: Value) -> float:
    found = _DURATION.fullmatch(str(reveal(value)))
    if found is not None and any(found.groups()):
        hours, minutes, seconds = (int(each or 0) for each in found.groups())
        if 0 < (total := 3600 * hours + 60 * minutes + seconds) <= _LONGEST:
            return float(total)
    raise ValueError("Timeout is a time up to twelve hours, such as PT5M or PT1H30M")
