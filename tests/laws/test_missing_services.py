"""A service that has left the catalogue holds nobody up who has nothing there, and is waited
for by whoever has."""

from __future__ import annotations

import pytest
from tests.laws.sweep.courses import TYPES, sample_of
from tests.laws.sweep.trials import document

from isotherm.cloud.endpoints import official_type
from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.testing.local_world import LocalWorld, play_on_local_cloud
from isotherm.testing.stage import Stage

pytestmark = pytest.mark.slow

AN_OUTAGE = 2000.0
"""Seconds in which whoever has something in a service that is missing has given up."""
SOON = 100.0
"""Seconds in which whoever has nothing there is done."""
SERVICES = frozenset(official_type(each.service) for each in TYPES.values()) - {"", "identity"}
MAKE_NOTHING = {
    # They are parts of others, which ask for them.
    "OS::Aodh::CombinationAlarm",
    "OS::Neutron::HealthMonitor",
    # Its sample is about a signal that cannot come.
    "OS::Heat::SwiftSignal",
}
AWAY = [
    name
    for name, each in TYPES.items()
    if official_type(each.service) in SERVICES and not each.nests and name not in MAKE_NOTHING
]


class _Leaving:
    """A probe at which the services leave once everything else is there."""

    def __init__(self, world: LocalWorld) -> None:
        self._world = world

    def reached(self, point: Point, resource: str) -> None:
        if point is Point.AFTER_INTENT and resource == "it":
            self._world.missing |= SERVICES


@pytest.mark.parametrize("type_name", AWAY)
def test_what_was_not_made_goes_without_a_call(type_name: str) -> None:
    sample = sample_of(type_name)
    around = dict(sample.around)
    whole = {**around, "it": {"type": type_name, "properties": sample.before}}

    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker(_Leaving(world)):
            stack_id = await stage.create(document(whole))
            stack = await stage.settle(stack_id, within=AN_OUTAGE)
            assert stack.status is Status.FAILED
            assert "EndpointNotFound: resources.it: The cloud's catalogue has no" in (
                stack.status_reason
            )
            row = (await stage.rows(stack_id))["it"]
            assert (row.action, row.status) == (Action.CREATE, Status.FAILED)
            world.tap.watch()
            await stage.delete(stack_id)
            await stage.clock.sleep(SOON)
            assert "it" not in await stage.rows(stack_id)
            assert [each for each in world.tap.calls if not each.startswith("identity.")] == []
            told = [each for each in await stage.history(stack_id) if each.startswith("it ")]
            assert told[-2:] == ["it DELETE_IN_PROGRESS", "it DELETE_COMPLETE"]

    play_on_local_cloud(scenario, user=sample.user)
