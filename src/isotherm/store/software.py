"""Software configurations and deployments, which live apart from stacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from msgspec import Struct
from sqlalchemy import (
    Connection,
    Insert,
    Integer,
    Table,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy import Row as Fetched

from isotherm.kit.software import Deployment, SoftwareConfig
from isotherm.ports.software import ConfigQuery, ToldServer
from isotherm.ports.store import NoRoom
from isotherm.store.encoding import Encoding
from isotherm.store.reader import Reader
from isotherm.store.rows import CONFIGS, DEPLOYMENTS, Row, Shape
from isotherm.store.statements import Statements
from isotherm.store.tables import software_configs as configs
from isotherm.store.tables import software_deployments as deployments
from isotherm.store.told_servers import (
    ClaimServers,
    ForgetServer,
    ServerTold,
    TellServer,
    any_due,
    note_change,
    note_removal,
)
from isotherm.store.writer import Change, Writer

R = TypeVar("R", bound=Struct)
_MOST_READ = 2_000
"""Records of each kind that are kept in memory."""

_CONFIG = select(configs).where(configs.c.id == bindparam("wanted"))
_DEPLOYMENT = select(deployments).where(deployments.c.id == bindparam("wanted"))
_OF_PROJECT = deployments.c.project_id == bindparam("project")
_OF_SERVER = deployments.c.server_id == bindparam("server")
_DEPLOYMENTS = select(deployments).order_by(deployments.c.seq)
_ON_SERVER = _DEPLOYMENTS.where(_OF_SERVER)
_USED = select(configs).where(configs.c.id.in_(select(deployments.c.config_id).where(_OF_SERVER)))
_REMOVE_CONFIG = delete(configs).where(
    configs.c.id == bindparam("wanted"), ~exists().where(deployments.c.config_id == configs.c.id)
)
_REMOVE_DEPLOYMENT = delete(deployments).where(deployments.c.id == bindparam("wanted"))
_CONCLUDE = (
    update(deployments)
    .where(deployments.c.id == bindparam("wanted"), deployments.c.status == "IN_PROGRESS")
    .values(status=bindparam("reached"), document=bindparam("contents"))
)


_OTHERS = {
    table.name: select(func.count())
    .select_from(table)
    .where(table.c.project_id == bindparam("project"), table.c.id != bindparam("wanted"))
    for table in (configs, deployments)
}


@dataclass(frozen=True, slots=True)
class _Put(Change[None]):
    """Insert or replace one; raises NoRoom."""

    put: Insert
    table: Table
    row: Row
    most: int

    def apply(self, connection: Connection) -> None:
        if self.most >= 0:
            others = {"project": self.row["project_id"], "wanted": self.row["id"]}
            if connection.execute(_OTHERS[self.table.name], others).scalar_one() >= self.most:
                raise NoRoom
        connection.execute(self.put, self.row)
        if self.table is deployments:
            note_change(connection, self.row["server_id"])


@dataclass(frozen=True, slots=True)
class _Conclude(Change[bool]):
    row: Row

    def apply(self, connection: Connection) -> bool:
        row = self.row
        reached = {"wanted": row["id"], "reached": row["status"], "contents": row["document"]}
        return connection.execute(_CONCLUDE, reached).rowcount == 1


@dataclass(frozen=True, slots=True)
class _RemoveConfig(Change[bool]):
    config_id: str

    def apply(self, connection: Connection) -> bool:
        wanted = {"wanted": self.config_id}
        connection.execute(_REMOVE_CONFIG, wanted)
        return connection.execute(_CONFIG, wanted).first() is None


@dataclass(frozen=True, slots=True)
class _RemoveDeployment(Change[bool]):
    deployment_id: str

    def apply(self, connection: Connection) -> bool:
        wanted = {"wanted": self.deployment_id}
        note_removal(connection, self.deployment_id)
        return connection.execute(_REMOVE_DEPLOYMENT, wanted).rowcount == 1


class _Read(Generic[R]):
    """Records that were read before: servers ask for theirs again and again, and what makes them
    costs most. One is made anew where its row is not the same any more."""

    def __init__(self, shape: Shape[R]) -> None:
        self._shape = shape
        self._known: dict[str, tuple[tuple[Any, ...], R]] = {}

    def record(self, row: Fetched[Any], encoding: Encoding) -> R:
        name, values = row.id, tuple(row)
        known = self._known.get(name)
        if known is None or known[0] != values:
            if len(self._known) >= _MOST_READ:
                self._known.clear()
            known = self._known[name] = values, self._shape.to_record(row, encoding)
        return known[1]


class SqlSoftware:
    """Implements ``ports.software.SoftwareStore``."""

    def __init__(
        self, reader: Reader, writer: Writer, statements: Statements, encoding: Encoding
    ) -> None:
        self._reader, self._writer = reader, writer
        self._statements, self._encoding = statements, encoding
        self._configs, self._deployments = _Read(CONFIGS), _Read(DEPLOYMENTS)

    async def put_config(self, config: SoftwareConfig, *, most: int = -1) -> None:
        row = CONFIGS.to_row(config, self._encoding)
        await self._writer.write(_Put(self._statements.put_config, configs, row, most))

    async def config(self, config_id: str) -> SoftwareConfig | None:
        wanted = {"wanted": config_id}
        row = await self._reader.read(lambda c: c.execute(_CONFIG, wanted).one_or_none())
        return CONFIGS.to_record(row, self._encoding) if row else None

    async def configs(self, query: ConfigQuery) -> list[SoftwareConfig]:
        rows = await self._reader.read(lambda c: _read_configs(c, query))
        return [CONFIGS.to_record(row, self._encoding) for row in rows]

    async def remove_config(self, config_id: str) -> bool:
        return await self._writer.write(_RemoveConfig(config_id))

    async def put_deployment(self, deployment: Deployment, *, most: int = -1) -> None:
        row = DEPLOYMENTS.to_row(deployment, self._encoding)
        await self._writer.write(_Put(self._statements.put_deployment, deployments, row, most))

    async def conclude_deployment(self, deployment: Deployment) -> bool:
        return await self._writer.write(_Conclude(DEPLOYMENTS.to_row(deployment, self._encoding)))

    async def deployment(self, deployment_id: str) -> Deployment | None:
        wanted = {"wanted": deployment_id}
        row = await self._reader.read(lambda c: c.execute(_DEPLOYMENT, wanted).one_or_none())
        return DEPLOYMENTS.to_record(row, self._encoding) if row else None

    async def deployments(
        self, project_id: str | None, server_id: str | None = None
    ) -> list[Deployment]:
        found = _DEPLOYMENTS if server_id is None else _ON_SERVER
        if project_id is not None:
            found = found.where(_OF_PROJECT)
        wanted = {"project": project_id, "server": server_id}
        rows = await self._reader.read(lambda c: c.execute(found, wanted).all())
        return [DEPLOYMENTS.to_record(row, self._encoding) for row in rows]

    async def configs_of_server(
        self, server_id: str
    ) -> Sequence[tuple[Deployment, SoftwareConfig]]:
        wanted = {"server": server_id}
        # In one look: one that is told something else in between would seem to have nothing.
        found, used = await self._reader.read(
            lambda c: (c.execute(_ON_SERVER, wanted).all(), c.execute(_USED, wanted).all())
        )
        kept = {row.id: self._configs.record(row, self._encoding) for row in used}
        deployed = [self._deployments.record(row, self._encoding) for row in found]
        return [(each, kept[each.config_id]) for each in deployed if each.config_id in kept]

    async def remove_deployment(self, deployment_id: str) -> bool:
        return await self._writer.write(_RemoveDeployment(deployment_id))

    async def tell_server(self, server: ToldServer) -> None:
        await self._writer.write(TellServer(server))

    async def forget_server(self, server_id: str, now: datetime) -> bool:
        return await self._writer.write(ForgetServer(server_id, now))

    async def claim_servers(
        self, now: datetime, until: datetime, most: int
    ) -> Sequence[ToldServer]:
        if not await self._reader.read(lambda c: any_due(c, now)):
            return ()
        return await self._writer.write(ClaimServers(now, until, most))

    async def server_told(self, server: ToldServer) -> None:
        await self._writer.write(ServerTold(server))


def _read_configs(connection: Connection, query: ConfigQuery) -> Sequence[Fetched[Any]]:
    found = select(configs).order_by(configs.c.seq.desc())
    wanted: dict[str, object] = {}
    if query.project_id is not None:
        found = found.where(configs.c.project_id == bindparam("project"))
        wanted["project"] = query.project_id
    if query.after is not None:
        last = select(configs.c.seq).where(configs.c.id == bindparam("after")).scalar_subquery()
        found = found.where(func.coalesce(configs.c.seq < last, True))
        wanted["after"] = query.after
    if query.limit is not None:
        found = found.limit(bindparam("most", type_=Integer))
        wanted["most"] = query.limit
    return connection.execute(found, wanted).all()
