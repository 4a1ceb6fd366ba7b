"""The API over a database of its own, with a stack in it, and what must never come of it."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from starlette.types import ASGIApp, Receive, Scope, Send
from tests.asgi import send
from tests.desk import TEMPLATE, Desk

from fuzz.aws_requests import AwsRequests
from fuzz.requests import Asked, Requests
from isotherm.api.cfn import build_cloudformation
from isotherm.api.cloudwatch import build_cloudwatch
from isotherm.api.native import build_application
from isotherm.ports.store import EventQuery, StackQuery
from isotherm.sandbox import queries_apart
from isotherm.store import Database, Key, Sealer, SqlStore, upgrade_schema
from isotherm.usecases.services import Services
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.protection import protect

_FRESH_AFTER = 150
"""Requests after which everything is as at first: some of them delete it."""


class Broken(Exception):
    """A request was answered with an error of ours; the text shows it."""


class _Tracebacks(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.records.append(logging.Formatter().format(record))


class Source(Protocol):
    def next(self, places: Mapping[str, str]) -> Asked: ...


@dataclass(frozen=True, slots=True)
class Doors:
    """Where requests go, and what makes them of a seed."""

    build: Callable[[Services], ASGIApp]
    requests: Callable[[int], Source]


def _build_aws(services: Services) -> ASGIApp:
    doors = {"/cfn": build_cloudformation(services), "/cloudwatch": build_cloudwatch(services)}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        prefix = "/cloudwatch" if scope["path"].startswith("/cloudwatch") else "/cfn"
        await doors[prefix](scope, receive, send)

    return app


NATIVE = Doors(build_application, Requests)
AWS = Doors(_build_aws, AwsRequests)


async def try_requests(
    seed: int, *, seconds: float, most: int = 10**9, database: str = "", doors: Doors = NATIVE
) -> int:
    """How many requests were sent; raises Broken. ``database``: an empty one's URL, if not
    SQLite."""
    requests, begun, count = doors.requests(seed), time.monotonic(), 0
    tracebacks = _Tracebacks()
    logging.getLogger().addHandler(tracebacks)
    try:
        with queries_apart():
            while count < most and time.monotonic() - begun < seconds:
                async with _desk(database) as (desk, places):
                    application = doors.build(desk.services)
                    for _ in range(min(_FRESH_AFTER, most - count)):
                        asked = requests.next(places)
                        await _try(application, asked, tracebacks)
                        count += 1
    finally:
        logging.getLogger().removeHandler(tracebacks)
    return count


async def _try(application: ASGIApp, asked: Asked, tracebacks: _Tracebacks) -> None:
    try:
        answer = await send(
            application,
            asked.method,
            asked.path,
            asked.body,
            dict(asked.headers),
        )
    except Exception as error:
        raise Broken(f"{asked}: {error!r}") from error
    # 501 is what AWS has and we have not.
    if (answer.status >= 500 and answer.status != 501) or tracebacks.records:
        told = "\n".join(tracebacks.records)
        raise Broken(f"{asked}: {answer.status} {answer.content[:500]!r}\n{told}")


@contextlib.asynccontextmanager
async def _desk(url: str) -> AsyncIterator[tuple[Desk, dict[str, str]]]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(url or f"sqlite:///{folder}/records.db")
        upgrade_schema(database)
        store = SqlStore(database, Sealer(Key.from_passphrase("of one that all databases share")))
        desk = Desk()
        desk.store = store  # type: ignore[assignment]
        desk.services = dataclasses.replace(desk.services, store=store)
        try:
            yield desk, await _furnished(desk)
        finally:
            await _delete_all(desk)
            await store.close()


async def _furnished(desk: Desk) -> dict[str, str]:
    """Makes a stack; the arguments of paths that lead to it and what is in it."""
    request = CreateRequest(name="web", source=SourceRequest(template=TEMPLATE), tags="t")
    stack = await create_stack(desk.services, desk.caller, request)
    rows = desk.rows(stack.id)
    await desk.settle(stack.id, *rows)
    await desk.tell(stack.id, desk.event(rows[0]))
    events = await desk.store.events(EventQuery(stack_ids=[stack.id], resource_name="a"))
    return {
        "project_id": desk.caller.project_id,
        "stack_name": "web",
        "stack_id": stack.id,
        "resource_name": "a",
        "event_id": events[0].id,
        "output_key": "o",
        "type_name": "OS::Heat::Value",
        "template_version": "heat_template_version.2021-04-16",
    }


async def _delete_all(desk: Desk) -> None:
    for stack in await desk.store.stacks(StackQuery(project_id=desk.caller.project_id)):
        await protect(desk.services, stack, enabled=False)
        await desk.delete(stack.id)


def fuzz_requests(seed: int, seconds: float, database: str = "") -> int:
    return asyncio.run(try_requests(seed, seconds=seconds, database=database))


def fuzz_aws_requests(seed: int, seconds: float) -> int:
    return asyncio.run(try_requests(seed, seconds=seconds, doors=AWS))
