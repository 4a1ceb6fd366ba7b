"""No secret leaves sealed storage except to the cloud call that needs it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.strategies import SECRETS, TROUBLES, Graph, Trouble, graphs
from tests.scenarios.templates import attribute, things

from isotherm.core.errors import Refused
from isotherm.core.states import Status
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Fault


@contextmanager
def _everything_logged() -> Iterator[list[str]]:
    lines: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler, root = Handler(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@examples
@given(
    before=graphs(secrets=SECRETS[:1]),
    after=graphs(secrets=SECRETS[:1]),
    troubles=st.lists(TROUBLES, max_size=2),
    told=st.sampled_from(["create", "update", "delete"]),
    seed=st.integers(0, 1_000_000),
)
def test_nothing_that_is_shown_holds_a_secret(
    before: Graph, after: Graph, troubles: list[Trouble], told: str, seed: int
) -> None:
    async def scenario(scene: Scene) -> None:
        for trouble in troubles:
            scene.world.inject(trouble.operation, trouble.fault())
        telltale = Refused(f"{SECRETS[0]} will not do", status=400)
        scene.world.inject(told, Fault(error=telltale, skip=1))
        shown: list[object] = []
        async with scene.worker():
            stack_id = await scene.create(before.template)
            shown.append(await scene.settle(stack_id))
            shown.append(await scene.store.resources(stack_id))
            await scene.update(stack_id, after.template)
            shown.append(await scene.settle(stack_id))
            shown.append(await scene.store.resources(stack_id))
            await scene.delete(stack_id)
            shown.append(await scene.settle(stack_id))
        shown.append(await scene.events(stack_id))
        assert SECRETS[0] not in repr(shown)
        assert SECRETS[0] not in "\n".join(lines)

    with _everything_logged() as lines:
        play(scenario, seed=seed)


def test_the_cloud_gets_the_secret_and_what_is_made_of_it_stays_secret() -> None:
    async def scenario(scene: Scene) -> None:
        template = yaml.safe_load(
            things(a={"password": {"get_param": "word"}}, b={"uses": attribute("a", "show")})
        )
        template["parameters"] = {"word": {"type": "string", "hidden": True, "default": SECRETS[0]}}
        async with scene.worker():
            stack_id = await scene.create(yaml.safe_dump(template))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        rows = await scene.rows(stack_id)
        assert scene.world.things[rows["a"].physical_id or ""]["password"] == SECRETS[0]
        assert scene.world.things[rows["b"].physical_id or ""]["uses"]["password"] == SECRETS[0]
        assert SECRETS[0] not in repr(rows)

    play(scenario)
