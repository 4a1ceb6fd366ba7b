"""Signals to wait conditions by who does not know the words of their handles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isotherm.core.values import Value, reveal
from isotherm.planning.replacement import current_rows
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Resource
from isotherm.usecases.access import live_stack
from isotherm.usecases.resources import send_signal
from isotherm.usecases.services import Services

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
    """In those of the handle that ``name`` is, or that the wait condition ``name`` waits at.

    Raises EntityNotFound, ResourceNotFound, ResourceActionNotSupported.
    """
    stack = await live_stack(services, caller, *identity)
    rows = current_rows(await services.store.resources(stack.id))
    handle = _handle(rows, name)
    native = handle is not None and handle.type == _NATIVE
    words = _told_natively(signal) if native else _told(signal)
    await send_signal(services, stack, handle.name if handle else name, words)


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
