"""OS::Heat::None: stands in for any resource and does nothing."""

from __future__ import annotations

from isotherm.kit import (
    Context,
    Outcome,
    Properties,
    Ready,
    Remote,
    ResourceType,
    Value,
    register,
    supported,
)


class NoneProperties(Properties):
    pass


@register("OS::Heat::None", support=supported("5.0.0"))
class NoneResource(ResourceType[NoneProperties]):
    """A placeholder for any resource: takes every property, every attribute is null."""

    open = True
    keeps_copies = True  # of nothing

    async def create(self, ctx: Context[NoneProperties]) -> Outcome:
        ctx.physical_id = ctx.intent.uuid
        return Ready({})

    def attribute(self, ctx: Context[NoneProperties], remote: Remote, name: str) -> Value:
        return None
