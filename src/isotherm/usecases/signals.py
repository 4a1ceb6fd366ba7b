"""Hands signals to resources of stacks."""

from __future__ import annotations

from collections.abc import Mapping

from isotherm.core.errors import ResourceActionNotSupported, ResourceNotFound
from isotherm.core.values import Value
from isotherm.engine.recording.inbox import post
from isotherm.engine.recording.signals import signal_message
from isotherm.planning.replacement import current_rows
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Stack
from isotherm.usecases.access import live_stack
from isotherm.usecases.hooks import UNSET, clear_hook, clears_hook, require_signals
from isotherm.usecases.services import Services
from isotherm.usecases.software import take_report


async def signal_resource(
    services: Services,
    caller: Caller,
    stack_identity: tuple[str, str],
    name: str,
    details: Mapping[str, Value] | None,
) -> None:
    """Hand a signal to a resource; its type says what comes of it.

    One that unsets a hook lets the resource go on, whatever its type.

    Raises EntityNotFound, ResourceNotFound, ResourceActionNotSupported, NotSupported and
    InvalidBreakPointHook.
    """
    stack = await live_stack(services, caller, *stack_identity)
    if details is not None and clears_hook(details):
        await clear_hook(services, stack, name, details[UNSET])
        return
    await send_signal(services, stack, name, details)


async def send_signal(
    services: Services,
    stack: Stack,
    name: str,
    details: Mapping[str, Value] | None,
    *,
    about: str = "",
) -> None:
    """The same for whoever may, as was found out. ``about`` is what a report is on, if it is told.
    Raises ResourceNotFound and ResourceActionNotSupported."""
    row = current_rows(await services.store.resources(stack.id, name)).get(name)
    if row is None:
        raise ResourceNotFound(name, stack.name)
    resource_type = services.registry.get(row.type)
    if resource_type is None or not resource_type.deploys:
        # Programs on servers report on what they did for a suspension or a removal, too.
        await require_signals(services, row)
    if resource_type is None or not resource_type.takes_signals:
        raise ResourceActionNotSupported("signal is not supported for resource.")
    now = services.clock.now()
    if resource_type.deploys:
        software = services.store.software
        details = await take_report(software, row, details or {}, now, about=about)
    message = signal_message(row, details, now)
    await post(services.store, services.bus, message)
