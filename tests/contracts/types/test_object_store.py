"""Types of the object store: what the cloud then has."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, Stack, attr, document, ref, resource

from isotherm.kit import Gone

pytestmark = pytest.mark.slow


async def headers(account: Account, path: str) -> dict[str, str] | None:
    """What shows a container or an object; None where there is none."""
    try:
        shown = await account.cloud.call("object-store", "HEAD", path)
    except Gone:
        return None
    return {name.lower(): value for name, value in shown.items()}


async def test_container(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        outputs = (
            "DomainName",
            "WebsiteURL",
            "RootURL",
            "ObjectCount",
            "BytesUsed",
            "HeadContainer",
        )
        box = resource("OS::Swift::Container", **properties)
        return document(
            {"box": box}, id=ref("box"), **{each: attr("box", each) for each in outputs}
        )

    stacks, cloud = account.stacks, account.cloud
    given = {"X-Container-Read": ".r:*", "X-Container-Meta": {"Web-Index": "index.html"}}
    stack = await stacks.create(
        name, template(name=name, **given, **{"X-Account-Meta": {"Colour": "red"}})
    )
    shown = await headers(account, f"/{name}")
    assert shown is not None
    assert stack.ids["box"] == name
    assert shown["x-container-read"] == ".r:*"
    assert shown["x-container-meta-web-index"] == "index.html"
    assert stack.outputs["WebsiteURL"] == f"{stack.outputs['RootURL']}/{name}"
    assert stack.outputs["WebsiteURL"].split("/")[2].startswith(stack.outputs["DomainName"])
    assert stack.outputs["HeadContainer"]["x-container-read"] == ".r:*"
    whole = await headers(account, "")
    assert whole is not None
    assert whole["x-account-meta-colour"] == "red"
    await cloud.call("object-store", "PUT", f"/{name}/file", b"12345")
    told = await stacks.attributes(stack, "box")
    assert (told["ObjectCount"], told["BytesUsed"]) == (1, 5)
    # Its successor goes by the same name, and is the same container.
    await stacks.update(stack, template(name=name, PurgeOnDelete=True, **given))
    assert await headers(account, f"/{name}/file") is not None
    await stacks.delete(stack)
    assert await headers(account, f"/{name}") is None


async def test_a_container_that_holds_something_stays(account: Account, name: str) -> None:
    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, document({"box": resource("OS::Swift::Container")}))
    box = stack.ids["box"]
    await cloud.call("object-store", "PUT", f"/{box}/file", b"12345")
    await stacks.try_delete(stack)
    assert stack.status == "DELETE_FAILED"
    assert "PurgeOnDelete is not set" in stack.reason
    await cloud.call("object-store", "DELETE", f"/{box}/file")
    await stacks.delete(stack)
    assert await headers(account, f"/{box}") is None


async def test_bucket(account: Account, name: str) -> None:
    def template(access: str) -> Document:
        site = {"IndexDocument": "index.html", "ErrorDocument": "error.html"}
        given: dict[str, Any] = {"WebsiteConfiguration": site}
        given["Tags"] = [{"Key": "team", "Value": "web"}]
        bucket = resource("AWS::S3::Bucket", AccessControl=access, **given)
        return document({"bucket": bucket}, url=attr("bucket", "WebsiteURL"))

    stacks = account.stacks
    stack = await stacks.create(name, template("PublicReadWrite"))
    bucket = stack.ids["bucket"]
    shown = await headers(account, f"/{bucket}")
    assert shown is not None
    assert (shown["x-container-read"], shown["x-container-write"]) == (".r:*", "*:*")
    assert shown["x-container-meta-s3-tag-team"] == "web"
    assert shown["x-container-meta-web-error"] == "error.html"
    assert stack.outputs["url"].endswith(bucket)
    told = await stacks.attributes(stack, "bucket")
    assert told["WebsiteURL"].split("/")[2].startswith(told["DomainName"])
    await stacks.update(stack, template("Private"))
    assert await headers(account, f"/{bucket}") is None
    shown = await headers(account, f"/{stack.ids['bucket']}")
    assert shown is not None
    owner = f"{account.project_id}:{account.user_id}"
    assert (shown["x-container-read"], shown["x-container-write"]) == (owner, owner)
    await stacks.delete(stack)
    assert await headers(account, f"/{stack.ids['bucket']}") is None


def signalled(count: int, timeout: int = 60) -> Document:
    waits = resource("OS::Heat::SwiftSignal", handle=ref("handle"), timeout=timeout, count=count)
    outputs = {each: attr("handle", each) for each in ("token", "endpoint", "curl_cli")}
    resources = {"handle": resource("OS::Heat::SwiftSignalHandle"), "signal": waits}
    return document(resources, data=attr("signal", "data"), reference=ref("handle"), **outputs)


async def signal(account: Account, stack: Stack, *signals: Any) -> None:
    """By the address alone, as a server would."""
    shown: Mapping[str, Any] = {}
    while not shown.get("endpoint"):
        await asyncio.sleep(0.1)
        shown = await account.stacks.attributes(stack, "handle")
    for each in signals:
        data = json.dumps(each) if each is not None else ""
        async with account.http.put(shown["endpoint"], data=data) as reply:
            assert reply.status == 201, await reply.text()


async def test_a_newer_template_that_asks_for_less_does_not_wait_for_more(
    account: Account, name: str
) -> None:
    stack = await account.stacks.begin(name, signalled(2, timeout=3000))
    await signal(account, stack, {"status": "SUCCESS", "id": "one"})
    await account.stacks.update(stack, signalled(1, timeout=3000))
    assert json.loads(stack.outputs["data"]) == {"one": None}
    await account.stacks.delete(stack)


async def test_signals(account: Account, name: str) -> None:
    stacks = account.stacks
    stack = await stacks.begin(name, signalled(3))
    first = {"status": "SUCCESS", "id": "one", "data": "1", "reason": "done"}
    await signal(account, stack, first, {**first, "data": "2"}, None, {"id": "three"})
    await stacks.settle(stack)
    assert stack.status == "CREATE_COMPLETE", stack.reason
    assert json.loads(stack.outputs["data"]) == {"one": "2", "2": None, "three": None}
    endpoint = stack.outputs["endpoint"]
    assert stack.outputs["curl_cli"] == f"curl -i -X PUT '{endpoint}'"
    assert (stack.outputs["reference"], stack.outputs["token"]) == (endpoint, "")
    assert await headers(account, f"/{stack.id}") is not None
    await stacks.delete(stack)
    assert await headers(account, f"/{stack.id}") is None


async def test_a_signal_of_failure(account: Account, name: str) -> None:
    stack = await account.stacks.begin(name, signalled(1))
    await signal(account, stack, {"status": "FAILURE", "reason": "no space"})
    await account.stacks.settle(stack)
    assert stack.status == "CREATE_FAILED"
    assert "SwiftSignalFailure: resources.signal: no space" in stack.reason


async def test_too_few_signals(account: Account, name: str) -> None:
    stack = await account.stacks.begin(name, signalled(2, timeout=1))
    await account.stacks.settle(stack)
    assert stack.status == "CREATE_FAILED"
    assert "SwiftSignalTimeout: resources.signal: 0 of 2 received" in stack.reason
