"""Images of a server that are kept for snapshots of its stack, and put back by a rebuild."""

from typing import Any

from isotherm import kit
from isotherm.kit.services.compute import SERVER
from isotherm.kit.services.image import IMAGE
from isotherm.resources.compute.server.properties import Here

COPIED = "snapshot_image_id"
"""Key of the private data: the image made for the last snapshot."""
COPYING, WAKING, REBUILDING = "copying", "waking", "rebuilding"
STAGES = frozenset({COPYING, WAKING, REBUILDING})
_COMING = frozenset({"queued", "saving", "importing", "uploading"})
_GOING = frozenset({"deleted", "pending_delete"})


async def make(ctx: Here) -> kit.Outcome:
    """Begin to make the image, unless there is one."""
    image = await _image(ctx)
    if image is None:
        await ctx.api.act(SERVER, ctx.physical_id, "createImage", {"name": ctx.copy_name})
        image = await _image(ctx)
    if image is not None:
        ctx.data[COPIED] = str(image["id"])
    return kit.Pending(0, stage=COPYING)


async def put_back(ctx: Here) -> kit.Outcome:
    """Rebuild the server from the image; one that was put to rest wakes up for that."""
    remote = await ctx.api.show(SERVER, ctx.physical_id)
    if remote["status"] == "SUSPENDED":
        await ctx.api.act(SERVER, ctx.physical_id, "resume")
        return kit.Pending(0, stage=WAKING)
    return await _rebuild(ctx)


async def go_on(ctx: Here, remote: kit.Remote, judged: kit.Outcome) -> kit.Outcome:
    if ctx.stage == COPYING:
        return await _copied(ctx, remote)
    if isinstance(judged, kit.Ready) and remote.get("OS-EXT-STS:task_state"):
        return kit.Pending()
    if isinstance(judged, kit.Ready) and ctx.stage == WAKING:
        return await _rebuild(ctx)
    return judged


async def discard(ctx: Here) -> kit.Outcome:
    image = await _image(ctx)
    if image is None:
        return kit.Ready({})
    await ctx.api.delete(IMAGE, str(image["id"]))
    return kit.Pending(0.5)


async def _rebuild(ctx: Here) -> kit.Outcome:
    arguments: dict[str, Any] = {"imageRef": ctx.kept[COPIED]}
    if ctx.props.admin_pass:
        arguments["adminPass"] = ctx.props.admin_pass
    await ctx.api.act(SERVER, ctx.physical_id, "rebuild", arguments)
    return kit.Pending(stage=REBUILDING)


async def _copied(ctx: Here, remote: kit.Remote) -> kit.Outcome:
    image = await _image(ctx)
    if image is None:
        return kit.Failed("The image is gone")
    ctx.data[COPIED] = str(image["id"])
    if image["status"] == "active":
        return kit.Ready(remote)
    if image["status"] in _COMING:
        return kit.Pending()
    return kit.Failed(f"The image went to {image['status']}")


async def _image(ctx: Here) -> kit.Remote | None:
    """The image that belongs to the snapshot."""
    found = await ctx.api.list(IMAGE, name=ctx.copy_name)
    return next((each for each in found if each["status"] not in _GOING), None)
