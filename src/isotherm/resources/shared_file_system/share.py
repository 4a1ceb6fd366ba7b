"""OS::Manila::Share and ShareType: a file system that several can use at once, and its kinds."""

from collections.abc import Awaitable
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, prop, register, supported
from isotherm.kit.services.shared_file_system import SHARE, SHARE_TYPE


class ShareTypeProperties(Properties):
    name: str = prop("Name.")
    is_public: bool = prop("Whether all projects may use it.", default=True, sends="share_type_access:is_public")
    driver_handles_share_servers: bool = prop("Whether its shares have servers of their own.", sends=None, reads=None)
    extra_specs: dict[str, Any] | None = changeable("What its shares have to be like.", sends=None, reads=None)
    snapshot_support: bool = prop(
        "Whether its shares can have snapshots.", default=True, sends=None, reads=None, since="6.0.0"
    )


There = kit.Context[ShareTypeProperties]
_OWN = frozenset({"driver_handles_share_servers", "snapshot_support"})


@register("OS::Manila::ShareType", support=supported("5.0.0"))
class ShareType(kit.UniqueType[ShareTypeProperties], kit.UndatedType[ShareTypeProperties]):
    """A kind of share; for administrators. There are no two of a name."""

    entity = SHARE_TYPE
    found_among: ClassVar = {"is_public": "all"}
    patience = 60.0
    links = (kit.Link("share type of a name", ("name",)),)
    completes = ("extra_specs",)

    def create_body(self, ctx: There) -> kit.Fields:
        specs = {name: str(getattr(ctx.props, name)) for name in sorted(_OWN)}
        return {**super().create_body(ctx), "extra_specs": specs}

    async def complete(self, ctx: There, remote: kit.Remote) -> bool:
        """One call for what is new, one for each that goes."""
        there: kit.Fields = remote.get("extra_specs") or {}
        wanted = {name: str(value) for name, value in (ctx.props.extra_specs or {}).items()}
        before = (ctx.recorded and ctx.recorded.extra_specs) or {}
        added = {name: value for name, value in wanted.items() if there.get(name) != value}
        gone = [name for name in before if name not in wanted and name in there and name not in _OWN]
        if added:
            await _call(ctx, "POST", "", {"extra_specs": added})
        for name in gone:
            await _call(ctx, "DELETE", f"/{name}")
        return bool(added or gone)

    async def take_back(self, ctx: There) -> None:
        await super().take_back(ctx)
        await self.complete(ctx, await ctx.api.show(SHARE_TYPE, str(ctx.physical_id)))


def _call(ctx: There, method: str, below: str, body: Any = None) -> Awaitable[Any]:
    path = f"{SHARE_TYPE.path}/{ctx.physical_id}/extra_specs{below}"
    return ctx.api.call(SHARE_TYPE.service, method, path, body, microversion=SHARE_TYPE.microversion)


class AccessRule(Properties):
    access_to: str = prop("Who: an address, a user, a name in a certificate.")
    access_type: str = prop("What that is.", allowed=("ip", "user", "cert", "cephx"))
    access_level: str | None = prop("Whether they may write, too.", allowed=("ro", "rw"))


class ShareProperties(Properties):
    share_protocol: str = prop(
        "How it is reached.", allowed=("NFS", "CIFS", "GlusterFS", "HDFS", "CEPHFS"), sends="share_proto"
    )
    size: int = prop("Size in GiB.")
    snapshot: str | None = prop("Snapshot to make it of.", exists="manila.share_snapshot", sends="snapshot_id")
    name: str | None = changeable("Name; by default one is made up.", by_call=True)
    metadata: dict[str, Any] | None = changeable("Key-value pairs.", by_call=True)
    share_network: str | None = prop("Its network.", exists="manila.share_network", sends="share_network_id")
    description: str | None = changeable("Description.", by_call=True)
    share_type: str | None = prop("Its type.", exists="manila.share_type")
    is_public: bool = changeable("Whether all projects see it.", default=False, clears=False)
    access_rules: list[AccessRule] = changeable("Who may use it.", default=[], sends=None, reads=None)


Here = kit.Context[ShareProperties]
_GOING = ("queued_to_deny", "denying")
_NAMES = {"name": "display_name", "description": "display_description"}


@register("OS::Manila::Share", support=supported("5.0.0"))
class Share(kit.EntityType[ShareProperties]):
    """A file system that several can use at once."""

    entity = SHARE
    status_field = "status"
    ready_statuses = frozenset({"available"})
    failed_statuses = frozenset({"error", "error_deleting", "manage_error", "unmanage_error", "extending_error"})
    completes = ("access_rules",)
    attributes = (
        attr("availability_zone", doc="Zone that it lies in."),
        attr("host", doc="Where it is kept."),
        attr("export_locations", list, "Where it is found.", fetched=True, volatile=True),
        attr("share_server_id", doc="Its server."),
        attr("created_at", doc="When it was made."),
        attr("status", doc="Its state.", volatile=True),
        attr("project_id", doc="Project that owns it."),
    )

    def update_body(self, ctx: Here, changes: kit.Changes) -> kit.Fields:
        body = dict(super().update_body(ctx, changes))
        given = {"name": ctx.props.name or ctx.physical_name, "description": ctx.props.description or ""}
        return {**body, **{sent: given[name] for name, sent in _NAMES.items() if name in changes}}

    async def complete(self, ctx: Here, remote: kit.Remote) -> bool:
        metadata = _texts(ctx.props.metadata)
        if not ctx.changes("metadata") or dict(remote.get("metadata") or {}) == metadata:
            return False
        path, body = f"{SHARE.path}/{ctx.physical_id}/metadata", {"metadata": metadata}
        await ctx.api.call(SHARE.service, "PUT", path, body, microversion=SHARE.microversion)
        return True

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        outcome = await super().advance(ctx, remote)
        if not (ctx.props.access_rules or ctx.changes("access_rules")):
            return outcome
        return kit.Pending() if isinstance(outcome, kit.Ready) and not await self._set_rules(ctx) else outcome

    async def _set_rules(self, ctx: Here) -> bool:
        """Whether nobody else has, or is losing, access. A rule keeps its place until it is gone."""
        listed = (await ctx.api.act(SHARE, ctx.physical_id, "access_list"))["access_list"]
        there = {_key(each): each for each in listed}
        wanted = {_key(each): each for each in map(_rule, ctx.props.access_rules)}
        going = {key for key, each in there.items() if each.get("state") in _GOING}
        for key in there.keys() - wanted.keys() - going:
            await ctx.api.act(SHARE, ctx.physical_id, "deny_access", {"access_id": str(there[key]["id"])})
        taken = {key[:2] for key in there}
        for key in wanted.keys() - there.keys():
            if key[:2] not in taken:
                await ctx.api.act(SHARE, ctx.physical_id, "allow_access", wanted[key])
        return not (going or there.keys() - wanted.keys())

    async def fetch(self, ctx: Here, attribute: str) -> kit.Value:
        path = f"{SHARE.path}/{ctx.physical_id}/export_locations"
        told = await ctx.api.call(SHARE.service, "GET", path, microversion=SHARE.microversion)
        return [dict(each) for each in told["export_locations"]]


def _texts(metadata: kit.Fields | None) -> dict[str, str]:
    return {name: str(value) for name, value in (metadata or {}).items()}


def _rule(rule: AccessRule) -> dict[str, str]:
    return {"access_type": rule.access_type, "access_to": rule.access_to, "access_level": rule.access_level or "rw"}


def _key(rule: kit.Fields) -> tuple[str, ...]:
    return tuple(str(rule[name]) for name in ("access_type", "access_to", "access_level"))
