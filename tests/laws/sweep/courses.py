"""What is tried: each phase of each type's life, each kind of fault at each of its calls."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.laws.sweep import (
    administration,
    alarms,
    amazon,
    balancing,
    guarding,
    historic,
    keys,
    naming,
    network_extensions,
    object_store,
    platforms,
    samples,
    shared_file_system,
    software,
)
from tests.laws.sweep.samples import Sample, derived

from isotherm.kit.plugins import load_registry
from isotherm.kit.registry import Registry
from isotherm.localcloud.operations import FaultRule
from isotherm.testing.local_world import Disturbance

TYPES: Registry = load_registry()
SAMPLES = {
    **samples.SAMPLES,
    **administration.SAMPLES,
    **balancing.SAMPLES,
    **guarding.SAMPLES,
    **alarms.SAMPLES,
    **historic.SAMPLES,
    **keys.SAMPLES,
    **naming.SAMPLES,
    **amazon.SAMPLES,
    **network_extensions.SAMPLES,
    **object_store.SAMPLES,
    **platforms.SAMPLES,
    **shared_file_system.SAMPLES,
    **software.SAMPLES,
}
LONG = 6.0
"""Seconds that a slow answer takes."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong; in the middle of it ``kill`` ends the worker, ``overtake`` asks again
    and ``delete`` asks for the removal of all."""

    name: str
    disturbance: Disturbance
    kill: bool = False
    overtake: bool = False
    delete: bool = False


def _status(status: int) -> Disturbance:
    return Disturbance(FaultRule(status=status))


FAULTS: Mapping[str, Fault] = {
    each.name: each
    for each in (
        Fault("409", _status(409)),
        Fault("429", _status(429)),
        Fault("500", _status(500)),
        Fault("503", _status(503)),
        Fault("refused", Disturbance(FaultRule(drop_reply="before"), refused=True)),
        Fault("lost before", Disturbance(FaultRule(drop_reply="before"))),
        Fault("lost after", Disturbance(FaultRule(drop_reply="after"))),
        Fault("killed before", Disturbance(FaultRule(delay=LONG)), kill=True),
        Fault("killed after", Disturbance(slow=LONG, after=True), kill=True),
        Fault("overtaken before", Disturbance(FaultRule(delay=LONG)), overtake=True),
        Fault("overtaken after", Disturbance(slow=LONG, after=True), overtake=True),
        Fault("deleted before", Disturbance(FaultRule(delay=LONG)), delete=True),
        Fault("deleted after", Disturbance(slow=LONG, after=True), delete=True),
    )
}


@dataclass(frozen=True, slots=True)
class Phase:
    """From ``start`` (None: without the resource) to ``goal``; ``ends`` as, where that differs.

    States are names of the sample's property sets, "around" for its surroundings alone, ""
    for nothing at all. A phase that ``fails`` is rolled back; one that ``checks`` changes nothing.
    """

    name: str
    start: str
    goal: str
    fails: bool = False
    checks: bool = False

    @property
    def ends(self) -> str:
        return self.start if self.fails else self.goal


PHASES: Mapping[str, Phase] = {
    each.name: each
    for each in (
        Phase("create", "around", "before"),
        Phase("update", "before", "inside"),
        Phase("replace", "before", "other"),
        Phase("remove", "before", "around"),
        Phase("delete", "before", ""),
        Phase("check", "before", "before", checks=True),
        Phase("roll back create", "around", "before", fails=True),
        Phase("roll back update", "before", "inside", fails=True),
        Phase("roll back replace", "before", "other", fails=True),
        Phase("roll back remove", "before", "around", fails=True),
    )
}


@dataclass(frozen=True, slots=True)
class Course:
    """One phase of one type, plain or nested."""

    type: str
    phase: str
    nested: bool = False

    def __str__(self) -> str:
        return f"{self.type} {self.phase}{' nested' if self.nested else ''}"


@dataclass(frozen=True, slots=True)
class Trial:
    """A course with one fault: at the ``nth`` call of ``operation``."""

    course: Course
    operation: str
    nth: int
    fault: str

    def __str__(self) -> str:
        return f"{self.course}: {self.fault} at {self.operation} {self.nth}"


def sample_of(label: str) -> Sample:
    return SAMPLES.get(label) or derived(TYPES[label])


def labels(type_name: str) -> list[str]:
    """The samples of a type, by what stands for it in courses: its name, and perhaps a word."""
    return [each for each in SAMPLES if each.split()[0] == type_name] or [type_name]


def courses(label: str) -> Iterator[Course]:
    sample = sample_of(label)
    for phase, nested in itertools.product(PHASES.values(), (False, True)):
        if getattr(sample, phase.goal, sample) is None:
            continue
        if phase.fails and phase.goal == "inside" and sample.final:
            continue
        yield Course(label, phase.name, nested)


def trials(course: Course, calls: Sequence[str], most: int = 2) -> Iterator[Trial]:
    """Each kind of fault at each operation, at most ``most`` of its calls."""
    for operation, count in Counter(calls).items():
        for nth in range(1, min(count, most) + 1):
            for fault in FAULTS:
                yield Trial(course, operation, nth, fault)
