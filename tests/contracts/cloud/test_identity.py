"""Tokens and delegation."""

from __future__ import annotations

import asyncio

import pytest

from isotherm.cloud import OpenStackCloud
from isotherm.cloud.project_connection import ProjectConnection
from isotherm.core.errors import Denied
from isotherm.core.values import Secret, Value, reveal
from isotherm.kit import CloudApi
from isotherm.ports.cloud import Caller, NotAuthenticated


async def token_of(api: CloudApi) -> str:
    assert isinstance(api.connection, ProjectConnection)
    return await api.connection._session.token()


async def test_a_token_tells_its_owner(caller: Caller, token: str) -> None:
    assert caller.token == token
    assert caller.user_id
    assert caller.project_id
    assert caller.roles


async def test_a_token_of_nobody_is_not_accepted(cloud: OpenStackCloud) -> None:
    with pytest.raises(NotAuthenticated):
        await cloud.authenticate("nobodys-token")


async def test_the_catalogue_lists_identity(cloud: OpenStackCloud) -> None:
    assert "identity" in await cloud.services()
    assert await cloud.region()


async def test_a_delegate_acts_as_the_caller(
    cloud: OpenStackCloud, caller: Caller, api: CloudApi
) -> None:
    delegate = await cloud.authenticate(await token_of(api))
    assert delegate.trust_id
    assert delegate.user_id == caller.user_id
    assert delegate.project_id == caller.project_id
    assert set(delegate.roles) == set(caller.roles)


async def test_a_delegate_lends_its_delegation(cloud: OpenStackCloud, api: CloudApi) -> None:
    """It cannot delegate again; what it lends ends with its own delegation, not before."""
    delegate = await cloud.authenticate(await token_of(api))
    lent = await cloud.delegate(delegate)
    await cloud.revoke(lent)
    shown = await (await cloud.connect(lent)).call("identity", "GET", "/auth/projects")
    assert [each["id"] for each in shown["projects"]] == [delegate.project_id]


async def test_a_revoked_delegation_gives_no_access(cloud: OpenStackCloud, caller: Caller) -> None:
    credentials: Value = await cloud.delegate(caller)
    assert isinstance(credentials["trust_id"], Secret)
    await cloud.revoke(credentials)
    await cloud.revoke(credentials)
    with pytest.raises(Denied):
        await (await cloud.connect(credentials)).call("identity", "GET", "/auth/projects")


async def test_delegations_at_the_same_time_are_several(
    cloud: OpenStackCloud, caller: Caller
) -> None:
    """Identity tells them apart by their ends, in whole seconds."""
    taken = await asyncio.gather(*(cloud.delegate(caller) for _ in range(10)))
    known = {str(reveal(each)["trust_id"]) for each in taken}
    for each in taken:
        await cloud.revoke(each)
    assert len(known) == 10


async def test_the_callers_own_token_serves_too(cloud: OpenStackCloud, caller: Caller) -> None:
    api = await cloud.connect_caller(caller)
    path = f"/OS-TRUST/trusts?trustor_user_id={caller.user_id}"
    assert "trusts" in await api.call("identity", "GET", path)
