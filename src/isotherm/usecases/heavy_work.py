"""Work that is long for big sources: done in a thread, so that other requests get their turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import msgspec

from isotherm.ports.records import Source

P = ParamSpec("P")
R = TypeVar("R")

_BIG = 64 * 1024
"""Bytes of template and files: less is worked through in some ten milliseconds."""


def is_big(source: Source) -> bool:
    template = source.template
    size = len(template) if isinstance(template, str) else len(msgspec.json.encode(template))
    return size + sum(map(len, source.files.values())) > _BIG


async def worked_out(big: bool, work: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
    """What ``work`` gives; ``big`` work lets the event loop go on meanwhile."""
    if big:
        return await asyncio.to_thread(work, *arguments, **options)
    return work(*arguments, **options)
