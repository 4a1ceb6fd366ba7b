"""OS::Heat::TestResource and OS::Heat::None: succeed, fail or take their time as told; do nothing."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, prop, register, supported


class ActionWaits(Properties):
    create: float | None = changeable("Seconds a create takes.")
    update: float | None = changeable("Seconds an update takes.")
    delete: float | None = changeable("Seconds a delete takes.")


class TestResourceProperties(Properties):
    constraint_prop_secs: float = changeable(
        "Kept for templates; the constraint always holds.", default=0, exists="test_constr", since="6.0.0"
    )
    attr_wait_secs: float = changeable("Kept; attributes do not wait.", default=0, since="6.0.0")
    value: str = changeable("What 'output' gives.", default="test_string")
    update_replace_value: str | None = prop("Changing it replaces the resource.", since="7.0.0")
    fail: bool = changeable("Fail instead of completing.", default=False)
    update_replace: bool = changeable("Turning it on replaces the resource.", default=False)
    wait_secs: float = changeable("Seconds each action takes.", default=0)
    action_wait_secs: ActionWaits | None = changeable("Seconds by action, instead of wait_secs.")
    client_name: str = changeable("Kept for templates.", default="")
    entity_name: str = changeable("Kept for templates.", default="")


@register("OS::Heat::TestResource", support=supported("5.0.0"))
class TestResource(kit.NamedType[TestResourceProperties]):
    """A resource for trying out templates: it fails or takes its time as told."""

    attributes = (attr("output", None, "The value.", volatile=True, reads=lambda ctx, _: ctx.props.value),)

    async def create(self, ctx: kit.Context[TestResourceProperties]) -> kit.Outcome:
        return await self._go_on(ctx, "create")

    async def update(self, ctx: kit.Context[TestResourceProperties], changes: kit.Changes) -> kit.Outcome:
        return await self._go_on(ctx, "update")

    async def advance(self, ctx: kit.Context[TestResourceProperties], remote: kit.Remote) -> kit.Outcome:
        return await self._go_on(ctx, ctx.stage or "create")

    async def delete(self, ctx: kit.Context[TestResourceProperties]) -> kit.Outcome:
        return _waited(ctx, "delete") or kit.Ready({})

    async def advance_delete(self, ctx: kit.Context[TestResourceProperties], remote: kit.Remote) -> kit.Outcome:
        return _waited(ctx, "delete") or kit.Ready({})

    async def _go_on(self, ctx: kit.Context[TestResourceProperties], action: str) -> kit.Outcome:
        if pending := _waited(ctx, action):
            return pending
        if ctx.props.fail:
            return kit.Failed(f"Test Resource failed {ctx.resource}", kind="ValueError")
        return await super().create(ctx)

    def replaces(self, changes: kit.Changes, recorded: TestResourceProperties, desired: TestResourceProperties) -> bool:
        return "update_replace" in changes and desired.update_replace


def _waited(ctx: kit.Context[Any], action: str) -> kit.Pending | None:
    """None when the action's time is over."""
    told = getattr(ctx.props.action_wait_secs, action, None)
    left = (ctx.props.wait_secs if told is None else told) - ctx.elapsed
    return kit.Pending(left, stage=action) if left > 0 else None


@register("OS::Heat::None", support=supported("5.0.0"))
class NoneResource(kit.PlaceholderType):
    """A placeholder for any resource: takes every property, every attribute is null."""
