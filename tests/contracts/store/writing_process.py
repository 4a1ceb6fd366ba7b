"""A process that commits as fast as it can and says what is durable, until it is killed.

usage: python -m tests.contracts.store.writing_process CONNECTION PASSPHRASE
"""

from __future__ import annotations

import asyncio
import sys

from tests.contracts.store.records import add_stack, fence, make_event, make_resource

from isotherm.ports.records import Stack
from isotherm.ports.store import Fence, Writes
from isotherm.store import Database, Key, Sealer, SqlStore

_AT_ONCE = 20


async def main(connection: str, passphrase: str) -> None:
    store = SqlStore(Database(connection), Sealer(Key.from_passphrase(passphrase)))
    stack = await add_stack(store)
    holding = await fence(store, stack)
    print(stack.id, flush=True)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(_AT_ONCE):
            tasks.create_task(_commit_for_ever(store, stack, holding))


async def _commit_for_ever(store: SqlStore, stack: Stack, holding: Fence) -> None:
    while True:
        row = make_resource(stack.id)
        event = make_event(stack.id, id=row.id)
        await store.commit(holding, Writes(resources=[row], events=[event]))
        print(row.id, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
