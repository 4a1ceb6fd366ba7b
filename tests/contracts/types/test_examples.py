"""The first example, as its readers find it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.contracts.types.beds import Account

from isotherm.kit.services.block_storage import VOLUME
from isotherm.kit.services.compute import SERVER

pytestmark = pytest.mark.slow

TEMPLATE = Path(__file__).parents[3] / "examples" / "01-server-with-volume" / "template.yaml"


async def test_a_server_with_a_volume(account: Account, name: str) -> None:
    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, TEMPLATE.read_text())
    server, volume = stack.ids["server"], stack.ids["volume"]
    assert (await cloud.show(SERVER, server))["status"] == "ACTIVE"
    shown = await cloud.show(VOLUME, volume)
    assert (shown["status"], shown["size"]) == ("in-use", 10)
    assert [each["server_id"] for each in shown["attachments"]] == [server]
    await stacks.delete(stack)
    assert await account.gone(SERVER, server)
    assert await account.gone(VOLUME, volume)
