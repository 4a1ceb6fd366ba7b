"""Types without an object in the cloud that still go by a chosen physical name."""

from __future__ import annotations

from isotherm.kit.context import Context, P
from isotherm.kit.outcomes import Outcome, Ready
from isotherm.kit.resource_type import ResourceType


class NamedType(ResourceType[P]):
    """Its physical id is its physical name."""

    async def create(self, ctx: Context[P]) -> Outcome:
        ctx.physical_id = ctx.physical_name
        return Ready({})
