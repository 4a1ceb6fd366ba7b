"""Faults at which the sweep has found something, tried in any case: it draws others by lot."""

from __future__ import annotations

import pytest
from tests.laws.sweep.courses import Course, Trial
from tests.laws.sweep.judging import differences
from tests.laws.sweep.trials import run

BACK, CREATE = "roll back replace", "create"
ZONE, CONTAINER = "OS::Octavia::AvailabilityZone", "OS::Zun::Container"
WAY_OUT = "AWS::EC2::VPCGatewayAttachment"


@pytest.mark.parametrize(
    ("course", "operation", "nth", "fault"),
    [
        (Course(ZONE, BACK), "load-balancer.availability_zone.create", 1, "409"),
        (Course(CONTAINER, BACK), "application-container.container.network_attach", 1, "409"),
        (Course(WAY_OUT, CREATE), "network.router.update", 1, "lost after"),
        (Course(WAY_OUT, CREATE), "network.router.update", 1, "killed before"),
        (Course(WAY_OUT, CREATE), "network.router.update", 2, "409"),
    ],
    ids=str,
)
def test_it_ends_as_without_the_fault(course: Course, operation: str, nth: int, fault: str) -> None:
    assert differences(run(course, Trial(course, operation, nth, fault)), run(course)) == []
