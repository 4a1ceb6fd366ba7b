"""OS::Swift::Container: a container of objects."""

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register
from isotherm.resources.object_store.container_type import ContainerType
from isotherm.resources.object_storing import change, names_in, path_of, remove

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
