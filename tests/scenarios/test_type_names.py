"""Events call types what the template calls them, whatever they mean by the environment."""

from __future__ import annotations

from tests.scenarios.templates import nested, thing

from isotherm.core.states import Status
from isotherm.testing.scene import Scene, play

TEMPLATE = nested({"plain": thing(), "other": {"type": "My::Thing"}, "inner": {"type": "My::File"}})
FILES = {"inner.yaml": nested({"deep": {"type": "My::Thing"}})}
ENVIRONMENT = {"resource_registry": {"My::*": "Test::*", "My::File": "inner.yaml"}}
CALLED = {"plain": "Test::Thing", "other": "My::Thing", "inner": "My::File"}


def test_events_of_all_actions_call_types_as_the_template_does() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(TEMPLATE, files=FILES, environment=ENVIRONMENT)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            child = (await scene.rows(stack_id))["inner"].physical_id or ""
            await scene.check(stack_id)
            await scene.settle(stack_id)
            await scene.delete(stack_id)
            await scene.settle(stack_id)
            told, below = await scene.events(stack_id), await scene.events(child)
        events = [each for each in told if each.resource_name in CALLED]
        assert {str(each.action) for each in events} == {"CREATE", "CHECK", "DELETE"}
        for each in events:
            assert each.resource_type == CALLED[each.resource_name], each
        assert {each.resource_type for each in below if each.resource_name == "deep"} == {
            "My::Thing"
        }

    play(scenario)
