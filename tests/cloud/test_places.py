"""Other regions and other clouds: as whom they are reached, and where nobody gets to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.cloud.clocks import TurnedClock
from tests.listening import listening

from isotherm.cloud import AllowedSources, OpenStackCloud, Settings
from isotherm.cloud.accounts import account_plugin
from isotherm.cloud.guarded_sockets import SocketGuard
from isotherm.cloud.places import REMEMBERED
from isotherm.cloud.sessions import Keystone, ServiceSession
from isotherm.core.errors import Denied, NoSuchService, Refused
from isotherm.kit import CloudApi, Place
from isotherm.kit.services.compute import KEY_PAIR
from isotherm.localcloud import build_cloud

PASSWORDS = {"admin": "admin-pw", "demo": "demo-pw", "isotherm": "isotherm-pw"}
SECRETS = "/secrets"


@dataclass
class Clouds:
    """``api`` is the first cloud as its user sees it; ``other`` is where the second one lies."""

    api: CloudApi
    other: str

    async def keep(self, payload: Any) -> str:
        text = payload if isinstance(payload, str) else json.dumps(payload)
        body = {"payload": text, "payload_content_type": "text/plain"}
        made = await self.api.call("key-manager", "POST", SECRETS, body)
        return str(made["secret_ref"]).rpartition("/")[2]

    async def account(self, **changes: Any) -> str:
        auth = {
            "auth_url": f"{self.other}/identity/v3",
            "username": "demo",
            "password": "demo-pw",
            "user_domain_name": "Default",
            "project_name": "demo",
            "project_domain_name": "Default",
            **changes,
        }
        return await self.keep({"auth_type": "v3password", "auth": auth})


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
async def clouds(clock: TurnedClock) -> AsyncIterator[Clouds]:
    first, second = (build_cloud(None, passwords=PASSWORDS) for _ in range(2))
    async with listening(first.app) as url, listening(second.app) as other:
        user = Settings(
            auth_url=f"{url}/identity/v3",
            username="demo",
            password="demo-pw",
            project_name="demo",
        )
        service = replace(user, username="isotherm", password="isotherm-pw", project_name="service")
        token = await ServiceSession(user, Keystone(user), clock).token()
        cloud = OpenStackCloud(service, clock)
        api = await cloud.connect_caller(await cloud.authenticate(token))
        yield Clouds(api, other)
        await cloud.close()
    first.close()
    second.close()


async def test_what_is_asked_of_another_cloud_happens_there(clouds: Clouds) -> None:
    there = clouds.api.at(Place(account=await clouds.account()))
    await there.create(KEY_PAIR, {"name": "far"})
    assert [each["name"] for each in await there.list(KEY_PAIR)] == ["far"]
    assert await clouds.api.list(KEY_PAIR) == []


async def test_a_secret_that_is_not_there_is_no_object_that_is_gone(clouds: Clouds) -> None:
    missing = "0d7a3d2e-6f31-4f5c-9d0c-000000000000"
    with pytest.raises(Denied, match=f"no secret {missing} with credentials"):
        await clouds.api.at(Place(account=missing)).list(KEY_PAIR)


async def test_credentials_that_are_not_accepted_are_read_again(
    clouds: Clouds, clock: TurnedClock
) -> None:
    wrong = await clouds.account(password="forgotten")
    with pytest.raises(Denied, match="Identity gives no token"):
        await clouds.api.at(Place(account=wrong)).list(KEY_PAIR)
    right = clouds.api.at(Place(account=await clouds.account()))
    await right.list(KEY_PAIR)
    clock.turn(REMEMBERED + 1)
    await right.list(KEY_PAIR)


@pytest.mark.parametrize("address", ["http://169.254.169.254", "http://10.1.2.3", "http://[::1]:1"])
async def test_clouds_are_not_where_only_the_service_may_reach(
    clouds: Clouds, address: str
) -> None:
    there = clouds.api.at(Place(account=await clouds.account(auth_url=address)))
    with pytest.raises(Denied, match="not public; an operator can allow it"):
        await there.list(KEY_PAIR)


async def test_a_region_that_is_none_is_told(clouds: Clouds) -> None:
    with pytest.raises(NoSuchService, match="in region Nowhere"):
        await clouds.api.at(Place(region="Nowhere")).list(KEY_PAIR)


async def test_certificates_that_are_none_are_told(clouds: Clouds) -> None:
    for account in ("", await clouds.account()):
        with pytest.raises(Refused, match="ca_cert holds no certificates"):
            await clouds.api.at(Place(account=account, ca_cert="no such thing")).list(KEY_PAIR)


async def test_the_own_cloud_may_be_reached_without_looking_at_certificates(
    clouds: Clouds,
) -> None:
    assert await clouds.api.at(Place(insecure=True)).list(KEY_PAIR) == []


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ("[1]", "no JSON object"),
        (b"\xff", "no JSON object"),
        ({}, "it is to be"),
        ({"auth_type": "v3password", "auth": "x"}, "it is to be"),
        ({"auth_type": "none", "auth": {}}, "auth_type is to be one of"),
        ({"auth_type": "v3token", "auth": {"auth_url": "file:///etc"}}, "no auth_url"),
        ({"auth_type": "v3password", "auth": {"auth_url": "http://x", "odd": 1}}, "does not fit"),
        (
            {"auth_type": "v3password", "auth": {"auth_url": "http://x", "username": "hush"}},
            "user_domain",
        ),
    ],
)
def test_what_is_no_account_is_told_and_not_quoted(payload: Any, words: str) -> None:
    text = payload if isinstance(payload, str | bytes) else json.dumps(payload)
    with pytest.raises(Denied, match=words) as caught:
        account_plugin(text)
    assert "hush" not in str(caught.value)


def test_hosts_that_are_allowed_by_name_may_lie_anywhere() -> None:
    guard = SocketGuard(AllowedSources(hosts=frozenset({"localhost"})))
    with pytest.raises(ConnectionRefusedError):
        guard.connect("localhost", 1, 1.0, None)
