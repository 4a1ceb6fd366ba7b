"""OS::Heat::None: stands in for any resource and does nothing."""

from isotherm import kit
from isotherm.kit import Properties, register, supported


class NoneProperties(Properties):
    pass


@register("OS::Heat::None", support=supported("5.0.0"))
class NoneResource(kit.ResourceType[NoneProperties]):
    """A placeholder for any resource: takes every property, every attribute is null."""

    open = True
    keeps_copies = True  # of nothing

    async def create(self, ctx: kit.Context[NoneProperties]) -> kit.Outcome:
        ctx.physical_id = ctx.intent.uuid
        return kit.Ready({})

    def attribute(self, ctx: kit.Context[NoneProperties], remote: kit.Remote, name: str) -> kit.Value:
        return None
