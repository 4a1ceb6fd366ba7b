"""What is kept beside stacks."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Insert, bindparam, delete, select

from isotherm.ports.attachments import Attachment
from isotherm.store.encoding import Encoding
from isotherm.store.reader import Reader
from isotherm.store.rows import ATTACHMENTS, Row
from isotherm.store.statements import Statements
from isotherm.store.tables import attachments
from isotherm.store.writer import Change, Writer

_OF_PROJECT = (
    select(attachments)
    .where(
        attachments.c.project_id == bindparam("project"), attachments.c.kind == bindparam("kind")
    )
    .order_by(attachments.c.seq)
)
_GET = select(attachments).where(attachments.c.id == bindparam("wanted"))
_REMOVE = delete(attachments).where(attachments.c.id == bindparam("wanted"))
_REMOVE_AS_IT_IS = _REMOVE.where(attachments.c.document == bindparam("document"))


@dataclass(frozen=True, slots=True)
class _Put(Change[None]):
    put: Insert
    row: Row

    def apply(self, connection: Connection) -> None:
        connection.execute(self.put, self.row)


@dataclass(frozen=True, slots=True)
class _Add(Change[bool]):
    add: Insert
    row: Row

    def apply(self, connection: Connection) -> bool:
        connection.execute(self.add, self.row)
        # Databases do not agree on how many rows such a statement touches.
        there = connection.execute(_GET, {"wanted": self.row["id"]}).first()
        return there is not None and bool(there.document == self.row["document"])


@dataclass(frozen=True, slots=True)
class _Remove(Change[bool]):
    attachment_id: str
    name: str | None
    encoding: Encoding

    def apply(self, connection: Connection) -> bool:
        wanted = {"wanted": self.attachment_id}
        if self.name is None:
            return connection.execute(_REMOVE, wanted).rowcount == 1
        there = connection.execute(_GET, wanted).first()
        if there is None or ATTACHMENTS.to_record(there, self.encoding).name != self.name:
            return False
        wanted["document"] = there.document
        return connection.execute(_REMOVE_AS_IT_IS, wanted).rowcount == 1


class SqlAttachments:
    """Implements ``ports.attachments.AttachmentStore``."""

    def __init__(
        self, reader: Reader, writer: Writer, statements: Statements, encoding: Encoding
    ) -> None:
        self._reader, self._writer = reader, writer
        self._statements, self._encoding = statements, encoding

    async def put(self, attachment: Attachment) -> None:
        row = ATTACHMENTS.to_row(attachment, self._encoding)
        await self._writer.write(_Put(self._statements.put_attachment, row))

    async def add(self, attachment: Attachment) -> bool:
        row = ATTACHMENTS.to_row(attachment, self._encoding)
        return await self._writer.write(_Add(self._statements.add_attachment, row))

    async def get(self, attachment_id: str) -> Attachment | None:
        wanted = {"wanted": attachment_id}
        row = await self._reader.read(lambda c: c.execute(_GET, wanted).first())
        return None if row is None else ATTACHMENTS.to_record(row, self._encoding)

    async def of_project(self, project_id: str, kind: str) -> list[Attachment]:
        wanted = {"project": project_id, "kind": kind}
        rows = await self._reader.read(lambda c: c.execute(_OF_PROJECT, wanted).all())
        return [ATTACHMENTS.to_record(row, self._encoding) for row in rows]

    async def remove(self, attachment_id: str, *, name: str | None = None) -> bool:
        return await self._writer.write(_Remove(attachment_id, name, self._encoding))
