"""Stacks whose environments name event sinks."""

from __future__ import annotations

from isotherm.ports.records import Stack, replace
from isotherm.ports.store import EventQuery
from isotherm.template import Environment
from isotherm.usecases.services import Services


async def with_sinks(services: Services, stack: Stack, environment: Environment) -> Stack:
    """The stack as it tells of its events from now on, and not of those before."""
    tells = bool(environment.event_sinks)
    if not tells or stack.tells:
        return replace(stack, tells=tells)
    last = EventQuery(stack_ids=[stack.id], descending=True, limit=1)
    told = [each.id for each in await services.store.events(last)]
    return replace(stack, tells=True, told=told[0] if told else "")
