"""Types whose object is a user of the stack."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from isotherm.core.values import Secret
from isotherm.kit import (
    Candidate,
    Context,
    KeyPair,
    Properties,
    Purpose,
    Ready,
    StackIdentity,
    StackUserType,
    Started,
    prop,
    signed_address_of,
)
from isotherm.kit.context import Intent
from isotherm.kit.stack_users import NoStackUsers
from isotherm.testing.virtual_time import EPOCH


class Given(Properties):
    user: bool = prop("Whether there is to be one.", default=True)
    key: bool = prop("Whether it gets a key pair.", default=True)


class Signalled(StackUserType[Given]):
    def wants_user(self, props: Given) -> bool:
        return super().wants_user(props) and props.user

    def wants_key(self, props: Given) -> bool:
        return super().wants_key(props) and props.key

    async def equip(self, ctx: Context[Given]) -> None:
        await super().equip(ctx)
        for purpose in Purpose:
            await self.sign(ctx, purpose)


class Users(NoStackUsers):
    """One user at the most, and the keys that it was given."""

    def __init__(self) -> None:
        self.there: str | None = None
        self.keys: list[KeyPair] = []
        self.enabled: bool | None = None

    async def make(self, name: str, password: str) -> tuple[str, str]:
        self.there = f"user-{name}"
        return self.there, "project"

    async def find(self, name: str) -> str | None:
        return self.there

    async def exists(self, user_id: str) -> bool:
        return user_id == self.there

    async def remove(self, user_id: str) -> None:
        self.there = None

    async def enable(self, user_id: str, enabled: bool) -> None:
        self.enabled = enabled

    async def give_key(self, user_id: str, pair: KeyPair) -> None:
        self.keys.append(pair)

    async def signed_address(
        self,
        resource: str,
        pair: KeyPair,
        purpose: Purpose,
        *,
        at: datetime | None = None,
        about: str = "",
    ) -> str:
        return f"{purpose.path} {resource} {pair.access} {at is not None}"


def context(users: Users, **props: Any) -> Context[Given]:
    return Context(
        stack=StackIdentity("id", "outer", "project", "user"),
        resource="it",
        props=Given.of(props),
        physical_name="outer-it-token",
        intent=Intent("token", 1, EPOCH),
        api=NotImplemented,
        now=EPOCH,
        users=users,
    )


async def test_a_user_comes_with_a_key_and_a_signed_address_and_goes() -> None:
    users, kind = Users(), Signalled()
    ctx = context(users, user=True, key=True)
    outcome = await kind.create(ctx)
    assert outcome == Started("user-outer-it-token")
    ctx.physical_id = "user-outer-it-token"
    for _ in range(2):
        assert await kind.advance(ctx, {}) == Ready({})
    (pair,) = users.keys
    assert KeyPair.of(ctx.data) == pair
    assert signed_address_of(ctx, {}) == Secret(f"signal it {pair.access} False")
    assert await kind.observe(ctx) == {}
    assert await kind.find(ctx) == (Candidate("user-outer-it-token"),)
    await kind.delete(ctx)
    assert await kind.observe(ctx) is None
    assert await kind.find(ctx) == ()


@pytest.mark.parametrize("wanted", [True, False])
async def test_a_user_is_shut_out_while_the_stack_rests(wanted: bool) -> None:
    users, kind = Users(), Signalled()
    ctx = context(users, user=wanted)
    ctx.physical_id = "user-outer-it-token"
    assert await kind.suspend(ctx) == Ready({})
    assert users.enabled is (False if wanted else None)
    assert await kind.resume(ctx) == Ready({})
    assert users.enabled is (True if wanted else None)


async def test_a_user_that_was_found_again_gets_what_nobody_noted() -> None:
    users, kind = Users(), Signalled()
    ctx = context(users, user=True, key=True)
    ctx.physical_id = "user-outer-it-token"
    assert await kind.advance(ctx, {}) == Ready({})
    assert KeyPair.of(ctx.data) == users.keys[0]
    assert ctx.data["project"] == "project"


async def test_a_user_without_a_key_has_no_address() -> None:
    users, kind = Users(), Signalled()
    ctx = context(users, user=True, key=False)
    await kind.create(ctx)
    await kind.advance(ctx, {})
    assert users.keys == []
    assert signed_address_of(ctx, {}) is None


async def test_where_no_user_is_wanted_there_is_a_name_and_nothing_else() -> None:
    users, kind = Users(), Signalled()
    ctx = context(users, user=False, key=False)
    assert await kind.create(ctx) == Ready({})
    assert ctx.physical_id == "outer-it-token"
    assert await kind.advance(ctx, {}) == Ready({})
    assert await kind.observe(ctx) == {}
    assert await kind.find(ctx) == ()
    users.there = "another"
    await kind.delete(ctx)
    assert users.there == "another"
    assert kind.may_read({}, "anything", {})
