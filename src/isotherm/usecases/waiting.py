"""Signals to wait conditions by who does not know the words of their handles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isotherm.core.creation_policies import awaits_signals
from isotherm.core.errors import ResourceActionNotSupported
from isotherm.core.values import Value, reveal
from isotherm.engine.recording.inbox import post
from isotherm.engine.recording.readiness import is_awaited, readiness_message
from isotherm.planning.dependencies import AllUnknown
from isotherm.planning.replacement import current_rows
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Resource, Stack
from isotherm.usecases.access import live_stack
from isotherm.usecases.definitions import definition_of
from isotherm.usecases.services import Services
from isotherm.usecases.signals import send_signal

_NATIVE = "OS::Heat::WaitConditionHandle"
_HANDLES = {"OS::Heat::WaitCondition": "handle", "AWS::CloudFormation::WaitCondition": "Handle"}
"""The property of a wait condition that names its handle."""


@dataclass(frozen=True, slots=True)
class Signal:
    """``status`` is SUCCESS or FAILURE; a signal with an id that came before replaces that."""

    id: str
    status: str


async def signal_in_words(
    services: Services, caller: Caller, identity: tuple[str, str], name: str, signal: Signal
) -> None:
    """In those of the handle that ``name`` is, or that the wait condition ``name`` waits at; or
    to a resource whose creation waits for signals.

    Raises EntityNotFound, ResourceNotFound, ResourceActionNotSupported.
    """
    stack = await live_stack(services, caller, *identity)
    rows = current_rows(await services.store.resources(stack.id))
    if name in rows and await _waits(services, stack, rows[name]):
        await _tell(services, rows[name], signal)
        return
    handle = _handle(rows, name)
    native = handle is not None and handle.type == _NATIVE
    words = _told_natively(signal) if native else _told(signal)
    await send_signal(services, stack, handle.name if handle else name, words)


async def _waits(services: Services, stack: Stack, row: Resource) -> bool:
    """Whether its creation, or its updates, ask for signals."""
    definition = await definition_of(services, stack)
    resource = definition.resources.get(row.name)
    if resource is None:
        return False
    if awaits_signals(definition.evaluate(resource.creation_policy, AllUnknown())):
        return True
    known = services.definer.types.get(row.type)
    if known is None or not known.UpdatePolicy.schema:
        return False
    said = definition.evaluate(resource.update_policy, AllUnknown())
    return known.awaits_signals(known.read_policy(said))


async def _tell(services: Services, row: Resource, signal: Signal) -> None:
    if not is_awaited(row):
        state = f"{row.action}_{row.status}"
        raise ResourceActionNotSupported(f"{row.name} is in {state}: it waits for no signals.")
    message = readiness_message(row, (signal.id, signal.status), services.clock.now())
    await post(services.store, services.bus, message)


def _handle(rows: Mapping[str, Resource], name: str) -> Resource | None:
    row = rows.get(name)
    if row is None or row.type not in _HANDLES:
        return row
    wanted = reveal(row.properties.get(_HANDLES[row.type]))
    found = (each for each in rows.values() if reveal(each.reference) == wanted)
    return next(found, row)


def _told(signal: Signal) -> Mapping[str, Value]:
    reason = f"Signal {signal.id}"
    return {"Status": signal.status, "UniqueId": signal.id, "Reason": reason, "Data": ""}


def _told_natively(signal: Signal) -> Mapping[str, Value]:
    return {"status": signal.status, "id": signal.id, "reason": f"Signal {signal.id}"}
