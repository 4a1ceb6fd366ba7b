"""One call goes wrong, in whichever way: in the end all is as if nothing had gone wrong.

For each registered type and each phase of its life, plain and nested, each cloud operation
that the phase calls is disturbed in each way, one at a time. A seeded share of that is tried
here; ``make soak`` tries all. ``ISOTHERM_SWEEP_SHARE`` and ``ISOTHERM_SWEEP_SEED`` change it.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest
from tests.laws.sweep.courses import TYPES, Course, courses, labels, trials
from tests.laws.sweep.judging import differences
from tests.laws.sweep.trials import run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

SHARE = float(os.environ.get("ISOTHERM_SWEEP_SHARE", "0.06"))
SEED = os.environ.get("ISOTHERM_SWEEP_SEED", "1")

APART = {
    # Its template is fetched from an address: tests/scenarios/test_stacks_at_addresses.py.
    "AWS::CloudFormation::Stack",
    # It needs another service: tests/scenarios/test_remote_stacks.py has it.
    "OS::Heat::Stack",
    # They wait for somebody who signals: tests/scenarios/test_wait_conditions.py and
    # tests/contracts/types/test_object_store.py have them.
    "AWS::CloudFormation::WaitCondition",
    "OS::Heat::SwiftSignal",
    "OS::Heat::WaitCondition",
}
"""Types that the sweep cannot try by themselves."""

COURSES = [
    course
    for type_name in TYPES
    if type_name not in APART
    for label in labels(type_name)
    for course in courses(label)
]


@pytest.mark.parametrize("course", COURSES, ids=str)
def test_a_fault_changes_nothing(
    course: Course, record_property: Callable[[str, object], None]
) -> None:
    undisturbed = run(course)
    assert not undisturbed.repeated, f"{course} fails by itself: {undisturbed.reason}"
    every = list(trials(course, undisturbed.calls))
    # Texts are hashed differently in each process.
    dice = random.Random(f"{SEED} {course}")
    wrong: list[str] = []
    chosen = [trial for trial in every if dice.random() < SHARE]
    for trial in chosen:
        ending = run(course, trial)
        found = differences(ending, undisturbed)
        if ending.repeated:
            found.insert(0, f"{ending.first} {ending.reason}")
        wrong += [f"{trial}: {each}" for each in found]
    record_property("sweep", [len(chosen), len(every), len(undisturbed.calls)])
    assert not wrong, "\n".join(wrong)
