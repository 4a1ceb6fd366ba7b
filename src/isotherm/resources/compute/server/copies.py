"""An image of a server, made before the server goes (deletion policy Snapshot)."""

from urllib.parse import urlencode

from isotherm import kit
from isotherm.kit.services.compute import SERVER
from isotherm.resources.compute.server.properties import ServerProperties

_UNDER_WAY = frozenset({"queued", "saving", "importing"})


async def keep_image(ctx: kit.Context[ServerProperties]) -> kit.Outcome | None:
    """None once the image, named like the server, is there. Asks for it only once."""
    if not ctx.physical_id:
        return None
    query = urlencode({"name": ctx.physical_name})
    kept = (await ctx.api.call("image", "GET", f"/images?{query}"))["images"]
    if not kept:
        await ctx.api.act(SERVER, ctx.physical_id, "createImage", {"name": ctx.physical_name})
        return kit.Pending()
    status = kept[0]["status"]
    if status == "active":
        return None
    return kit.Pending() if status in _UNDER_WAY else kit.Failed(f"The image went to {status}")
