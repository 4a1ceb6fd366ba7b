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

    async def of_project(self, project_id: str, kind: str) -> list[Attachment]:
        """Those of a kind, oldest first."""
        ...

    async def remove(self, attachment_id: str) -> bool:
        """Whether it was there."""
        ...
