"""What is kept beside a stack, as the use cases of its kinds share it."""

from __future__ import annotations

from collections.abc import Mapping

from isotherm.core.values import Value
from isotherm.ports.attachments import Attachment
from isotherm.ports.records import Stack
from isotherm.usecases.services import Services


async def attached(services: Services, stack: Stack, kind: str) -> Mapping[str, Value] | None:
    """The content of the only one of its kind; None where there is none."""
    for each in await services.store.attachments.of_project(stack.project_id, kind):
        if each.stack_id == stack.id:
            return each.content
    return None


async def attach(services: Services, stack: Stack, kind: str, content: dict[str, Value]) -> None:
    """Keep the only one of its kind."""
    await services.store.attachments.put(
        Attachment(
            id=f"{kind}-{stack.id}",
            project_id=stack.project_id,
            stack_id=stack.id,
            kind=kind,
            name=stack.name,
            at=services.clock.now(),
            content=content,
        )
    )
