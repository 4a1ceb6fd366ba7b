"""Files of a request are read from a container, over HTTP and as the caller."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from urllib.parse import unquote

import pytest
from aiohttp import web
from tests.cloud.conftest import USER_TOKEN
from tests.cloud.fake_openstack import FakeOpenStack, answer
from tests.desk import Desk

from isotherm.cloud import OpenStackCloud
from isotherm.core.errors import NotFound
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Source
from isotherm.usecases.services import Services
from isotherm.usecases.sources import SourceRequest, make_source

TEMPLATE = "heat_template_version: 2021-04-16\nparameters: {a: {type: string}}\n"
PAGE = 2


class Container:
    """A container of an object store that lists ``PAGE`` objects at a time."""

    def __init__(self, fake: FakeOpenStack, name: str, objects: dict[str, bytes]) -> None:
        self.objects = dict(sorted(objects.items()))
        fake.on(f"GET /store/{name}", self.listing)
        for each, content in objects.items():
            fake.on(f"GET /store/{name}/{each}", answer(200, content))

    async def listing(self, request: web.Request) -> web.StreamResponse:
        assert request.query["format"] == "json"
        marker = request.query.get("marker", "")
        names = [each for each in self.objects if each > marker][:PAGE]
        found = [{"name": each, "bytes": len(self.objects[each])} for each in names]
        return web.Response(body=json.dumps(found).encode(), content_type="application/json")


@pytest.fixture
def services(cloud: OpenStackCloud) -> Services:
    return dataclasses.replace(Desk().services, cloud=cloud)


@pytest.fixture
async def caller(fake: FakeOpenStack, cloud: OpenStackCloud) -> Caller:
    return await cloud.authenticate(USER_TOKEN)


async def source(services: Services, caller: Caller, container: str, **more: Any) -> Source:
    request = SourceRequest(template=TEMPLATE, files_container=container, **more)
    return await make_source(services, caller, request)


async def test_all_pages_are_read_with_the_token_of_the_caller(
    services: Services, caller: Caller, fake: FakeOpenStack
) -> None:
    objects = {f"d/{n} ä%?.yaml": b"parameters: {a: b}" for n in range(5)}
    Container(fake, "my files", objects)
    made = await source(services, caller, "my files", environment_files=("d/3 ä%?.yaml",))
    assert made.files == dict.fromkeys(objects, "parameters: {a: b}")
    assert made.environment["parameters"] == {"a": "b"}
    asked = [each for each in fake.requests if each[1].startswith("/store/")]
    assert {headers["x-auth-token"] for _, _, headers, _ in asked} == {USER_TOKEN}
    assert len({unquote(path) for _, path, _, _ in asked}) == len(asked)


async def test_files_of_the_request_win(
    services: Services, caller: Caller, fake: FakeOpenStack
) -> None:
    Container(fake, "c", {"a": b"theirs", "b": b"theirs"})
    made = await source(services, caller, "c", files={"b": "own"})
    assert made.files == {"a": "theirs", "b": "own"}


async def test_what_is_no_text_is_no_file(
    services: Services, caller: Caller, fake: FakeOpenStack
) -> None:
    Container(fake, "c", {"picture": b"\x89PNG\xff", "text": "grün".encode()})
    assert (await source(services, caller, "c")).files == {"text": "grün"}


async def test_a_container_that_is_not_there_is_not_found(
    services: Services, caller: Caller, fake: FakeOpenStack
) -> None:
    with pytest.raises(NotFound, match=r"Could not fetch files from container c, reason: No /st"):
        await source(services, caller, "c")
    Container(fake, "c", {"a": b""})
    fake.on("GET /store/c/a", answer(403, "no"))
    with pytest.raises(NotFound, match="from container c, reason: "):
        await source(services, caller, "c")


async def test_a_cloud_without_an_object_store_has_no_containers(
    services: Services, cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    del fake.catalogue["object-store"]
    caller = await cloud.authenticate(USER_TOKEN)
    with pytest.raises(NotFound, match="the cloud has no object store"):
        await source(services, caller, "c")
