"""OS::Zaqar::*: what the cloud then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.messaging import QUEUE, SUBSCRIPTION

pytestmark = pytest.mark.slow


async def listed(account: Account, name: str) -> bool:
    """The service shows any queue, as if it was there."""
    return name in [each["name"] for each in await account.cloud.list(QUEUE, name=name)]


async def test_queue_and_subscription(account: Account, name: str) -> None:
    def template(subscriber: str, metadata: dict[str, Any], **more: Any) -> Document:
        return document(
            {
                "queue": resource("OS::Zaqar::Queue", metadata=metadata),
                "told": resource(
                    "OS::Zaqar::Subscription",
                    queue_name=ref("queue"),
                    subscriber=subscriber,
                    **more,
                ),
            },
            href=attr("queue", "href"),
            told=attr("told", "show"),
        )

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(
        name, template("http://example.org/one", {"a": 1, "b/c": "x"}, options={"k": "v"})
    )
    queue, told = stack.ids["queue"], stack.ids["told"]
    assert stack.outputs["href"].endswith(f"/v2/queues/{queue}")
    assert stack.outputs["told"]["source"] == queue
    shown = await cloud.show(QUEUE, queue)
    assert {"a": 1, "b/c": "x"}.items() <= shown.items()
    subscription = await cloud.show(SUBSCRIPTION, told, parent=queue)
    assert (subscription["subscriber"], subscription["ttl"]) == (
        "http://example.org/one",
        220367260800,
    )
    assert subscription["options"] == {"k": "v"}
    await stacks.update(stack, template("http://example.org/two", {"a": 2}, ttl=3600))
    assert (stack.ids["queue"], stack.ids["told"]) == (queue, told)
    shown = await cloud.show(QUEUE, queue)
    assert shown["a"] == 2
    assert "b/c" not in shown
    subscription = await cloud.show(SUBSCRIPTION, told, parent=queue)
    assert subscription["subscriber"] == "http://example.org/two"
    assert (subscription["ttl"], subscription["options"]) == (3600, {})
    await stacks.delete(stack)
    assert not await listed(account, queue)


async def test_a_queue_under_another_resource_name_stays(account: Account, name: str) -> None:
    def template(resource_name: str) -> Document:
        return document({resource_name: resource("OS::Zaqar::Queue", name=name)})

    stack = await account.stacks.create(name, template("one"))
    await account.cloud.call(
        "message",
        "PATCH",
        f"/queues/{name}",
        [{"op": "add", "path": "/metadata/seen", "value": True}],
        headers={"Content-Type": "application/openstack-messaging-v2.0-json-patch"},
    )
    await account.stacks.update(stack, template("two"))
    assert stack.ids == {"two": name}
    assert await listed(account, name)
    await account.stacks.delete(stack)
    assert not await listed(account, name)


async def test_signed_url(account: Account, name: str) -> None:
    stack = await account.stacks.create(
        name,
        document(
            {
                "queue": resource("OS::Zaqar::Queue", name=name),
                "url": resource(
                    "OS::Zaqar::SignedQueueURL",
                    queue=ref("queue"),
                    paths=["messages"],
                    methods=["GET", "POST"],
                    ttl=3600,
                ),
            },
            **{each: attr("url", each) for each in ("signature", "expires", "paths", "methods")},
            project=attr("url", "project"),
            query=attr("url", "query_str"),
        ),
    )
    told = stack.outputs
    assert told["paths"] == [f"/v2/queues/{name}/messages"]
    assert told["project"] == account.project_id
    assert told["query"] == (
        f"signature={told['signature']}&expires={told['expires']}&paths={told['paths'][0]}"
        f"&methods=GET,POST&project_id={told['project']}&queue_name={name}"
    )
    headers = {
        "Client-ID": "3381af92-2b9e-11e3-b191-71861300734c",
        "URL-Signature": told["signature"],
        "URL-Expires": told["expires"],
        "URL-Methods": ",".join(told["methods"]),
        "URL-Paths": ",".join(told["paths"]),
        "X-Project-ID": told["project"],
    }
    endpoint = (await account.cloud.address("message")).removesuffix("/v2")
    address = endpoint + told["paths"][0]
    body = {"messages": [{"body": "hello", "ttl": 60}]}
    async with account.http.post(address, json=body, headers=headers) as reply:
        assert reply.status == 201
    async with account.http.delete(address, headers=headers) as reply:
        assert reply.status == 404
