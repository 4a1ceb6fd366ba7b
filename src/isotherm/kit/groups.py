"""The maths of groups: names of members, and the batches in which they change.

Pure, and asked with what is there now: whoever goes on after an interruption needs no
memory of the batches before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count, islice
from math import ceil, copysign

from isotherm.core.values import Secret, Value


def numbered_names(size: int, skipped: Collection[str] = ()) -> list[str]:
    """The first ``size`` numbers, as names, but for those that are skipped."""
    return list(islice((name for name in map(str, count()) if name not in skipped), size))


def with_index(value: Value, marker: str, index: str) -> Value:
    """A copy in which every text has ``index`` in place of ``marker``; keys stay."""
    if isinstance(value, str):
        return value.replace(marker, index)
    if isinstance(value, Secret):
        return Secret(with_index(value.reveal(), marker, index))
    if isinstance(value, dict):
        return {key: with_index(each, marker, index) for key, each in value.items()}
    if isinstance(value, list):
        return [with_index(each, marker, index) for each in value]
    return value


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a group may change: members at a time, those that stay in service, and the
    seconds between two batches. With a ``share`` these are the most that a batch waits for
    signals of its new members; so many per cent of all must tell of success."""

    batch: int = 1
    in_service: int = 0
    pause: float = 0.0
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """The members after the next change; those ``renewed`` get the new definition."""

    members: tuple[str, ...]
    renewed: frozenset[str] = frozenset()


def growing_batch(present: Collection[str], wanted: Sequence[str], pace: Pace) -> Batch:
    """The next members of a group that is made in batches."""
    missing = [name for name in wanted if name not in present][: pace.batch]
    return Batch(
        tuple(name for name in wanted if name in present or name in missing), frozenset(missing)
    )


def rolling_batch(
    present: Collection[str],
    outdated: Collection[str],
    wanted: Sequence[str],
    names: Callable[[int], Sequence[str]],
    pace: Pace,
) -> Batch:
    """The next batch on the way from ``present`` to ``wanted``.

    ``outdated`` are members whose definition has changed; ``names`` gives the names that a
    group of any size has, if it makes them up by itself. As many members as have to stay in
    service are ready at any time: where the group is too small for that it grows for a while,
    and the additional members go last. Members that are new come first, then the others from
    the last to the first.
    """
    to_renew = [name for name in wanted if name in outdated]
    if not to_renew:
        return Batch(tuple(wanted), frozenset(wanted))
    most = max(1, min(pace.batch, len(wanted)))
    in_service = min(pace.in_service, len(wanted))
    more = names(max(len(wanted), in_service + min(most, len(to_renew))))
    room = [*wanted, *(name for name in more if name not in wanted)]
    made = [name for name in room if name not in present][:most]
    spare = sum(name in present for name in room) - in_service
    renewed = list(reversed(to_renew))[: max(0, min(most - len(made), spare))]
    return Batch(
        tuple(name for name in room if name in present or name in made),
        frozenset(made) | frozenset(renewed),
    )


class Adjustment(StrEnum):
    """How a policy changes the size of a group."""

    CHANGE = "change_in_capacity"
    EXACT = "exact_capacity"
    PERCENT = "percent_change_in_capacity"


def adjusted_size(
    size: int, kind: Adjustment, amount: float, limits: tuple[int, int], least: int | None = None
) -> int:
    """The size after an adjustment, within the limits; ``least`` members change if any do.

    A percentage that comes to less than one member counts as one; others are rounded
    towards the present size.
    """
    low, high = limits
    if kind is Adjustment.EXACT:
        wanted = int(amount)
    else:
        change = size * amount / 100 if kind is Adjustment.PERCENT else amount
        step = int(change) if abs(change) >= 1 else int(copysign(ceil(abs(change)), change))
        if kind is Adjustment.PERCENT and least is not None and 0 < abs(step) < least:
            step = int(copysign(least, step))
        wanted = size + step
    return max(low, min(wanted, high))
