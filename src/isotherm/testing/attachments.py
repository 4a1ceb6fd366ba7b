"""What is kept beside stacks, in memory."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from isotherm.ports.attachments import Attachment


class MemoryAttachments:
    """Implements ``ports.attachments.AttachmentStore``."""

    def __init__(self) -> None:
        self.kept: dict[str, Attachment] = {}

    async def put(self, attachment: Attachment) -> None:
        self.kept[attachment.id] = attachment

    async def add(self, attachment: Attachment) -> bool:
        return self.kept.setdefault(attachment.id, attachment) is attachment

    async def get(self, attachment_id: str) -> Attachment | None:
        return self.kept.get(attachment_id)

    async def of_project(self, project_id: str, kind: str) -> list[Attachment]:
        return [
            each
            for each in self.kept.values()
            if (each.project_id, each.kind) == (project_id, kind)
        ]

    def purge(self, before: datetime, stack_ids: Collection[str]) -> None:
        self.kept = {
            key: each
            for key, each in self.kept.items()
            if each.at >= before or each.stack_id in stack_ids
        }

    async def remove(self, attachment_id: str, *, name: str | None = None) -> bool:
        there = self.kept.get(attachment_id)
        if there is None or name not in (None, there.name):
            return False
        return self.kept.pop(attachment_id, None) is not None
