"""An image of a server, made before the server goes (deletion policy Snapshot)."""

from __future__ import annotations

from urllib.parse import urlencode

from isotherm.kit import Context, Failed, Outcome, Pending
from isotherm.kit.services.compute import SERVER
from isotherm.resources.compute.server.properties import ServerProperties

_UNDER_WAY = frozenset({"queued", "saving", "importing"})


async def keep_image(ctx: Context[ServerProperties]) -> Outcome | None:
    """None once the image, named like the server, is there. Asks for it only once."""
    if not ctx.physical_id:
        return None
    query = urlencode({"name": ctx.physical_name})
    kept = (await ctx.api.call("image", "GET", f"/images?{query}"))["images"]
    if not kept:
        await ctx.api.act(SERVER, ctx.physical_id, "createImage", {"name": ctx.physical_name})
        return Pending()
    status = kept[0]["status"]
    if status == "active":
        return None
    return Pending() if status in _UNDER_WAY else Failed(f"The image went to {status}")
