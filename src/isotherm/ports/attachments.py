"""The port to what is kept beside stacks: proposals for them, and promises about them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from isotherm.core.values import Value


class Attachment(Struct, frozen=True, kw_only=True):
    """Something that is kept for a stack, which may be still to come. ``content`` is JSON-like,
    Secrets inside; ``kind`` says who understands it."""

    id: str
    project_id: str
    stack_id: str
    kind: str
    name: str
    at: datetime
    content: dict[str, Value]


class AttachmentStore(Protocol):
    """Durable where a method returns. Raises StoreUnavailable."""

    async def put(self, attachment: Attachment) -> None:
        """In the place of one with the same id."""
        ...

    async def add(self, attachment: Attachment) -> bool:
        """Unless there is one with the same id, whoever may be adding it at this moment; whether
        it was added. By their names they are told apart."""
        ...

    async def get(self, attachment_id: str) -> Attachment | None:
        """None where there is none of this id."""
        ...

    async def of_project(self, project_id: str, kind: str) -> list[Attachment]:
        """Those of a kind, oldest first."""
        ...

    async def remove(self, attachment_id: str, *, name: str | None = None) -> bool:
        """If it has that name, where one is given; whether it was there."""
        ...
