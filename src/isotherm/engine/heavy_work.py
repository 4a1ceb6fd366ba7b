"""Work that may take long: done in threads, so that all others get their turn."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar
from weakref import WeakValueDictionary

from isotherm.ports.records import Source

P = ParamSpec("P")
R = TypeVar("R")

_BIG = 64 * 1024
"""Bytes of template and files: less is worked through in some ten milliseconds."""
_QUERY = "yaql"
"""A word without which nothing in a source runs queries."""
_THREADS = ThreadPoolExecutor(4, thread_name_prefix="heavy-work")
"""Apart from those in which the process waits for tokens and databases."""
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
"""One for each project that has such work now."""


def is_heavy(source: Source) -> bool:
    """Whether checking a source may take long: it is big, or it may run queries."""
    texts = source.texts
    return sum(map(len, texts)) > _BIG or any(_QUERY in each for each in texts)


async def worked_out(
    heavy: bool, project_id: str, work: Callable[P, R], *arguments: P.args, **options: P.kwargs
) -> R:
    """What ``work`` gives. ``heavy`` work lets the event loop go on meanwhile; a project has one
    such piece done at a time, so that who asks for much waits behind himself."""
    if not heavy:
        return work(*arguments, **options)
    turn = _turns.setdefault(project_id, asyncio.Lock())
    context = contextvars.copy_context()
    async with turn:
        return await asyncio.get_running_loop().run_in_executor(
            _THREADS, partial(context.run, work, *arguments, **options)
        )
