"""Handlers of what the service says of itself."""

from __future__ import annotations

from typing import Any

from isotherm.api.native.call import Call
from isotherm.api.native.views import engine
from isotherm.usecases.service import build_info, list_engines


async def engines(call: Call) -> dict[str, Any]:
    return {"services": [engine(each) for each in await list_engines(call.services)]}


async def build(call: Call) -> dict[str, Any]:
    return await build_info(call.services)
