"""Types that stand in for any other: they take everything and make nothing."""

from __future__ import annotations

from isotherm.core.values import Value
from isotherm.kit.context import Context
from isotherm.kit.outcomes import Outcome, Ready, Remote
from isotherm.kit.properties import Properties
from isotherm.kit.resource_type import ResourceType


class AnyProperties(Properties):
    """None that are known; all are taken."""


class PlaceholderType(ResourceType[AnyProperties]):
    """Takes every property, every attribute is null."""

    open = True
    keeps_copies = True  # of nothing

    async def create(self, ctx: Context[AnyProperties]) -> Outcome:
        ctx.physical_id = ctx.intent.uuid
        return Ready({})

    def attribute(self, ctx: Context[AnyProperties], remote: Remote, name: str) -> Value:
        return None
