"""Calls that change something, and may have done so already when no answer says it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from isotherm.core.errors import Conflict, Gone, RemoteError
from isotherm.core.values import copied
from isotherm.engine.steps.run import Run
from isotherm.engine.waiting.looks import Looks
from isotherm.kit.context import Context
from isotherm.kit.outcomes import Outcome, Pending, Ready, Remote
from isotherm.kit.resource_type import AnyType

T = TypeVar("T")


async def advance(run: Run, resource_type: AnyType, ctx: Context[Any]) -> Outcome | None:
    """Look at the object and let the type go on with a create or update; None where it is gone."""
    return await _go_on(run, resource_type, ctx, resource_type.advance)


async def advance_delete(run: Run, resource_type: AnyType, ctx: Context[Any]) -> Outcome | None:
    """As ``advance``, for a delete."""
    return await _go_on(run, resource_type, ctx, resource_type.advance_delete)


async def clear_away(run: Run, resource_type: AnyType, ctx: Context[Any]) -> Outcome:
    """Let the type remove what the object, which is gone, was made with."""

    async def clear() -> Outcome:
        ctx.now = run.tools.clock.now()
        return await resource_type.clear_away(ctx)

    try:
        return await _carefully(run, ctx, clear)
    except Gone:
        return Ready()


async def _go_on(
    run: Run,
    resource_type: AnyType,
    ctx: Context[Any],
    verb: Callable[[Context[Any], Remote], Awaitable[Outcome]],
) -> Outcome | None:
    """The verb never sees an object that was looked at before its own last attempt."""

    async def look_and_act() -> Outcome | None:
        ctx.now = run.tools.clock.now()
        remote = await run.ask(lambda: run.tools.poller.observe(resource_type, ctx))
        return None if remote is None else await verb(ctx, remote)

    return await _carefully(run, ctx, look_and_act)


async def carefully(
    run: Run, resource_type: AnyType, ctx: Context[Any], verb: Callable[[], Awaitable[T]]
) -> T:
    """The result of a verb that begins something. Where the object is busy, it is brought to
    rest before the next attempt; see ``_carefully``."""

    async def rest() -> None:
        if ctx.physical_id:
            await bring_to_rest(run, resource_type, ctx)

    return await _carefully(run, ctx, verb, rest)


async def _carefully(
    run: Run,
    ctx: Context[Any],
    verb: Callable[[], Awaitable[T]],
    rest: Callable[[], Awaitable[None]] | None = None,
) -> T:
    """The verb's result. What an attempt without one noted in ``ctx.data`` is forgotten, so
    that the next one finds out for itself what there is.

    Raises the first true reason, Overtaken, TimedOut.
    """
    trouble = run.ask.trouble()
    while True:
        data = copied(ctx.data)
        try:
            return await verb()
        except RemoteError as error:
            ctx.data = data
            await trouble.wait_out(error)
            if rest is not None and isinstance(error, Conflict):
                await rest()


async def repeatedly(run: Run, verb: Callable[[], Awaitable[T]]) -> T:
    """The result of a verb that finds out by itself how far its last attempt got.

    Raises the first true reason, Overtaken, TimedOut.
    """
    trouble = run.ask.trouble()
    while True:
        try:
            return await verb()
        except RemoteError as error:
            await trouble.wait_out(error)


async def bring_to_rest(run: Run, resource_type: AnyType, ctx: Context[Any]) -> None:
    """Wait until nothing is under way with the object that keeps it from being changed, as long
    as an outage is waited for. Raises RemoteError, Overtaken, TimedOut."""
    clock = run.tools.clock
    until = clock.monotonic() + run.tools.settings.outage_seconds
    looks = Looks(run.halt, run.tools.settings.first_poll)

    async def look_and_settle() -> Outcome | None:
        remote = await run.ask(lambda: resource_type.observe(ctx))
        return None if remote is None else await resource_type.settle(ctx, remote)

    trouble = run.ask.trouble()
    while True:
        try:
            outcome = await look_and_settle()
        except RemoteError as error:
            await trouble.wait_out(error)
            continue
        if not isinstance(outcome, Pending) or clock.monotonic() >= until:
            return
        await looks.wait(outcome.poll_after)
