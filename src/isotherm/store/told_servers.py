"""Servers to which their metadata are sent: what is still to be sent, and who is about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from isotherm.ports.software import ToldServer
from isotherm.store.tables import software_deployments, told_servers
from isotherm.store.types import Instant
from isotherm.store.writer import Change

_columns = told_servers.c
_SERVER = _columns.server_id == bindparam("server")
_NOW = bindparam("now", type_=Instant)
_FREE = or_(_columns.busy_until.is_(None), _columns.busy_until <= _NOW)
NOTE_CHANGE = update(told_servers).where(_SERVER).values(version=_columns.version + 1)
_DEPLOYED_TO = (
    select(software_deployments.c.server_id)
    .where(software_deployments.c.id == bindparam("wanted"))
    .scalar_subquery()
)
_UNDEPLOYED = (
    update(told_servers)
    .where(_columns.server_id == _DEPLOYED_TO)
    .values(version=_columns.version + 1)
)
_DUE = (
    select(told_servers)
    .where(_columns.version > _columns.told, _FREE)
    .order_by(_columns.server_id)
    .limit(bindparam("most"))
)
_CLAIM = (
    update(told_servers)
    .where(_SERVER, _columns.version > _columns.told, _FREE)
    .values(busy_until=bindparam("until", type_=Instant))
)
_TOLD = update(told_servers).where(_SERVER).values(told=bindparam("sent"), busy_until=None)
_FORGET = delete(told_servers).where(_SERVER, _FREE)
_THERE = select(_columns.server_id).where(_SERVER)


def note_change(connection: Connection, server_id: str) -> None:
    """Within the change itself: there is something new for the server."""
    connection.execute(NOTE_CHANGE, {"server": server_id})


def note_removal(connection: Connection, deployment_id: str) -> None:
    """The same, before a deployment to it is removed."""
    connection.execute(_UNDEPLOYED, {"wanted": deployment_id})


def any_due(connection: Connection, now: datetime) -> bool:
    """Asked for often: nothing is locked for it."""
    return connection.execute(_DUE, {"now": now, "most": 1}).first() is not None


@dataclass(frozen=True, slots=True)
class TellServer(Change[None]):
    server: ToldServer

    def apply(self, connection: Connection) -> None:
        told = {"server": self.server.server_id}
        if connection.execute(NOTE_CHANGE, told).rowcount:
            return
        row = {
            "server_id": self.server.server_id,
            "stack_id": self.server.stack_id,
            "resource": self.server.resource,
            "version": 1,
            "told": 0,
        }
        connection.execute(insert(told_servers), row)


@dataclass(frozen=True, slots=True)
class ForgetServer(Change[bool]):
    server_id: str
    now: datetime

    def apply(self, connection: Connection) -> bool:
        told = {"server": self.server_id, "now": self.now}
        connection.execute(_FORGET, told)
        return connection.execute(_THERE, {"server": self.server_id}).first() is None


@dataclass(frozen=True, slots=True)
class ClaimServers(Change[Sequence[ToldServer]]):
    now: datetime
    until: datetime
    most: int

    def apply(self, connection: Connection) -> Sequence[ToldServer]:
        found = connection.execute(_DUE, {"now": self.now, "most": self.most}).all()
        return [
            ToldServer(
                server_id=row.server_id,
                stack_id=row.stack_id,
                resource=row.resource,
                version=row.version,
            )
            for row in found
            if connection.execute(
                _CLAIM, {"server": row.server_id, "now": self.now, "until": self.until}
            ).rowcount
        ]


@dataclass(frozen=True, slots=True)
class ServerTold(Change[None]):
    server: ToldServer

    def apply(self, connection: Connection) -> None:
        sent = {"server": self.server.server_id, "sent": self.server.version}
        connection.execute(_TOLD, sent)
