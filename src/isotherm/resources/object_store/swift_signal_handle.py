"""OS::Heat::SwiftSignalHandle: an object that anybody who knows its address may put."""

import secrets
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, register, supported
from isotherm.resources.object_store.storing import SERVICE, change, path_of, remove, signed

NOTHING_YET = b"in progress"
_EXPIRES = 2**31 - 61
"""Seconds since the epoch: the last that all stores know, but for a minute."""
_KEY = "x-account-meta-temp-url-key"
_ADDRESS = "endpoint"
_MOST_SIGNALS = 10_000


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
        container = ctx.stack.id
        await change(ctx.api, "PUT", path_of(container), x_versions_location=container)
        name = path_of(container, ctx.physical_name)
        await ctx.api.call(SERVICE, "PUT", name, NOTHING_YET)
        return kit.Started(ctx.physical_name)

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        if _ADDRESS not in ctx.data:
            address = await ctx.api.address(SERVICE)
            path = path_of(ctx.stack.id, ctx.physical_id)
            ctx.data[_ADDRESS] = kit.Secret(signed(address, path, await _key(ctx), _EXPIRES))
        return kit.Ready({})

    async def observe(self, ctx: Here) -> kit.Remote | None:
        try:
            await ctx.api.call(SERVICE, "HEAD", path_of(ctx.stack.id, ctx.physical_id))
        except kit.Gone:
            return None
        return {}

    async def find(self, ctx: Here) -> kit.Candidates:
        try:
            await ctx.api.call(SERVICE, "HEAD", path_of(ctx.stack.id, ctx.physical_name))
        except kit.Gone:
            return ()
        return (kit.Candidate(ctx.physical_name),)

    async def delete(self, ctx: Here) -> kit.Outcome:
        """Each removal brings back the version before, until there is none."""
        name = ctx.physical_id or ctx.physical_name
        for _ in range(_MOST_SIGNALS):
            try:
                await ctx.api.call(SERVICE, "DELETE", path_of(ctx.stack.id, name))
            except kit.Gone:
                break
        with suppress(kit.Conflict):  # another handle's signals are in it
            await remove(ctx.api, path_of(ctx.stack.id))
        return kit.Ready()

    def reference(self, ctx: Here) -> kit.Value:
        return address_of(ctx, {})


async def _key(ctx: Here) -> str:
    """What the account's addresses are signed with; made up where there is none."""
    account = await ctx.api.call(SERVICE, "HEAD", "")
    known = {name.lower(): each for name, each in account.items()}.get(_KEY)
    if known:
        return str(known)
    key = secrets.token_hex(32)
    await change(ctx.api, "POST", "", **{_KEY: key})
    return key
