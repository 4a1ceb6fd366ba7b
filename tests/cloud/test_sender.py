"""Messages are sent to web servers that do not always behave."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from tests.cloud.fake_openstack import FakeOpenStack, answer, hang, reset

from isotherm.cloud import AllowedSources, WebSender
from isotherm.core.errors import Lost, RemoteError

BODY = {"alarm": "busy", "list": [1, None]}


@pytest.fixture
async def sender() -> AsyncIterator[WebSender]:
    sender = WebSender(AllowedSources.parse(["127.0.0.1"]))
    yield sender
    await sender.close()


async def test_a_message_is_json_and_has_its_key(sender: WebSender, fake: FakeOpenStack) -> None:
    fake.on("POST /hook", answer(204))
    await sender.post(f"{fake.url}/hook?token=t", BODY, key="k-1")
    ((headers, body),) = fake.seen("POST /hook")
    assert json.loads(body) == BODY
    assert headers["content-type"] == "application/json"
    assert headers["idempotency-key"] == "k-1"


@pytest.mark.parametrize(
    ("status", "passes"), [(302, False), (400, False), (404, False), (429, True), (500, True)]
)
async def test_what_is_not_taken(
    sender: WebSender, fake: FakeOpenStack, status: int, *, passes: bool
) -> None:
    fake.on("POST /hook", answer(status, "inside", Location=f"{fake.url}/other"))
    with pytest.raises(RemoteError) as caught:
        await sender.post(f"{fake.url}/hook?token=hard-to-guess", BODY, key="k")
    assert caught.value.passes is passes
    assert not {"inside", "hard-to-guess"} & set(str(caught.value).replace("?", " ").split())


async def test_no_answer_may_be_another_time(
    sender: WebSender, fake: FakeOpenStack, closed_port: int
) -> None:
    fake.on("POST /reset", reset)
    for url in (f"{fake.url}/reset", f"http://127.0.0.1:{closed_port}/"):
        with pytest.raises(Lost):
            await sender.post(url, BODY, key="k")


async def test_waiting_has_an_end(fake: FakeOpenStack) -> None:
    fake.on("POST /hook", hang)
    sender = WebSender(AllowedSources.parse(["127.0.0.1"]), seconds=0.01)
    with pytest.raises(Lost, match=r"within 0.01 s"):
        await sender.post(f"{fake.url}/hook", BODY, key="k")
    await sender.close()


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http:///nowhere", "http://[", "x"])
async def test_what_is_no_address_is_refused(sender: WebSender, url: str) -> None:
    with pytest.raises(RemoteError, match="no address of the web") as caught:
        await sender.post(url, BODY, key="k")
    assert not caught.value.passes


async def test_what_only_the_service_may_reach_is_refused(fake: FakeOpenStack) -> None:
    sender = WebSender()
    with pytest.raises(RemoteError, match="not public") as caught:
        await sender.post(f"{fake.url}/hook", BODY, key="k")
    assert not caught.value.passes
    assert fake.seen("POST /hook") == []
    await sender.close()
