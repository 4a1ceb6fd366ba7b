"""Whether nested stacks are visited or passed over, users see the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.families import Family, families
from tests.laws.family_story import TYPES
from tests.scenarios.test_still_stacks import Watching, told

from isotherm.core.states import Status
from isotherm.testing.scene import Scene, play

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]

_NAME = re.compile(r"\b[a-z0-9]{12}\b")
"""Of a member of a group that is scaled: another one in each run."""


@examples
@given(first=families(), last=families(), seed=st.integers(0, 1_000_000))
def test_an_update_shows_the_same_whether_stacks_are_visited_or_passed_over(
    first: Family, last: Family, seed: int
) -> None:
    found: list[Any] = []

    async def passed_over(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(first.template, files=first.files)
            await scene.settle(stack_id)
            for family in (first, last, last):
                await scene.update(stack_id, family.template, files=family.files)
                assert (await scene.settle(stack_id)).status is Status.COMPLETE
            found.append(sorted(_NAME.sub("member", repr(each)) for each in await told(scene)))

    async def visited(scene: Scene) -> None:
        scene.lifecycles = (Watching(),)
        await passed_over(scene)

    play(passed_over, seed=seed, types=TYPES)
    play(visited, seed=seed, types=TYPES)
    assert found[0] == found[1]
