"""The domain of the users of stacks, where an operator has made it, by its own administrator."""

from __future__ import annotations

import base64
import hmac
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from tests.clients.service import Service

from isotherm.cloud import OpenStackCloud, Settings, StackDomainSettings
from isotherm.core.errors import Denied, Refused
from isotherm.ports.cloud import NotAuthenticated, SignedRequest, StackDomain, UnknownAccessKey
from isotherm.ports.records import replace as replace_struct
from isotherm.server.real_clock import RealClock

pytestmark = pytest.mark.slow

ADMIN = "isotherm-admin"
DOMAIN = StackDomainSettings(name="heat", admin="keeper", password="keepers")


@pytest.fixture
async def cloud(service: Service) -> AsyncIterator[OpenStackCloud]:
    account = Settings.from_clouds_yaml(ADMIN, service.state / "clouds.yaml")
    opened = OpenStackCloud(replace(account, stack_domain=DOMAIN), RealClock())
    yield opened
    await opened.close()


def prepare(service: Service) -> None:
    """What an operator does once."""
    service.openstack("domain", "create", "heat", cloud=ADMIN)
    user = ("user", "create", "--domain", "heat", "--password", "keepers", "keeper")
    service.openstack(*user, cloud=ADMIN)
    grant = ("role", "add", "--domain", "heat", "--user-domain", "heat", "--user", "keeper")
    service.openstack(*grant, "admin", cloud=ADMIN)


async def a_users_account_would_not_do(service: Service) -> None:
    """It may not know whose tokens others have."""
    account = Settings.from_clouds_yaml("isotherm", service.state / "clouds.yaml")
    cloud = OpenStackCloud(replace(account, stack_domain=DOMAIN), RealClock())
    with pytest.raises(Denied, match="validate_token"):
        await cloud.try_stack_domain()
    await cloud.close()


async def is_let_in(cloud: OpenStackCloud, domain: StackDomain, way: tuple[str, str, str]) -> bool:
    try:
        caller = await cloud.authenticate(await domain.token(*way))
    except Denied:
        return False
    assert (caller.project_id, caller.user_id, caller.roles) == (*way[:2], ("heat_stack_user",))
    return True


async def signs_as_long_as_it_has_the_key(
    cloud: OpenStackCloud, domain: StackDomain, project: str, user: str
) -> None:
    for _ in range(2):
        await domain.give_key(project, user, "access", "secret")
    caller = await cloud.authenticate_signed(signed("one"))
    assert (caller.project_id, caller.user_id, caller.roles) == (
        project,
        user,
        ("heat_stack_user",),
    )
    with pytest.raises(NotAuthenticated, match="signature"):
        await cloud.authenticate_signed(replace_struct(signed("two"), signature="wrong"))
    for _ in range(2):
        await domain.take_key("access")
    with pytest.raises(UnknownAccessKey):
        await cloud.authenticate_signed(signed("three"))


def signed(action: str) -> SignedRequest:
    """By the key pair ``access`` and ``secret``, in version 2."""
    parameters = {
        "AWSAccessKeyId": "access",
        "Action": action,
        "SignatureMethod": "HmacSHA256",
        "SignatureVersion": "2",
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    query = "&".join(f"{name}={quote(each, safe='-_~')}" for name, each in parameters.items())
    text = f"GET\napi.example\n/v1/\n{query}"
    digest = hmac.new(b"secret", text.encode(), "sha256").digest()
    return SignedRequest(
        access="access",
        signature=base64.b64encode(digest).decode(),
        host="api.example",
        verb="GET",
        path="/v1/",
        parameters=parameters,
    )


async def test_what_is_there_is_found_and_what_is_gone_may_be_removed(
    service: Service, cloud: OpenStackCloud
) -> None:
    prepare(service)
    await cloud.try_stack_domain()
    await a_users_account_would_not_do(service)
    domain = cloud.stack_domain()
    project = await domain.make_project("root")
    assert await domain.make_project("root") == project
    user = await domain.make_user(project, "name", "first")
    assert await domain.find_user("name") == user
    assert await is_let_in(cloud, domain, (project, user, "first"))
    assert await domain.make_user(project, "name", "second") == user
    assert not await is_let_in(cloud, domain, (project, user, "first"))
    assert await is_let_in(cloud, domain, (project, user, "second"))
    for enabled in (False, True):
        await domain.enable_user(user, enabled)
        assert await is_let_in(cloud, domain, (project, user, "second")) is enabled
    await signs_as_long_as_it_has_the_key(cloud, domain, project, user)
    listed = service.openstack("user", "list", "--domain", "heat", "-f", "value", cloud=ADMIN)
    assert {line.split()[1] for line in listed.splitlines()} == {"keeper", "name"}
    for _ in range(2):
        await domain.remove_user(user)
        await domain.remove_project("root")
    assert not await domain.has_user(user)
    assert await domain.find_user("name") is None


async def test_without_a_domain_it_is_said_which_options_are_missing(service: Service) -> None:
    account = Settings.from_clouds_yaml(ADMIN, service.state / "clouds.yaml")
    cloud = OpenStackCloud(account, RealClock())
    with pytest.raises(Refused, match="stack_user_domain_name"):
        cloud.stack_domain()
    await cloud.close()
