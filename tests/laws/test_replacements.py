"""A successor is all that was asked for; where it is refused, what was there comes back."""

from __future__ import annotations

from collections.abc import Coroutine

import pytest
from tests.laws.sweep.courses import SAMPLES, TYPES, Course, sample_of
from tests.laws.sweep.seeing import Seen, seen
from tests.laws.sweep.trials import WITHIN, document, run

from isotherm.core.states import Status
from isotherm.kit import EntityType
from isotherm.kit.resource_type import ResourceType
from isotherm.localcloud.operations import FaultRule
from isotherm.testing.local_world import Disturbance, LocalWorld, play_on_local_cloud
from isotherm.testing.stage import Stage

REFUSED = Disturbance(FaultRule(status=400))


def _giving_way() -> list[str]:
    """Samples of types whose objects give up something for another, where there is another."""
    found = []
    for label in SAMPLES:
        known = TYPES[label.split()[0]]
        gives_way = type(known).make_way is not ResourceType.make_way
        if gives_way and isinstance(known, EntityType) and sample_of(label).other is not None:
            found.append(label)
    return found


def _making(label: str) -> str:
    """The operation with which the replacement is made; none where the object stays the same."""
    calls = (each.rpartition(".") for each in run(Course(label, "replace")).calls)
    making = (f"{of}.{verb}" for of, _, verb in calls if verb.startswith(("create", "add_")))
    return next(making, "")


def _one_of_a_kind() -> list[str]:
    """Of these, samples of types of which there can be no two objects alike."""
    return [each for each in _giving_way() if TYPES[each.split()[0]].gives_way_to_alike]


def _template(label: str, state: str) -> str:
    sample = sample_of(label)
    properties = getattr(sample, state)
    return document(
        {**sample.around, "it": {"type": label.split(maxsplit=1)[0], "properties": properties}}
    )


@pytest.mark.parametrize("label", _one_of_a_kind())
def test_a_successor_is_what_would_have_been_made_in_the_first_place(label: str) -> None:
    async def scenario(stage: Stage, world: LocalWorld, *states: str) -> Seen:
        async with stage.worker():
            stack_id = await stage.create(_template(label, states[0]), disable_rollback=True)
            await stage.settle(stack_id, within=WITHIN)
            for state in states[1:]:
                await stage.update(stack_id, _template(label, state))
                ended = await stage.settle(stack_id, within=WITHIN)
                assert ended.status is Status.COMPLETE, ended.status_reason
            return await seen(stage, world)

    def there(*states: str) -> Seen:
        def run(stage: Stage, world: LocalWorld) -> Coroutine[None, None, Seen]:
            return scenario(stage, world, *states)

        found = play_on_local_cloud(run, user=sample_of(label).user, limit=WITHIN * 6)
        return {kind: each for kind, each in found.items() if kind != "stacks"}

    assert there("before", "other") == there("other")


@pytest.mark.parametrize("label", _giving_way())
def test_what_was_there_before_a_refused_replacement_is_there_again(label: str) -> None:
    making = _making(label)
    if not making:
        return

    async def scenario(stage: Stage, world: LocalWorld) -> tuple[Seen, Seen]:
        async with stage.worker():
            stack_id = await stage.create(_template(label, "before"), disable_rollback=True)
            assert (await stage.settle(stack_id, within=WITHIN)).status is Status.COMPLETE
            before = await seen(stage, world)
            world.tap.arm(making, 1, REFUSED)
            await stage.update(stack_id, _template(label, "other"))
            ended = await stage.settle(stack_id, within=WITHIN)
            assert (ended.status, world.tap.struck.is_set()) == (Status.FAILED, True)
            await stage.update(stack_id, _template(label, "before"))
            ended = await stage.settle(stack_id, within=WITHIN)
            assert ended.status is Status.COMPLETE, ended.status_reason
            after = await seen(stage, world)
            await stage.delete(stack_id)
            await stage.settle(stack_id, within=WITHIN)
            return before, after

    before, after = play_on_local_cloud(scenario, user=sample_of(label).user, limit=WITHIN * 6)
    assert after == before
