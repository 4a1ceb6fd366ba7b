"""Signals to addresses that are signed: whoever has one may signal that resource, and nothing
else, until the resource is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isotherm.core.arns import Arn
from isotherm.core.values import Value
from isotherm.kit.signed_addresses import ABOUT, KeyPair, Purpose, is_signed
from isotherm.planning.replacement import current_rows
from isotherm.ports.cloud import NotAuthenticated
from isotherm.ports.records import Stack
from isotherm.usecases.services import Services
from isotherm.usecases.signals import send_signal


@dataclass(frozen=True, slots=True)
class SignedCall:
    """``urls``: how the address may have been written when it was signed, without its query,
    which is in ``parameters``."""

    arn: Arn
    purpose: Purpose
    urls: Sequence[str]
    parameters: Mapping[str, str]


async def signal_by_address(
    services: Services, call: SignedCall, details: Mapping[str, Value] | None
) -> None:
    """Hand on a signal that came with a signature of the resource's own key.

    Raises NotAuthenticated, also where there is no such resource any more, and
    ResourceActionNotSupported.
    """
    stack = await _stack(services, call.arn)
    name = call.arn.resource
    row = current_rows(await services.store.resources(stack.id, name)).get(name)
    pair = KeyPair.of(row.data) if row is not None else None
    if pair is None or not is_signed(pair, call.purpose, call.urls, call.parameters):
        raise NotAuthenticated("The signature is not valid.")
    about = call.parameters.get(ABOUT, "")
    await send_signal(services, stack, name, details, about=about)


async def _stack(services: Services, arn: Arn) -> Stack:
    stack = await services.store.stack(arn.stack_id)
    if stack is None or stack.deleted_at is not None:
        raise NotAuthenticated("The signature is not valid.")
    if (stack.name, stack.project_id) != (arn.stack_name, arn.project_id):
        raise NotAuthenticated("The signature is not valid.")
    return stack
