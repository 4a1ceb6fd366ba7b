"""OS::Trove::Instance and Cluster: servers with a database."""

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, prop, register, supported
from isotherm.kit.services.database import DATABASE_CLUSTER, INSTANCE
from isotherm.resources.networking import Connected


class Network(Connected):
    network: str | None = prop("Network.", finds="neutron.network", sends="net-id")
    port: str | None = prop("Existing port.", finds="neutron.port", sends="port-id")
    fixed_ip: str | None = prop("Address to have there.", exists="ip_addr", sends="v4-fixed-ip")


def datastore(props: Any) -> kit.Fields:
    """``datastore`` of a create call."""
    told = {"type": props.datastore_type, "version": props.datastore_version}
    given = {name: each for name, each in told.items() if each}
    return {"datastore": given} if given else {}


_WORD = "[a-zA-Z0-9_]+[a-zA-Z0-9_@?#\\s]*[a-zA-Z0-9_]+"


class Database(Properties):
    character_set: str = prop("Characters.", default="utf8")
    collate: str = prop("Order of characters.", default="utf8_general_ci")
    name: str = prop("Name.", max_length=64, pattern="[a-zA-Z0-9_\\-]+[a-zA-Z0-9_@?#\\s\\-]*[a-zA-Z0-9_\\-]+")


class User(Properties):
    name: str = changeable("Name.", max_length=16, pattern=_WORD)
    password: str = changeable("Password.", pattern=_WORD, secret=True)
    host: str = changeable("Where from; % for anywhere.", default="%")
    databases: list[str] = changeable(
        "Databases that it may use.", min_length=1, encodes=lambda names: [{"name": each} for each in names]
    )


class InstanceProperties(Properties):
    name: str | None = changeable("Name; by default one is made up.", max_length=255)
    flavor: str = changeable("Flavor.", finds="trove.flavor", sends="flavorRef", reads="flavor.id", by_call=True)
    datastore_type: str | None = prop("Kind of database.", max_length=255, sends=None, reads="datastore.type")
    datastore_version: str | None = prop("Version of it.", max_length=255, sends=None, reads="datastore.version")
    size: int = changeable(
        "Size of its volume in GiB; it can only grow.", ge=1, le=150, sends="volume.size", by_call=True
    )
    networks: list[Network] = prop("Where it is connected.", default=[], sends="nics", reads=None)
    databases: list[Database] = changeable("What is in it.", default=[], by_call=True, reads=None)
    users: list[User] = changeable("Who may use it.", default=[], by_call=True, reads=None)
    availability_zone: str | None = prop("Zone to run in.")
    restore_point: str | None = prop("Backup to restore.", sends="restorePoint.backupRef", reads=None)
    replica_of: str | None = prop("Instance to be a replica of.", reads="replica_of.id", since="5.0.0")
    replica_count: int | None = prop("How many replicas.", since="5.0.0")


Here = kit.Context[InstanceProperties]
Body = kit.Fields


def hostname_of(_: Here, remote: kit.Remote) -> kit.Value:
    return remote.get("hostname") or next(iter(remote.get("ip") or ()), None)


def href_of(_: Here, remote: kit.Remote) -> kit.Value:
    links = (each["href"] for each in remote.get("links") or () if each.get("rel") == "self")
    return next(links, None)


@register("OS::Trove::Instance", support=supported("2014.1"))
class Instance(kit.EntityType[InstanceProperties]):
    """A server with a database."""

    entity = INSTANCE
    found_among: ClassVar = {}
    created_field = "created"
    status_field = "status"
    ready_statuses = frozenset({"ACTIVE", "HEALTHY", "RESTART_REQUIRED"})
    failed_statuses = frozenset({"ERROR", "FAILED"})
    poll_after = 2.0
    needs = (("datastore_version", "datastore_type"),)
    attributes = (
        attr("hostname", doc="Its name, or else its address.", reads=hostname_of),
        attr("href", doc="Its address in the API.", reads=href_of),
    )

    def create_body(self, ctx: Here) -> Body:
        return {**super().create_body(ctx), **datastore(ctx.props)}

    # -- update: one thing after the other, each once the instance has settled ------------

    async def update(self, ctx: Here, changes: kit.Changes) -> kit.Outcome:
        if "name" in changes:
            body = {"instance": {"name": ctx.props.name or ctx.physical_name}}
            await ctx.api.call(INSTANCE.service, "PATCH", f"{INSTANCE.path}/{ctx.physical_id}", body)
        return kit.Pending(0)

    async def complete(self, ctx: Here, remote: kit.Remote) -> bool:
        if ctx.changes("flavor") and str((remote.get("flavor") or {}).get("id")) != ctx.props.flavor:
            await self._resize(ctx, {"flavorRef": ctx.props.flavor})
            return True
        if ctx.changes("size") and (remote.get("volume") or {}).get("size") != ctx.props.size:
            await self._resize(ctx, {"volume": {"size": ctx.props.size}})
            return True
        if ctx.recorded is None:
            return False
        changed = "databases" in ctx.changed and await self._set_databases(ctx)
        return ("users" in ctx.changed and await self._set_users(ctx)) or changed

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        """What a step has begun may need another look."""
        judged = self.judge(remote)
        if isinstance(judged, kit.Ready) and await self.complete(ctx, remote):
            return kit.Pending(0)
        return judged

    async def _resize(self, ctx: Here, what: Body) -> None:
        await ctx.api.act(INSTANCE, ctx.physical_id, "resize", what)

    async def _set_databases(self, ctx: Here) -> bool:
        there = {str(each["name"]) for each in (await self._inside(ctx, "databases"))["databases"]}
        bodies = {each.name: kit.create_fields(each) for each in ctx.props.databases}
        return await kit.exchange(
            there,
            bodies,
            add=lambda name: self._call(ctx, "POST", "databases", {"databases": [bodies[name]]}),
            remove=lambda name: self._call(ctx, "DELETE", f"databases/{quote(name)}"),
        )

    async def _set_users(self, ctx: Here) -> bool:
        """Those whose details differ from what was told before are told anew."""
        there = {str(each["name"]) for each in (await self._inside(ctx, "users"))["users"]}
        before = {each.name: kit.create_fields(each) for each in (ctx.recorded and ctx.recorded.users) or ()}
        bodies = {each.name: kit.create_fields(each) for each in ctx.props.users}
        done = {str(name) for name in ctx.data.get("told") or ()}
        for name in sorted(there & bodies.keys() - done):
            if before.get(name) != bodies[name]:
                await self._call(ctx, "DELETE", f"users/{quote(name)}")
                there.discard(name)
        changed = await kit.exchange(
            there,
            bodies,
            add=lambda name: self._call(ctx, "POST", "users", {"users": [bodies[name]]}),
            remove=lambda name: self._call(ctx, "DELETE", f"users/{quote(name)}"),
        )
        ctx.data["told"] = sorted(bodies) if changed else []
        return changed

    async def _inside(self, ctx: Here, what: str) -> Any:
        return await self._call(ctx, "GET", what)

    async def _call(self, ctx: Here, method: str, below: str, body: Any = None) -> Any:
        path = f"{INSTANCE.path}/{ctx.physical_id}/{below}"
        return await ctx.api.call(INSTANCE.service, method, path, body)

    async def clear_away(self, ctx: Here) -> kit.Outcome:
        """The replicas that were made with it, which are named after it and tell of the same origin."""
        if ctx.props.replica_of and (ctx.props.replica_count or 1) > 1:
            name = f"{ctx.props.name or ctx.physical_name}-"
            for each in await ctx.api.list(INSTANCE):
                origin = (each.get("replica_of") or {}).get("id")
                if origin == ctx.props.replica_of and str(each["name"]).startswith(name):
                    await ctx.api.drop(INSTANCE, str(each["id"]))
        return kit.Ready()

    def judge_delete(self, remote: kit.Remote) -> kit.Outcome:
        return kit.Pending(self.poll_after)

    def problems(self, properties: kit.Values) -> kit.Problems:
        yield from _user_problems(properties.get("users"), properties.get("databases"))


def _user_problems(users: kit.Value, databases: kit.Value) -> kit.Problems:
    known = databases if isinstance(databases, list) else []
    named = [each.get("name") if isinstance(each, Mapping) else None for each in known]
    if any(not isinstance(each, str) for each in named):
        return
    for index, user in enumerate(users if isinstance(users, list) else ()):
        wanted = user.get("databases") if isinstance(user, Mapping) else None
        for each in wanted if isinstance(wanted, list) else ():
            if isinstance(each, str) and each not in named:
                yield f"users.{index}.databases", f"{each} is none of databases"


class Member(Properties):
    flavor: str = prop("Flavor.", finds="trove.flavor", sends="flavorRef")
    volume_size: int = prop("Size of its volume in GiB.", ge=1, le=150, sends="volume.size")
    networks: list[Network] = prop("Where it is connected.", default=[], sends="nics", since="10.0.0")
    availability_zone: str | None = prop("Zone to run in.", since="14.0.0")


class ClusterProperties(Properties):
    name: str | None = prop("Name; by default one is made up.", max_length=255)
    datastore_type: str = prop("Kind of database.", max_length=255, sends=None, reads="datastore.type")
    datastore_version: str = prop("Version of it.", max_length=255, sends=None, reads="datastore.version")
    instances: list[Member] = prop("Its instances.", reads=None)


def members_of(_: kit.Context[ClusterProperties], remote: kit.Remote) -> kit.Value:
    return [each["id"] for each in remote.get("instances") or ()]


@register("OS::Trove::Cluster", support=supported("2015.1"))
class Cluster(kit.EntityType[ClusterProperties]):
    """Instances that are one database together."""

    entity = DATABASE_CLUSTER
    found_among: ClassVar = {}
    created_field = "created"
    poll_after = 2.0
    attributes = (
        attr(
            "instances", list, "Ids of its instances.", reads=lambda _, it: [e["id"] for e in it.get("instances") or ()]
        ),
        attr("ip", list, "Their addresses."),
    )

    def create_body(self, ctx: kit.Context[ClusterProperties]) -> kit.Fields:
        return {**super().create_body(ctx), **datastore(ctx.props)}

    def judge(self, remote: kit.Remote) -> kit.Outcome:
        """By the states of its instances, once nothing is done with it."""
        states = {str(each.get("status")) for each in remote.get("instances") or ()}
        if states & {"ERROR", "FAILED"}:
            return kit.Failed(f'Went to status {min(states)} due to "Unknown"')
        busy = (remote.get("task") or {}).get("name") != "NONE" or states - {"ACTIVE", "HEALTHY"}
        return kit.Pending(self.poll_after) if busy else kit.Ready(remote)

    def judge_delete(self, remote: kit.Remote) -> kit.Outcome:
        return kit.Pending(self.poll_after)
