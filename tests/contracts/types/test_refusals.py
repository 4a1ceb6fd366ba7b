"""What the cloud refuses ends the stack's create with the cloud's own words."""

from __future__ import annotations

import re

import pytest
from tests.contracts.types.beds import Account, Bed
from tests.contracts.types.stacks import Stack, document, ref, resource

from isotherm.core.errors import Refused
from isotherm.kit.services.block_storage import VOLUME
from isotherm.kit.services.compute import KEY_PAIR, SERVER
from isotherm.kit.services.image import IMAGE
from isotherm.kit.services.network import NETWORK
from isotherm.resources.compute.key_generation import generate_ssh

pytestmark = pytest.mark.slow

REQUEST_ID = r"\(Request-ID: req-[0-9a-f-]{36}\)"


def assert_failed(stack: Stack, resource_name: str, message: str, code: int) -> None:
    """The reason of stack and resource is the cloud's message, code and request id."""
    assert stack.status == "CREATE_FAILED"
    said = rf"{re.escape(message)} \(HTTP {code}\) {REQUEST_ID}"
    assert re.search(said, stack.reason), stack.reason
    assert re.search(said, stack.reasons[resource_name]), stack.reasons


async def test_quota(bed: Bed, account: Account, name: str) -> None:
    if bed.local:
        async with bed.enter(bed.admin or bed.user) as admin:
            path = f"/os-quota-sets/{account.project_id}"
            quota = {"quota_set": {"gigabytes": 5}}
            await admin.cloud.call("block-storage", "PUT", path, quota)
    limits = await account.cloud.call("block-storage", "GET", "/limits")
    limit = limits["limits"]["absolute"]["maxTotalVolumeGigabytes"]
    if limit < 0:
        pytest.skip("this cloud sets no limit to volumes")
    with pytest.raises(Refused) as refused:
        await account.cloud.create(VOLUME, {"size": limit + 1})
    volume = resource("OS::Cinder::Volume", size=limit + 1)
    stack = await account.stacks.try_create(name, document({"volume": volume}))
    assert_failed(stack, "volume", refused.value.message, 413)
    await account.stacks.delete(stack)
    if bed.local:
        async with bed.enter(bed.admin or bed.user) as admin:
            await admin.cloud.call("block-storage", "DELETE", path)


async def test_a_name_that_is_taken(account: Account, name: str) -> None:
    body = {"name": name, "public_key": generate_ssh()[1]}
    await account.cloud.create(KEY_PAIR, body)
    try:
        with pytest.raises(Refused) as refused:
            await account.cloud.create(KEY_PAIR, body)
        key = resource("OS::Nova::KeyPair", name=name, public_key=generate_ssh()[1])
        stack = await account.stacks.try_create(name, document({"key": key}))
        assert_failed(stack, "key", refused.value.message, 409)
        await account.stacks.delete(stack)
        # What somebody else made is still there.
        assert (await account.cloud.show(KEY_PAIR, name))["public_key"] == body["public_key"]
    finally:
        await account.cloud.delete(KEY_PAIR, name)


async def test_an_image_that_may_not_be_downloaded(account: Account, name: str) -> None:
    image = resource(
        "OS::Glance::WebImage",
        name=name,
        location="http://127.0.0.1/image",
        disk_format="raw",
        container_format="bare",
    )
    stack = await account.stacks.try_create(name, document({"image": image}))
    message = "URI for web-download does not pass filtering: http://127.0.0.1/image"
    assert_failed(stack, "image", message, 400)
    await account.stacks.delete(stack)
    assert await account.cloud.list(IMAGE, name=name) == []


async def test_what_exists_stays_when_the_rest_is_refused(account: Account, name: str) -> None:
    resources = {
        "net": resource("OS::Neutron::Net"),
        "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.77.0.0/24"),
        "port": resource(
            "OS::Neutron::Port",
            network=ref("net"),
            fixed_ips=[{"subnet": ref("subnet"), "ip_address": "192.0.2.1"}],
        ),
    }
    stack = await account.stacks.try_create(name, document(resources))
    assert stack.status == "CREATE_FAILED"
    assert stack.reason.startswith("Resource CREATE failed: ")
    assert re.search(rf"resources\.port: .*192\.0\.2\.1.* \(HTTP 400\) {REQUEST_ID}", stack.reason)
    assert not await account.gone(NETWORK, stack.ids["net"])
    await account.stacks.delete(stack)
    assert await account.gone(NETWORK, stack.ids["net"])


async def test_an_error_of_the_cloud(bed: Bed, account: Account, name: str) -> None:
    if not bed.local:
        pytest.skip("a real cloud fails only when it wants to")
    message = "The scheduler lost its dice."
    async with bed.enter(bed.admin or bed.user) as admin:
        rule = {"compute.server.create": {"status": 500, "message": message}}
        await admin.door("PUT", "/faults", rule)
        server = resource(
            "OS::Nova::Server", image="cirros", flavor="m1.tiny", networks=[{"network": "private"}]
        )
        stack = await account.stacks.try_create(name, document({"server": server}))
        await admin.door("PUT", "/faults", {})
    assert_failed(stack, "server", message, 500)
    servers = await account.cloud.list(SERVER)
    assert not [each for each in servers if each["name"].startswith(name)]
    await account.stacks.delete(stack)
