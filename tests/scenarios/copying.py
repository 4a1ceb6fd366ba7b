"""A thing of which copies can be kept: things of their own, each named for its snapshot."""

from __future__ import annotations

from typing import Any

from isotherm.core.errors import Gone
from isotherm.kit import Context, Failed, Outcome, Pending, Ready, Remote, Values
from isotherm.testing.world import THING, Thing, ThingProperties

COPY = "copy_id"
Here = Context[ThingProperties]


class Copied(Thing):
    """What counts in it is its serial number as ``content``: a copy keeps that, and an object
    that is put back has it again."""

    name = "Test::Copied"

    async def snapshot(self, ctx: Here) -> Outcome:
        copies = await ctx.api.list(THING, name=ctx.copy_name)
        if not copies:
            present = await ctx.api.show(THING, ctx.physical_id)
            body = {"name": ctx.copy_name, "content": content_of(present)}
            copies = [await ctx.api.create(THING, body)]
        ctx.data[COPY] = copies[0]["id"]
        return Pending(1, stage="copying")

    async def advance(self, ctx: Here, remote: Remote) -> Outcome:
        if ctx.stage != "copying":
            return await super().advance(ctx, remote)
        try:
            copy = await ctx.api.show(THING, str(ctx.data[COPY]))
        except Gone:
            return Failed("the copy is gone")
        return self.judge(copy) if isinstance(self.judge(copy), Failed | Pending) else Ready(remote)

    def restorable(self, kept: Values) -> bool:
        return COPY in kept

    async def restore(self, ctx: Here) -> Outcome:
        try:
            copy = await ctx.api.show(THING, str(ctx.kept[COPY]))
        except Gone:
            return Failed("the copy is gone")
        await ctx.api.update(THING, ctx.physical_id, {"content": copy["content"]})
        return Pending(0)

    async def discard(self, ctx: Here) -> Outcome:
        copies = await ctx.api.list(THING, name=ctx.copy_name)
        for copy in copies:
            await ctx.api.delete(THING, copy["id"])
        return Pending(1) if copies else Ready({})


def content_of(thing: Any) -> Any:
    return thing.get("content") or thing["serial"]


def copied(**spec: Any) -> dict[str, Any]:
    return {"type": "Test::Copied", "properties": spec}
