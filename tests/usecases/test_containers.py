"""Files of a request may lie in a container of the object store."""

from __future__ import annotations

from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.errors import Gone, NotFound, RequestLimitExceeded
from isotherm.usecases.sources import SourceRequest, make_source

TEMPLATE = "heat_template_version: 2021-04-16\nparameters: {a: {type: string}}\n"
REQUEST = SourceRequest(
    template=TEMPLATE, files_container="my files", files={"b": "own"}, environment_files=("e/x",)
)


def a_desk(**settings: Any) -> Desk:
    desk = Desk(**settings)
    desk.cloud.offered = frozenset({"object-store"})
    desk.cloud.names.replies |= {
        "GET /my%20files?format=json": [
            {"name": "e/x", "bytes": 30},
            {"name": "b", "bytes": 5},
            {"subdir": "z/"},
        ],
        "GET /my%20files?format=json&marker=z%2F": [],
        "GET /my%20files/e/x": b"parameters: {a: v}",
        "GET /my%20files/b": "theirs",
    }
    return desk


async def test_files_come_from_the_container_unless_the_request_brings_them() -> None:
    desk = a_desk()
    source = await make_source(desk.services, desk.caller, REQUEST)
    assert source.files == {"e/x": "parameters: {a: v}", "b": "own"}
    assert source.environment["parameters"] == {"a": "v"}


async def test_a_container_that_is_too_big_is_not_read() -> None:
    desk = a_desk(max_json_body_size=34)
    with pytest.raises(RequestLimitExceeded, match="35 bytes"):
        await make_source(desk.services, desk.caller, REQUEST)
    assert len(desk.cloud.names.calls) == 2


async def test_a_container_that_cannot_be_read_is_refused() -> None:
    desk = a_desk()
    desk.cloud.names.fail("call", "GET /my%20files?format=json", Gone("no such container"))
    with pytest.raises(NotFound, match="container my files, reason: no such container"):
        await make_source(desk.services, desk.caller, REQUEST)
    desk.cloud.offered = frozenset()
    with pytest.raises(NotFound, match="the cloud has no object store"):
        await make_source(desk.services, desk.caller, REQUEST)
