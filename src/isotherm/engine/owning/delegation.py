"""The end of what a stack had in identity: the delegation by its owner, its own users' project."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

from isotherm.core.errors import RemoteError
from isotherm.core.values import Value, reveal
from isotherm.engine.interruptions import Overtaken, TimedOut
from isotherm.engine.tools import Tools
from isotherm.engine.waiting.halt import Halt
from isotherm.engine.waiting.patience import Patience
from isotherm.ports.cloud import Cloud
from isotherm.ports.records import Stack
from isotherm.ports.store import StackQuery, Store

log = logging.getLogger(__name__)

# Whoever takes a delegation has recorded its stack by then, or never will.
_REQUESTS_OVER = timedelta(hours=1)
_AT_ONCE = 500


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


async def end_left_delegations(tools: Tools, cloud: Cloud) -> None:
    """End what no stack acts by: its request died or its stack's name was taken, or identity
    could not be asked when it was to be ended. Raises RemoteError."""
    taken = await cloud.delegations(tools.clock.now() - _REQUESTS_OVER)
    if not taken:
        return
    in_use = [reveal(each) async for each in _credentials_in_use(tools.store)]
    left = [each for each in taken if reveal(each) not in in_use]
    for each in left:
        await cloud.revoke(each)
    if left:
        log.info("ended %s delegations that no stack acts by", len(left))


async def _credentials_in_use(store: Store) -> AsyncIterator[Value]:
    marker = None
    while True:
        query = StackQuery(show_nested=True, limit=_AT_ONCE, marker=marker)
        stacks = await store.stacks(query)
        for stack in stacks:
            yield stack.credentials
        if len(stacks) < _AT_ONCE:
            return
        marker = stacks[-1].id


async def end_delegation(tools: Tools, cloud: Cloud, stack: Stack) -> None:
    """To be called before the stack is recorded as deleted, so that none is left."""
    patience = Patience(Halt(tools.clock), tools.settings, tools.clock)
    try:
        await patience(lambda: cloud.revoke(stack.credentials))
    except (RemoteError, Overtaken, TimedOut) as error:
        log.warning("stack %s: its delegation could not be revoked: %s", stack.id, error)


async def end_stack_users(tools: Tools, cloud: Cloud, stack: Stack) -> None:
    """Remove the project of the users of a stack and those nested in it, of which it is the
    last. To be called before the stack is recorded as deleted."""
    root_id = stack.root_id or stack.id
    if not await _had_users(tools.store, stack, root_id):
        return
    patience = Patience(Halt(tools.clock), tools.settings, tools.clock)
    try:
        await patience(lambda: cloud.stack_domain().remove_project(root_id))
    except (RemoteError, Overtaken, TimedOut) as error:
        log.warning("stack %s: the project of its users is left: %s", stack.id, error)


async def _had_users(store: Store, stack: Stack, root_id: str) -> bool:
    if stack.stack_user_project_id is not None:
        return True
    family = StackQuery(
        project_id=stack.project_id,
        filters={"root_id": [root_id]},
        show_nested=True,
        show_deleted=True,
    )
    return any(each.stack_user_project_id for each in await store.stacks(family))
