"""Let go on what waits at a hook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from isotherm.core.errors import InvalidBreakPointHook, NotSupported, ResourceNotFound
from isotherm.core.values import Value
from isotherm.engine.recording.inbox import post
from isotherm.engine.recording.pauses import clearing_message, row_waiting_at
from isotherm.engine.recording.refusals import hears_signals, refusal_message
from isotherm.ports.records import Resource, Stack
from isotherm.template import HOOKS
from isotherm.usecases.definitions import definition_of
from isotherm.usecases.services import Services

UNSET = "unset_hook"
"""The member of a signal that clears the hook it names."""


def clears_hook(details: Mapping[str, Value] | None) -> bool:
    return details is not None and UNSET in details


async def clear_hook(services: Services, stack: Stack, name: str, hook: Value) -> None:
    """Raises ResourceNotFound, NotSupported for a resource that is suspended or on its way
    out, and InvalidBreakPointHook where the resource does not wait at that hook."""
    rows = await services.store.resources(stack.id, name)
    if not rows and name not in (await definition_of(services, stack)).resources:
        raise ResourceNotFound(name, stack.name)
    if hook not in HOOKS:
        await _require_signals(services, rows)
        raise InvalidBreakPointHook(f'Invalid hook type "{hook}" for resource {name}')
    waiting = row_waiting_at(rows, str(hook))
    if waiting is None:
        await _require_signals(services, rows)
        raise InvalidBreakPointHook(f'The "{hook}" hook is not what resource {name} waits at')
    message = clearing_message(waiting, str(hook), services.clock.now())
    await post(services.store, services.bus, message)


async def require_signals(services: Services, row: Resource) -> None:
    """Raises NotSupported where a resource hears no signals for now, which is told in its events
    as well: who sends signals seldom reads the answer."""
    if not hears_signals(row):
        await post(services.store, services.bus, refusal_message(row, services.clock.now()))
        raise NotSupported(f"Signal resource during {row.action}")


async def _require_signals(services: Services, rows: Sequence[Resource]) -> None:
    for row in rows:
        if row.current:
            await require_signals(services, row)
