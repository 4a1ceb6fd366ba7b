"""Each request leaves one line, which says who asked, what, and what became of it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from tests.asgi import send
from tests.desk import Desk

from isotherm.api.native import build_application
from isotherm.server.logs import JsonFormatter


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    log = logging.getLogger("isotherm.requests")
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(JsonFormatter())
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield text
    log.removeHandler(handler)
    log.setLevel(logging.NOTSET)


@pytest.mark.parametrize(("token", "status"), [("demo-token", 200), ("forged", 401)])
async def test_a_request_is_told_in_one_line(
    token: str, status: int, desk: Desk, written: io.StringIO
) -> None:
    path = "/v1/demo-project/stacks"
    headers = {"x-auth-token": token}
    answer = await send(
        build_application(desk.services), "GET", f"{path}?name=of-the-query", None, headers
    )
    (line,) = written.getvalue().splitlines()
    told = json.loads(line)
    assert (told["method"], told["path"], told["status"]) == ("GET", path, status)
    assert told["ms"] >= 0
    assert told["request_id"] == answer.headers["x-openstack-request-id"]
    if status == 200:
        assert (told["user_id"], told["project_id"]) == (desk.caller.user_id, "demo-project")
    assert "of-the-query" not in line
    assert token not in line


async def test_a_path_cannot_pass_for_a_line(desk: Desk, written: io.StringIO) -> None:
    await send(build_application(desk.services), "GET", "/v1/demo-project/stacks/a%0Ab")
    assert len(written.getvalue().splitlines()) == 1
