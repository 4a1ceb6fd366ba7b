"""The end of the delegation by which the service acted for a stack's owner."""

from __future__ import annotations

import logging

from isotherm.core.errors import RemoteError
from isotherm.engine.interruptions import Overtaken, TimedOut
from isotherm.engine.tools import Tools
from isotherm.engine.waiting.halt import Halt
from isotherm.engine.waiting.patience import Patience
from isotherm.ports.cloud import Cloud
from isotherm.ports.records import Stack
from isotherm.ports.store import StackQuery, Store

log = logging.getLogger(__name__)


async def is_last_of_delegation(store: Store, stack: Stack) -> bool:
    """Whether no other stack acts by the same delegation: those nested in each other share
    one, and a nested stack may be kept when the one above it goes."""
    root_id = stack.root_id or stack.id
    if root_id != stack.id:
        root = await store.stack(root_id)
        if root is not None and root.deleted_at is None:
            return False
    family = StackQuery(
        project_id=stack.project_id, filters={"root_id": [root_id]}, show_nested=True
    )
    return all(each.id == stack.id for each in await store.stacks(family))


async def end_delegation(tools: Tools, cloud: Cloud, stack: Stack) -> None:
    """To be called before the stack is recorded as deleted, so that none is left."""
    patience = Patience(Halt(tools.clock), tools.settings, tools.clock)
    try:
        await patience(lambda: cloud.revoke(stack.credentials))
    except (RemoteError, Overtaken, TimedOut) as error:
        log.warning("stack %s: its delegation could not be revoked: %s", stack.id, error)
