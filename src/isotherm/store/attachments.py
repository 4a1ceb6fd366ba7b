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
_REMOVE = delete(attachments).where(attachments.c.id == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class _Put(Change[None]):
    put: Insert
    row: Row

    def apply(self, connection: Connection) -> None:
        connection.execute(self.put, self.row)


@dataclass(frozen=True, slots=True)
class _Remove(Change[bool]):
    attachment_id: str

    def apply(self, connection: Connection) -> bool:
        return connection.execute(_REMOVE, {"wanted": self.attachment_id}).rowcount == 1


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

    async def of_project(self, project_id: str, kind: str) -> list[Attachment]:
        wanted = {"project": project_id, "kind": kind}
        rows = await self._reader.read(lambda c: c.execute(_OF_PROJECT, wanted).all())
        return [ATTACHMENTS.to_record(row, self._encoding) for row in rows]

    async def remove(self, attachment_id: str) -> bool:
        return await self._writer.write(_Remove(attachment_id))
