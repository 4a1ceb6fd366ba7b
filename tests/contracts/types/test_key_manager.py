"""OS::Barbican::*: what the key manager then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.key_manager import CONTAINER, ORDER, SECRET

pytestmark = pytest.mark.slow


def secret(payload: str, **more: Any) -> Any:
    return resource(
        "OS::Barbican::Secret", payload=payload, payload_content_type="text/plain", **more
    )


async def test_secret(account: Account, name: str) -> None:
    def template(payload: str, **more: Any) -> Document:
        return document(
            {"secret": secret(payload, **more)},
            status=attr("secret", "status"),
            payload=attr("secret", "decrypted_payload"),
            reference=ref("secret"),
        )

    stacks, cloud = account.stacks, account.cloud
    more = {"name": name, "secret_type": "passphrase", "algorithm": "aes", "bit_length": 256}
    stack = await stacks.create(name, template("open sesame", mode="cbc", **more))
    reference = stack.ids["secret"]
    assert stack.outputs == {"status": "ACTIVE", "payload": "open sesame", "reference": reference}
    shown = await cloud.show(SECRET, reference)
    assert shown["secret_ref"] == reference
    assert {each: shown[each] for each in more} == more
    await stacks.update(stack, template("close sesame"))
    assert stack.outputs["payload"] == "close sesame"
    assert await account.gone(SECRET, reference)
    await stacks.delete(stack)
    assert await account.gone(SECRET, stack.ids["secret"])


async def test_binary_secret_that_ends(account: Account, name: str) -> None:
    template = document(
        {
            "secret": resource(
                "OS::Barbican::Secret",
                payload="AAH/",
                payload_content_type="application/octet-stream",
                payload_content_encoding="base64",
                expiration="2099-01-01T00:00:00",
            )
        },
        payload=attr("secret", "decrypted_payload"),
    )
    stack = await account.stacks.create(name, template)
    shown = await account.cloud.show(SECRET, stack.ids["secret"])
    assert shown["expiration"].startswith("2099-01-01T00:00:00")
    assert shown["content_types"] == {"default": "application/octet-stream"}
    assert stack.outputs["payload"] == "AAH/"
    await account.stacks.delete(stack)


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        ("Generic", {"x": "one", "y": "two"}),
        ("RSA", {"private_key": "one", "public_key": "two", "private_key_passphrase": "three"}),
        ("Certificate", {"certificate": "one", "private_key": "two", "intermediates": "three"}),
    ],
)
async def test_container(account: Account, name: str, kind: str, held: dict[str, str]) -> None:
    secrets = {each: secret(each) for each in ("one", "two", "three")}
    given: dict[str, Any] = {f"{inside}_ref": ref(each) for inside, each in held.items()}
    if kind == "Generic":
        given = {"secrets": [{"name": inside, "ref": ref(each)} for inside, each in held.items()]}
    container = resource(f"OS::Barbican::{kind}Container", name=name, **given)
    told = {
        each: attr("box", each) for each in ("status", "container_ref", "secret_refs", "consumers")
    }
    stack = await account.stacks.create(name, document({**secrets, "box": container}, **told))
    assert stack.outputs == {
        "status": "ACTIVE",
        "container_ref": stack.ids["box"],
        "secret_refs": {inside: stack.ids[each] for inside, each in held.items()},
        "consumers": [],
    }
    shown = await account.cloud.show(CONTAINER, stack.ids["box"])
    assert (shown["name"], shown["type"]) == (name, kind.lower())
    await account.stacks.delete(stack)
    assert await account.gone(CONTAINER, stack.ids["box"])


async def test_order_of_a_key(account: Account, name: str) -> None:
    given: dict[str, Any] = {"type": "key", "algorithm": "aes", "bit_length": 256, "mode": "cbc"}
    template = document(
        {"order": resource("OS::Barbican::Order", **given)},
        **{each: attr("order", each) for each in ("status", "order_ref", "secret_ref")},
    )
    stack = await account.stacks.create(name, template)
    assert stack.outputs["status"] == "ACTIVE"
    assert stack.outputs["order_ref"] == stack.ids["order"]
    made = await account.cloud.show(SECRET, stack.outputs["secret_ref"])
    assert (made["algorithm"], made["bit_length"]) == ("aes", 256)
    await account.stacks.delete(stack)
    assert await account.gone(ORDER, stack.ids["order"])
    # What it made may be in use.
    await account.cloud.delete(SECRET, stack.outputs["secret_ref"])


async def test_order_of_a_pair(account: Account, name: str) -> None:
    given: dict[str, Any] = {"type": "asymmetric", "algorithm": "rsa", "bit_length": 2048}
    template = document(
        {"order": resource("OS::Barbican::Order", **given)},
        **{each: attr("order", each) for each in ("public_key", "private_key", "container_ref")},
    )
    stack = await account.stacks.create(name, template)
    assert "PUBLIC KEY" in stack.outputs["public_key"]
    assert "PRIVATE KEY" in stack.outputs["private_key"]
    container = await account.cloud.show(CONTAINER, stack.outputs["container_ref"])
    assert container["type"] == "rsa"
    await account.stacks.delete(stack)
    await account.cloud.delete(CONTAINER, stack.outputs["container_ref"])
    for each in container["secret_refs"]:
        await account.cloud.delete(SECRET, each["secret_ref"])
