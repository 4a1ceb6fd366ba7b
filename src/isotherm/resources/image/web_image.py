"""OS::Glance::WebImage, and OS::Glance::Image before it: an image that the image service downloads itself."""

from collections.abc import Awaitable
from typing import Any

from isotherm import kit
from isotherm.kit import KEEP, Properties, changeable, deprecated, hidden, prop, register, supported
from isotherm.kit.services.image import IMAGE

UUID = "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$"

OF_AMAZON = ("ami", "ari", "aki")


class WebImageProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    id: str | None = prop("Its id; by default one is made up.")
    min_disk: int = prop("Disk in GiB that a server needs at least.", default=0, ge=0)
    min_ram: int = prop("Memory in MiB that a server needs at least.", default=0, ge=0)
    protected: bool = changeable("Whether it cannot be deleted.", default=False)
    disk_format: str = prop(
        "Disk format.", allowed=("ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop")
    )
    container_format: str = prop("Outer format.", allowed=("ami", "ari", "aki", "bare", "ovf", "ova", "docker"))
    location: str = prop("URL to download it from.", sends=None)
    tags: list[Any] | None = changeable("Tags.", clears=[])
    architecture: str | None = changeable("Processor architecture.")
    kernel_id: str | None = changeable("Image of the kernel.", pattern=UUID)
    os_distro: str | None = changeable("Distribution, as libosinfo calls it.")
    os_version: str | None = changeable("Version of the distribution.")
    owner: str | None = changeable("Project that owns it.", clears=KEEP)
    extra_properties: dict[str, Any] = changeable("Any other properties.", default={}, merges=True, since="17.0.0")
    visibility: str = changeable(
        "Who sees it.", default="private", allowed=("public", "private", "community", "shared")
    )
    ramdisk_id: str | None = changeable("Image of the RAM disk.", pattern=UUID)
    active: bool = changeable("Whether its data can be read.", default=True, sends=None, since="16.0.0")
    members: list[str] | None = changeable("Projects that it is shared with.", sends=None, since="16.0.0")


Here = kit.Context[WebImageProperties]


@register("OS::Glance::WebImage", support=supported("12.0.0"))
class WebImage(kit.EntityType[WebImageProperties]):
    """An image that the image service downloads from a URL."""

    entity = IMAGE
    chooses_id = True
    status_field = "status"
    ready_statuses = frozenset({"active", "deactivated"})
    failed_statuses = frozenset({"killed", "deleted", "pending_delete"})
    always_completes = True

    def problems(self, properties: kit.Values) -> kit.Problems:
        formats = properties.get("container_format"), properties.get("disk_format")
        if formats[0] in OF_AMAZON and isinstance(formats[1], str) and formats[0] != formats[1]:
            yield "disk_format", f"must be {formats[0]} as well for a container of that format"

    def judge(self, remote: kit.Remote) -> kit.Outcome:
        if remote.get("os_glance_failed_import"):
            return kit.Failed("The download of the image failed")
        return super().judge(remote)

    async def settle(self, ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
        """A queued image waits for its data, and may do so for ever."""
        queued = remote.get("status") == "queued"
        return None if queued else await super().settle(ctx, remote)

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        judged = self.judge(remote)
        asked = ctx.stage or remote.get("os_glance_import_task")
        if remote.get("status") == "queued" and not asked:
            return await self._download(ctx)
        if not isinstance(judged, kit.Ready):
            return judged
        await self._share(ctx)
        return await self._activate(ctx, remote)

    async def _download(self, ctx: Here) -> kit.Outcome:
        method = {"name": "web-download", "uri": ctx.props.location}
        await ctx.api.call("image", "POST", _path(ctx, "import"), {"method": method})
        return kit.Pending(stage="downloading")

    async def _share(self, ctx: Here) -> None:
        def call(method: str, below: str, body: Any = None) -> Awaitable[Any]:
            return ctx.api.call("image", method, _path(ctx, f"members{below}"), body)

        await kit.exchange(
            ctx.recorded.members if ctx.recorded else (),
            ctx.props.members,
            add=lambda member: call("POST", "", {"member": member}),
            remove=lambda member: call("DELETE", f"/{member}"),
        )

    async def _activate(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        if ctx.props.active == (remote.get("status") == "active"):
            return kit.Ready(remote)
        action = "reactivate" if ctx.props.active else "deactivate"
        await ctx.api.call("image", "POST", _path(ctx, f"actions/{action}"))
        return kit.Ready()

    def update_body(self, ctx: Here, changes: kit.Changes) -> kit.Fields:
        """Other properties that are not named any more go."""
        before = ctx.recorded.extra_properties if ctx.recorded else {}
        return {**dict.fromkeys(before.keys() - ctx.props.extra_properties.keys()), **super().update_body(ctx, changes)}


def _path(ctx: Here, below: str = "") -> str:
    return f"/images/{ctx.physical_id}/{below}".rstrip("/")


class ImageProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    id: str | None = prop("Its id; by default one is made up.")
    is_public: bool = prop("Whether all projects may use it.", default=False, sends=None)
    min_disk: int = prop("Disk in GiB that a server needs at least.", default=0, ge=0)
    min_ram: int = prop("Memory in MiB that a server needs at least.", default=0, ge=0)
    protected: bool = prop("Whether it cannot be deleted.", default=False)
    disk_format: str = prop("Disk format.", allowed=("ami", "ari", "aki", "vhd", "vmdk", "raw", "qcow2", "vdi", "iso"))
    container_format: str = prop("Outer format.", allowed=("ami", "ari", "aki", "bare", "ova", "ovf"))
    location: str = prop("URL to download it from.")
    tags: list[Any] | None = changeable("Tags.")
    extra_properties: dict[str, Any] = changeable("Any other properties.", default={})
    architecture: str | None = changeable("Processor architecture.")
    kernel_id: str | None = changeable("Image of the kernel.", pattern=UUID)
    os_distro: str | None = changeable("Distribution, as libosinfo calls it.")
    owner: str | None = changeable("Project that owns it.")
    ramdisk_id: str | None = changeable("Image of the RAM disk.", pattern=UUID)


@register("OS::Glance::Image", support=hidden("22.0.0", deprecated("8.0.0", supported("2014.2"))))
class Image(kit.TranslatedType[ImageProperties]):
    """An image that the image service downloads: use OS::Glance::WebImage instead."""

    target = WebImage()
    service = ""

    def words(self, props: ImageProperties, data: kit.Values) -> kit.Fields:
        return {**super().words(props, data), "visibility": "public" if props.is_public else "private"}
