"""Timelines: what made an operation take as long as it did."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.desk import TEMPLATE, Desk

from isotherm.core.errors import EntityNotFound, NotFound
from isotherm.ports.records import Operation, Report, Stack, StepReport
from isotherm.ports.store import Fence, Writes
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.timeline import critical_path, show_timeline


def step(key: str, begun: float, ended: float, *after: str) -> StepReport:
    return StepReport(key, key, "Test::Thing", "create", after, begun, begun, ended, "done")


def test_the_critical_path_leads_from_what_ended_last_to_what_it_waited_for_longest() -> None:
    net, port, image = step("net", 0, 1), step("port", 1, 3, "net"), step("image", 0, 2)
    server, volume = step("server", 3, 11, "port", "image"), step("volume", 0, 9)
    assert critical_path([net, port, image, server, volume]) == [net, port, server]


def test_a_path_ends_where_something_was_not_told_or_goes_in_a_circle() -> None:
    assert critical_path([]) == []
    late = step("b", 1, 2, "of an earlier owner")
    assert critical_path([late]) == [late]
    one, other = step("a", 0, 1, "b"), step("b", 0, 2, "a")
    assert critical_path([one, other]) == [one, other]


async def create(desk: Desk) -> Stack:
    request = CreateRequest(name="web", source=SourceRequest(template=TEMPLATE))
    return await create_stack(desk.services, desk.caller, request)


async def report(desk: Desk, stack: Stack, number: int) -> Report:
    now = desk.services.clock.now()
    made = Report(
        stack_id=stack.id,
        number=number,
        operation=Operation.CREATE,
        asked_at=now,
        begun_at=now,
        ended_at=now + timedelta(seconds=9),
        steps=(step("a", 0, 9),),
    )
    (lease,) = await desk.store.claim("test", 1, 60)
    await desk.store.commit(Fence(lease=lease), Writes(report=made))
    await desk.store.release(lease)
    return made


async def test_the_newest_is_shown_or_the_one_that_is_asked_for(desk: Desk) -> None:
    stack = await create(desk)
    identity = ("web", stack.id)
    with pytest.raises(NotFound, match="no operation has a report"):
        await show_timeline(desk.services, desk.caller, identity)
    first, second = await report(desk, stack, 1), await report(desk, stack, 2)
    assert (await show_timeline(desk.services, desk.caller, identity)).report == second
    found = await show_timeline(desk.services, desk.caller, identity, number=1)
    assert (found.report, found.critical) == (first, [first.steps[0]])
    with pytest.raises(NotFound, match="no operation 3 has a report"):
        await show_timeline(desk.services, desk.caller, identity, number=3)


async def test_strangers_do_not_learn_of_a_stack(desk: Desk) -> None:
    stack = await create(desk)
    await report(desk, stack, 1)
    with pytest.raises(EntityNotFound):
        await show_timeline(desk.services, desk.other, ("web", stack.id))
