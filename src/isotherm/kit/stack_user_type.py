"""The base of types whose object is a user of the stack, who may signal the resource."""

from __future__ import annotations

import secrets

from isotherm.core.values import Secret, Value
from isotherm.kit.context import Context, P
from isotherm.kit.outcomes import Outcome, Ready, Remote, Started
from isotherm.kit.resource_type import ResourceType
from isotherm.kit.signatures import Candidate, Candidates
from isotherm.kit.signed_addresses import KeyPair, Purpose

PASSWORD, PROJECT = "password", "project"
_SIGNED, _READY = "signed", "equipped"


class StackUserType(ResourceType[P]):
    """Makes a user in the project of the stack's users, equips it, and removes it with the
    resource. One that was found again gets another password and another key pair."""

    effectless = False
    made_when_adopted = True

    def wants_user(self, props: P) -> bool:
        """Whether these properties want a user at all."""
        return True

    def wants_key(self, props: P) -> bool:
        """Whether the user gets a key pair, with which addresses are signed."""
        return True

    def password(self, props: P) -> str:
        """What the user logs in with."""
        return secrets.token_hex(16)

    async def equip(self, ctx: Context[P]) -> None:
        """Note in ``ctx.data`` what else is told of the user; may be repeated."""

    async def create(self, ctx: Context[P]) -> Outcome:
        if not self.wants_user(ctx.props):
            ctx.physical_id = ctx.physical_name
            return Ready({})
        return Started(await self._make_user(ctx))

    async def advance(self, ctx: Context[P], remote: Remote) -> Outcome:
        if not self.wants_user(ctx.props) or _READY in ctx.data:
            return Ready({})
        if PROJECT not in ctx.data:
            await self._make_user(ctx)
        pair = KeyPair.of(ctx.data)
        if pair is not None:
            await ctx.users.give_key(ctx.physical_id, pair)
        await self.equip(ctx)
        ctx.data[_READY] = True
        return Ready({})

    async def suspend(self, ctx: Context[P]) -> Outcome:
        """What rests takes no signals: its user does not get in."""
        return await self._enable(ctx, False)

    async def resume(self, ctx: Context[P]) -> Outcome:
        return await self._enable(ctx, True)

    async def delete(self, ctx: Context[P]) -> Outcome:
        if self.wants_user(ctx.props):
            await ctx.users.remove(ctx.physical_id)
        return Ready({})

    async def observe(self, ctx: Context[P]) -> Remote | None:
        there = not self.wants_user(ctx.props) or await ctx.users.exists(ctx.physical_id)
        return {} if there else None

    async def find(self, ctx: Context[P]) -> Candidates:
        if not self.wants_user(ctx.props):
            return ()
        user_id = await ctx.users.find(ctx.physical_name)
        return () if user_id is None else (Candidate(user_id),)

    async def sign(self, ctx: Context[P], purpose: Purpose) -> None:
        """Note the address that signals the resource without a token."""
        pair = KeyPair.of(ctx.data)
        if pair is not None:
            ctx.data[_SIGNED] = Secret(
                await ctx.users.signed_address(
                    ctx.resource,
                    pair,
                    purpose,
                    at=ctx.now if purpose is Purpose.WAIT_CONDITION else None,
                )
            )

    async def _enable(self, ctx: Context[P], enabled: bool) -> Outcome:
        if self.wants_user(ctx.props):
            await ctx.users.enable(ctx.physical_id, enabled)
        return Ready({})

    async def _make_user(self, ctx: Context[P]) -> str:
        password = self.password(ctx.props)
        user_id, project_id = await ctx.users.make(ctx.physical_name, password)
        ctx.data |= {PASSWORD: Secret(password), PROJECT: project_id}
        if self.wants_key(ctx.props):
            ctx.data |= KeyPair.invent().data
        return user_id


def signed_address_of(ctx: Context[P], _: Remote) -> Value:
    """The address that ``sign`` has noted; None where there is none."""
    return ctx.data.get(_SIGNED)
