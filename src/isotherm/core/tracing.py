"""What work is done for: ids of request, caller, stack and traversal, which go with every line
that is logged on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_told: ContextVar[Mapping[str, str]] = ContextVar("told", default={})  # noqa: B039 (never changed)


def traced() -> Mapping[str, str]:
    """The ids that hold here, by kind, in the order in which they became known."""
    return _told.get()


def trace(**ids: str) -> None:
    """Hold from here on, in this task and in those that it starts."""
    _told.set({**_told.get(), **{kind: each for kind, each in ids.items() if each}})


@contextmanager
def tracing(**ids: str) -> Iterator[None]:
    """Hold within the block, and nothing else of before."""
    token = _told.set({kind: each for kind, each in ids.items() if each})
    try:
        yield
    finally:
        _told.reset(token)
