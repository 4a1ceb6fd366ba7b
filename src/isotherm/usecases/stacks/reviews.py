"""Stacks that are to come: somebody looks at the change set that is to make them.

Such a stack has a name and an id, and nothing else. Only clients that know of change sets are told
of it; whoever makes a stack of the same name is not kept from that.
"""

from __future__ import annotations

from isotherm.core.arns import stack_arn
from isotherm.ports.attachments import Attachment
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.change_set_records import KIND as CHANGE_SET

_KIND = "review"


async def reviews(services: Services, project_id: str) -> list[Attachment]:
    """The stacks of a project that are to come, oldest first; each ``name`` is a stack's."""
    return await services.store.attachments.of_project(project_id, _KIND)


async def find_review(services: Services, project_id: str, name_or_id: str) -> Attachment | None:
    for each in await reviews(services, project_id):
        if name_or_id in (each.name, each.stack_id, review_arn(each)):
            return each
    return None


async def begin_review(services: Services, project_id: str, stack: tuple[str, str]) -> None:
    """Of a ``stack`` that will have this name and id; it may have begun already."""
    name, stack_id = stack
    if await find_review(services, project_id, stack_id) is not None:
        return
    await services.store.attachments.put(
        Attachment(
            id=f"{_KIND}-{stack_id}",
            project_id=project_id,
            stack_id=stack_id,
            kind=_KIND,
            name=name,
            at=services.clock.now(),
            content={},
        )
    )


async def end_review(services: Services, project_id: str, stack_id: str) -> None:
    """The stack is there, or will never be."""
    if (found := await find_review(services, project_id, stack_id)) is not None:
        await services.store.attachments.remove(found.id)


async def give_up(services: Services, review: Attachment) -> None:
    """The stack is not to come: its change sets go, too."""
    for each in await services.store.attachments.of_project(review.project_id, CHANGE_SET):
        if each.stack_id == review.stack_id:
            await services.store.attachments.remove(each.id)
    await services.store.attachments.remove(review.id)


def review_arn(review: Attachment) -> str:
    return stack_arn(review.project_id, review.name, review.stack_id)
