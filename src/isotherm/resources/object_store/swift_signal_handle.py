"""OS::Heat::SwiftSignalHandle: an object that anybody who knows its address may put."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, register, supported
from isotherm.resources import mailboxes
from isotherm.resources.object_storing import SERVICE, open_address

_ADDRESS = "endpoint"


class SwiftSignalHandleProperties(Properties):
    """None."""


Here = kit.Context[SwiftSignalHandleProperties]


def curl_of(ctx: Here, _: kit.Remote) -> kit.Value:
    return f"curl -i -X PUT '{ctx.data[_ADDRESS].reveal()}'" if _ADDRESS in ctx.data else None


def address_of(ctx: Here, _: kit.Remote) -> kit.Value:
    address: Any = ctx.data.get(_ADDRESS)
    return address.reveal() if address is not None else None


@register("OS::Heat::SwiftSignalHandle", support=supported("2014.2"))
class SwiftSignalHandle(kit.ResourceType[SwiftSignalHandleProperties]):
    """An object that is put by whoever signals; older signals are kept as its older versions.

    All handles of a stack share a container, which is called like the stack's id.
    """

    service = SERVICE
    effectless = False
    attributes = (
        attr("token", doc="None: the address is enough.", volatile=True, reads=lambda _, __: ""),
        attr("endpoint", doc="Address to put signals to.", volatile=True, reads=address_of),
        attr("curl_cli", doc="Command that signals it.", volatile=True, reads=curl_of),
    )

    async def create(self, ctx: Here) -> kit.Outcome:
        await mailboxes.open_box(ctx.api, ctx.stack.id, ctx.physical_name)
        return kit.Started(ctx.physical_name)

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        if _ADDRESS not in ctx.data:
            ctx.data[_ADDRESS] = await open_address(ctx.api, ctx.stack.id, ctx.physical_id)
        return kit.Ready({})

    async def observe(self, ctx: Here) -> kit.Remote | None:
        return {} if await mailboxes.has_box(ctx.api, ctx.stack.id, ctx.physical_id) else None

    async def find(self, ctx: Here) -> kit.Candidates:
        there = await mailboxes.has_box(ctx.api, ctx.stack.id, ctx.physical_name)
        return (kit.Candidate(ctx.physical_name),) if there else ()

    async def delete(self, ctx: Here) -> kit.Outcome:
        await mailboxes.close_box(ctx.api, ctx.stack.id, ctx.physical_id or ctx.physical_name)
        return kit.Ready()

    def reference(self, ctx: Here) -> kit.Value:
        return address_of(ctx, {})
