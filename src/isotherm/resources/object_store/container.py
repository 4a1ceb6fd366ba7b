"""OS::Swift::Container and AWS::S3::Bucket: a container of objects."""

from __future__ import annotations

from abc import abstractmethod
from urllib.parse import urlsplit

from isotherm import kit
from isotherm.kit import P, Properties, attr, prop, register
from isotherm.resources.amazon import Tag
from isotherm.resources.object_storing import SERVICE, change, names_in, path_of, remove, settings_of

_NEW = "new"
"""Whether there was no container of that name before the create."""


class ContainerType(kit.ResourceType[P]):
    """A container goes by its name, also to its creator: making one that is there changes it."""

    service = SERVICE
    effectless = False
    name_limit = 255

    @abstractmethod
    def container(self, ctx: kit.Context[P]) -> str:
        """The name that it is to have."""

    @abstractmethod
    def settings(self, ctx: kit.Context[P]) -> dict[str, str]:
        """The headers that make it."""

    async def create(self, ctx: kit.Context[P]) -> kit.Outcome:
        name = self.container(ctx)
        if _NEW not in ctx.data:
            ctx.data[_NEW] = await settings_of(ctx.api, name) is None
            return kit.Pending(0, stage="looked")
        await change(ctx.api, "PUT", path_of(name), **self.settings(ctx))
        return kit.Started(name)

    async def find(self, ctx: kit.Context[P]) -> kit.Candidates:
        """What was there before is not ours, until the create has its answer."""
        name = self.container(ctx)
        if not ctx.data.get(_NEW) or await settings_of(ctx.api, name) is None:
            return ()
        return (kit.Candidate(name, exclusive=False),)

    async def observe(self, ctx: kit.Context[P]) -> kit.Remote | None:
        return await settings_of(ctx.api, ctx.physical_id) if ctx.physical_id else {}

    async def delete(self, ctx: kit.Context[P]) -> kit.Outcome:
        if ctx.physical_id:
            await remove(ctx.api, path_of(ctx.physical_id))
        return kit.Ready()

    async def fetch(self, ctx: kit.Context[P], attribute: str) -> kit.Value:
        address = await ctx.api.address(SERVICE)
        parts = {
            "DomainName": urlsplit(address).hostname or "",
            "RootURL": address,
            "WebsiteURL": f"{address}{path_of(ctx.physical_id)}",
        }
        return parts[attribute]


_META = "x-container-meta-"
_AT_ONCE = 100
"""Objects that one step of a removal takes away."""


class ContainerProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    read: str | None = prop("Who may read: an access list.", name="X-Container-Read")
    write: str | None = prop("Who may write: an access list.", name="X-Container-Write")
    metadata: dict[str, str] = prop("Metadata of the container.", name="X-Container-Meta", default={})
    account: dict[str, str] = prop(
        "Metadata of the account; it stays when the container goes.", name="X-Account-Meta", default={}
    )
    purge: bool = prop(
        "Whether the objects in it are deleted with it; a container that holds any stays otherwise.",
        name="PurgeOnDelete",
        default=False,
        since="2015.1",
    )


Here = kit.Context[ContainerProperties]


def number(header: str) -> kit.Reading:
    return lambda _, remote: int(remote.get(header, 0))


@register("OS::Swift::Container")
class Container(ContainerType[ContainerProperties]):
    """A container of objects."""

    attributes = (
        attr("DomainName", doc="Host of the object store.", fetched=True),
        attr("WebsiteURL", doc="Address of the container.", fetched=True),
        attr("RootURL", doc="Address of the account.", fetched=True),
        attr(
            "ObjectCount",
            int,
            doc="How many objects are in it.",
            reads=number("x-container-object-count"),
            volatile=True,
        ),
        attr("BytesUsed", int, doc="How many bytes they are.", reads=number("x-container-bytes-used"), volatile=True),
        attr(
            "HeadContainer", dict, doc="All that its headers tell.", reads=lambda _, remote: dict(remote), volatile=True
        ),
    )

    def container(self, ctx: Here) -> str:
        return ctx.props.name or ctx.physical_name

    def settings(self, ctx: Here) -> dict[str, str]:
        lists = {"x-container-read": ctx.props.read, "x-container-write": ctx.props.write}
        given = {name: each for name, each in lists.items() if each}
        return {**given, **{f"{_META}{name}": str(each) for name, each in ctx.props.metadata.items()}}

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        if ctx.props.account and not ctx.data.get("told"):
            headers = {f"x-account-meta-{name}": str(each) for name, each in ctx.props.account.items()}
            await change(ctx.api, "POST", "", **headers)
            ctx.data["told"] = True
        return kit.Ready(remote)

    async def delete(self, ctx: Here) -> kit.Outcome:
        if not ctx.physical_id:
            return kit.Ready()
        names = await names_in(ctx.api, ctx.physical_id)
        if names and not ctx.props.purge:
            return kit.Failed(
                f"The container {ctx.physical_id} holds objects, and PurgeOnDelete is not set",
                kind="ResourceActionNotSupported",
            )
        for name in names[:_AT_ONCE]:
            await remove(ctx.api, path_of(ctx.physical_id, name))
        if names:
            return kit.Pending(0, stage="purging")
        await remove(ctx.api, path_of(ctx.physical_id))
        return kit.Ready()

    async def advance_delete(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        return await self.delete(ctx)

    def live(self, remote: kit.Remote) -> kit.Values:
        """Names of metadata as headers have them: the store does not keep their case."""
        lists = {
            "X-Container-Read": remote.get("x-container-read"),
            "X-Container-Write": remote.get("x-container-write"),
        }
        metadata = {n.removeprefix(_META).title(): each for n, each in remote.items() if n.startswith(_META)}
        found = {name: each for name, each in lists.items() if each}
        return {**found, "X-Container-Meta": metadata} if metadata else found


EVERYBODY = ".r:*"
SOMEBODY = "*:*"
"""Whoever has a token: the object store lets nobody else write."""


class Website(Properties):
    index: str | None = prop("Object that stands for a folder.", name="IndexDocument")
    error: str | None = prop("Object that is shown for what is not there.", name="ErrorDocument")


class BucketProperties(Properties):
    access: str | None = prop(
        "Who may do what; by default only the owner.",
        name="AccessControl",
        allowed=(
            "Private",
            "PublicRead",
            "PublicReadWrite",
            "AuthenticatedRead",
            "BucketOwnerRead",
            "BucketOwnerFullControl",
        ),
    )
    website: Website | None = prop("How the bucket is shown as a website.", name="WebsiteConfiguration")
    tags: list[Tag] | None = prop("Tags, kept as metadata.", name="Tags")


@register("AWS::S3::Bucket")
class Bucket(ContainerType[BucketProperties]):
    """A container of objects, in the words of AWS."""

    attributes = (
        attr("DomainName", doc="Host of the object store.", fetched=True),
        attr("WebsiteURL", doc="Address of the bucket.", fetched=True),
    )

    def container(self, ctx: kit.Context[BucketProperties]) -> str:
        return ctx.physical_name

    def settings(self, ctx: kit.Context[BucketProperties]) -> dict[str, str]:
        owner = f"{ctx.stack.project_id}:{ctx.stack.user_id}"
        readers = {
            "PublicRead": EVERYBODY,
            "PublicReadWrite": EVERYBODY,
            "AuthenticatedRead": f"{ctx.stack.project_id}:*",
        }
        site = ctx.props.website
        pages = {"web-index": site.index, "web-error": site.error} if site else {}
        tags = {f"s3-tag-{each.key}": each.value for each in ctx.props.tags or ()}
        meta = {f"x-container-meta-{name}": each for name, each in {**pages, **tags}.items() if each}
        return {
            "x-container-read": readers.get(ctx.props.access or "", owner),
            "x-container-write": SOMEBODY if ctx.props.access == "PublicReadWrite" else owner,
            **meta,
        }

    async def delete(self, ctx: kit.Context[BucketProperties]) -> kit.Outcome:
        if ctx.physical_id and await names_in(ctx.api, ctx.physical_id):
            reason = f"The bucket {ctx.physical_id} is not empty"
            return kit.Failed(reason, kind="ResourceActionNotSupported")
        return await super().delete(ctx)
