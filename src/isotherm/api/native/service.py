"""Handlers of what the service says of itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from isotherm.api.native.call import Call
from isotherm.core.errors import NotSupported
from isotherm.usecases.access import live_stack
from isotherm.usecases.service import build_info


async def build(call: Call) -> dict[str, Any]:
    return await build_info(call.services)


def refuse(feature: str) -> Callable[[Call], Awaitable[None]]:
    """A handler for what the service does not do yet: says so, once the stack is found."""

    async def handler(call: Call) -> None:
        if "stack_id" in call.path:
            await live_stack(call.services, call.caller, *call.stack)
        raise NotSupported(feature)

    return handler
