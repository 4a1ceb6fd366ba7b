"""Changes of a server in place: a row of stages, each begun once the server has settled.

Each stage either begins something and names the stage to go on with, or has nothing to
do. All calls may be repeated: a stage that was begun before finds its work done.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from isotherm import kit
from isotherm.kit.services.compute import SERVER
from isotherm.resources import agents
from isotherm.resources.compute.server import interfaces
from isotherm.resources.compute.server.properties import Here, text_values
from isotherm.resources.compute.server.user_data import encoded

Stage = Callable[[Here, kit.Remote], Awaitable[kit.Outcome | None]]


async def change_details(ctx: Here, changes: kit.Changes) -> None:
    """What takes effect at once."""
    if "name" in changes:
        name = ctx.props.name or ctx.physical_name
        await ctx.api.update(SERVER, ctx.physical_id, {"name": name})
    if agents.TRANSPORT & set(changes) and agents.SETTINGS in ctx.data:
        await agents.equip(ctx, "ec2")
        ctx.data.pop(agents.TOLD, None)
    if "metadata" in changes:
        await _put(ctx, "metadata", text_values(ctx.props.metadata))
    if "tags" in changes:
        await set_tags(ctx)
    if "admin_pass" in changes and ctx.props.admin_pass:
        arguments = {"adminPass": ctx.props.admin_pass}
        await ctx.api.act(SERVER, ctx.physical_id, "changePassword", arguments)


async def set_tags(ctx: Here) -> None:
    await _put(ctx, "tags", ctx.props.tags or [])


async def _put(ctx: Here, name: str, value: Any) -> None:
    path = f"/servers/{ctx.physical_id}/{name}"
    await ctx.api.call("compute", "PUT", path, {name: value}, microversion=SERVER.microversion)


async def go_on(ctx: Here, remote: kit.Remote) -> kit.Outcome:
    """Begin the next stage that has something to do."""
    names = list(STAGES)
    for name in names[names.index(ctx.stage) :]:
        if (outcome := await STAGES[name](ctx, remote)) is not None:
            return outcome
    return kit.Ready()


# -- image and flavor ----------------------------------------------------------------


async def _rebuild(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    data_changed = "user_data" in ctx.changed and ctx.props.user_data_update_policy == "REBUILD"
    image_changed = "image" in ctx.changed and _id_of(remote, "image") != ctx.props.image
    if not (data_changed or image_changed):
        return None
    arguments: dict[str, Any] = {"imageRef": ctx.props.image or _id_of(remote, "image")}
    if ctx.props.admin_pass:
        arguments["adminPass"] = ctx.props.admin_pass
    if ctx.props.image_update_policy == "REBUILD_PRESERVE_EPHEMERAL":
        arguments["preserve_ephemeral"] = True
    entity = SERVER
    if data_changed:
        entity = replace(SERVER, microversion="2.57")
        arguments["user_data"] = await encoded(ctx)
    await ctx.api.act(entity, ctx.physical_id, "rebuild", arguments)
    return kit.Pending(stage="resize")


async def _resize(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    if "flavor" not in ctx.changed or _id_of(remote, "flavor") == ctx.props.flavor:
        return None
    await ctx.api.act(SERVER, ctx.physical_id, "resize", {"flavorRef": ctx.props.flavor})
    return kit.Pending(stage="confirm")


async def _confirm(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    if "flavor" not in ctx.changed:
        return None
    if remote["status"] == "VERIFY_RESIZE":
        await ctx.api.act(SERVER, ctx.physical_id, "confirmResize")
        return kit.Pending(stage="confirmed")
    return await _confirmed(ctx, remote)


async def _confirmed(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    if "flavor" not in ctx.changed:
        return None
    if remote["status"] == "VERIFY_RESIZE":
        return kit.Pending()
    if _id_of(remote, "flavor") != ctx.props.flavor:
        return kit.Failed(f"Resizing to '{ctx.props.flavor}' failed, status '{remote['status']}'", kind="Error")
    return None


async def end_resize(ctx: Here, remote: kit.Remote) -> kit.Outcome:
    """Confirm one that led to the flavor that is wanted now, revert any other."""
    wanted = _id_of(remote, "flavor") == ctx.props.flavor
    await ctx.api.act(SERVER, ctx.physical_id, "confirmResize" if wanted else "revertResize")
    return kit.Pending()


def _id_of(remote: kit.Remote, part: str) -> str | None:
    """The id of the server's image or flavor; None where it boots from a volume."""
    described = remote.get(part)
    return described.get("id") if isinstance(described, Mapping) else None


STAGES: dict[str, Stage] = {
    "rebuild": _rebuild,
    "resize": _resize,
    "confirm": _confirm,
    "confirmed": _confirmed,
    **interfaces.STAGES,
}
