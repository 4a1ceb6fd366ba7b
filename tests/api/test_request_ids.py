"""The log says which request a line belongs to."""

from __future__ import annotations

import io
import logging
import uuid

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from tests.asgi import send

from isotherm.api.web.request_ids import RequestIds
from isotherm.server.logs import TextFormatter

log = logging.getLogger(__name__)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    log.warning("at work")
    await Response()(scope, receive, send)


async def test_a_line_has_our_id_and_the_callers() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(TextFormatter())
    log.addHandler(handler)
    theirs = f"req-{uuid.uuid4()}"
    try:
        log.warning("starting")
        answer = await send(
            RequestIds(application), "GET", "/", headers={"x-openstack-request-id": theirs}
        )
    finally:
        log.removeHandler(handler)
    ours = answer.headers["x-openstack-request-id"]
    assert ours != theirs
    starting, at_work = written.getvalue().splitlines()
    assert starting.endswith(": starting")
    assert at_work.endswith(f": [{ours} {theirs}] at work")
