"""Handles of wait conditions: what is signalled when something elsewhere has happened."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.core.values import reveal
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.kit.services.messaging import QUEUE
from isotherm.resources import mailboxes
from isotherm.resources.mailboxes import MESSAGE, OBJECT
from isotherm.resources.object_storing import SERVICE, open_address
from isotherm.resources.orchestration.wait_signals import AWS, NATIVE, SUCCESS

TOKEN, HEAT, CFN, NONE = "TOKEN_SIGNAL", "HEAT_SIGNAL", "CFN_SIGNAL", "NO_SIGNAL"
_TOKEN, _ADDRESS, _AROUND, _BOX, _BEGUN = "token", "address", "around", "box", "begun"


class WaitConditionHandleProperties(Properties):
    signal_transport: str = prop(
        "How those who signal it get to know the way.",
        default="TOKEN_SIGNAL",
        allowed=(CFN, OBJECT, HEAT, NONE, MESSAGE, TOKEN),
        since="6.0.0",
    )


Here = kit.Context[WaitConditionHandleProperties]


def token_of(ctx: Here, _: kit.Remote) -> kit.Value:
    token = ctx.data.get(_TOKEN)
    return token.reveal() if isinstance(token, kit.Secret) else None


def endpoint_of(ctx: Here, _: kit.Remote) -> kit.Value:
    return ctx.data.get(_ADDRESS) if ctx.props.signal_transport == TOKEN else None


def curl_of(ctx: Here, remote: kit.Remote) -> kit.Value:
    token = token_of(ctx, remote)
    if token is None:
        return None
    json_headers = "-H 'Content-Type: application/json' -H 'Accept: application/json'"
    return f"curl -i -X POST -H 'X-Auth-Token: {token}' {json_headers} {ctx.data[_ADDRESS]}"


def signal_of(ctx: Here, remote: kit.Remote) -> kit.Value:
    """What signals by it, perhaps after it has logged in, as JSON text."""
    transport = ctx.props.signal_transport
    if transport == NONE:
        return "{}"
    if transport == CFN:
        signed = kit.signed_address_of(ctx, remote)
        return json.dumps({"alarm_url": signed.reveal()}) if signed else None
    if transport == OBJECT:
        return json.dumps({"alarm_url": ctx.data[_BOX].reveal()}) if _BOX in ctx.data else None
    if transport not in (HEAT, MESSAGE):
        return "null"
    way = {"queue_id": ctx.data[_BOX]} if transport == MESSAGE else {"alarm_url": ctx.data[_ADDRESS]}
    return json.dumps(
        {
            **ctx.data.get(_AROUND, {}),
            "username": ctx.physical_name,
            "user_id": ctx.physical_id,
            "password": ctx.data[kit.PASSWORD].reveal(),
            "project_id": ctx.data[kit.PROJECT],
            **way,
        }
    )


async def _as_user(ctx: Here) -> kit.CloudApi:
    return await ctx.users.connect(ctx.physical_id, ctx.data[kit.PASSWORD].reveal())


@register("OS::Heat::WaitConditionHandle", support=supported("2014.2"))
class WaitConditionHandle(kit.StackUserType[WaitConditionHandleProperties]):
    """What is signalled when something elsewhere has happened, and what wait conditions look at."""

    takes_signals = True
    collects_signals = True
    attributes = (
        attr("token", doc="Token to signal it with (TOKEN_SIGNAL).", volatile=True, secret=True, reads=token_of),
        attr("endpoint", doc="Address to signal (TOKEN_SIGNAL).", volatile=True, reads=endpoint_of),
        attr("curl_cli", doc="Command that signals it (TOKEN_SIGNAL).", volatile=True, secret=True, reads=curl_of),
        attr(
            "signal",
            doc="How to signal it, as JSON text (all but TOKEN_SIGNAL).",
            volatile=True,
            secret=True,
            reads=signal_of,
        ),
    )

    def wants_user(self, props: WaitConditionHandleProperties) -> bool:
        return props.signal_transport not in (NONE, OBJECT)

    def wants_key(self, props: WaitConditionHandleProperties) -> bool:
        return props.signal_transport == CFN

    async def create(self, ctx: Here) -> kit.Outcome:
        if ctx.props.signal_transport == MESSAGE:
            # Told at once where there is none, not when there is a user already, whom that keeps waiting.
            await ctx.api.address(QUEUE.service)
        if ctx.props.signal_transport != OBJECT:
            return await super().create(ctx)
        if _BEGUN not in ctx.data:
            # Recorded first: where the cloud has no object store, there is nothing to look for.
            await ctx.api.address(SERVICE)
            ctx.data[_BEGUN] = True
            return kit.Pending(0)
        await mailboxes.open_box(ctx.api, ctx.stack.id, ctx.physical_name)
        return kit.Started(ctx.physical_name)

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        if ctx.props.signal_transport == OBJECT and _BOX not in ctx.data:
            ctx.data[_BOX] = await open_address(ctx.api, ctx.stack.id, ctx.physical_id)
        return await super().advance(ctx, remote)

    async def equip(self, ctx: Here) -> None:
        if ctx.props.signal_transport == CFN:
            await self.sign(ctx, kit.Purpose.WAIT_CONDITION)
            return
        if ctx.props.signal_transport == MESSAGE:
            ctx.data[_BOX] = mailboxes.queue_name(ctx.physical_name, ctx.intent.uuid)
            await mailboxes.open_queue(await _as_user(ctx), ctx.data[_BOX])
        ctx.data[_ADDRESS] = await ctx.users.signal_address(ctx.resource)
        if ctx.props.signal_transport == TOKEN:
            password = ctx.data[kit.PASSWORD].reveal()
            ctx.data[_TOKEN] = kit.Secret(await ctx.users.token(ctx.physical_id, password))
        ctx.data[_AROUND] = dict(await ctx.users.surroundings())

    async def observe(self, ctx: Here) -> kit.Remote | None:
        if ctx.props.signal_transport != OBJECT:
            return await super().observe(ctx)
        return {} if await mailboxes.has_box(ctx.api, ctx.stack.id, ctx.physical_id) else None

    async def find(self, ctx: Here) -> kit.Candidates:
        if ctx.props.signal_transport != OBJECT:
            return await super().find(ctx)
        if _BEGUN not in ctx.data:
            return ()
        there = await mailboxes.has_box(ctx.api, ctx.stack.id, ctx.physical_name)
        return (kit.Candidate(ctx.physical_name),) if there else ()

    async def delete(self, ctx: Here) -> kit.Outcome:
        if ctx.props.signal_transport == OBJECT and (ctx.physical_id or _BEGUN in ctx.data):
            await mailboxes.close_box(ctx.api, ctx.stack.id, ctx.physical_id or ctx.physical_name)
        elif ctx.props.signal_transport == MESSAGE and _BOX in ctx.data:
            # As long as there is the user, whose queue it is; without it nobody gets there.
            with suppress(kit.Denied):
                await mailboxes.close_queue(await _as_user(ctx), ctx.data[_BOX])
        return await super().delete(ctx)

    def receive(self, signalled: kit.Signalled, details: kit.Values | None) -> kit.Received | None:
        """All parts of a signal may be left out; one with other parts is meant for somebody else."""
        told = details or {}
        if told.keys() - NATIVE.all:
            return None
        number = 1 + NATIVE.count(signalled.metadata)
        return NATIVE.note(
            signalled.metadata,
            {
                "status": told.get("status", SUCCESS),
                "reason": told.get("reason", f"Signal {number} received"),
                "data": told.get("data"),
                "id": told.get("id", str(number)),
            },
        )


async def fetch_signals(ctx: kit.Context[Any], handle: kit.Neighbour) -> None:
    """Bring what was left for the handle to it. Raises Unreadable where it is no signal."""
    transport, box = handle.properties.get("signal_transport"), handle.data.get(_BOX)
    if transport == OBJECT and box is not None:
        letters = await mailboxes.in_box(ctx.api, ctx.stack.id, handle.physical_id)
        await _hand_over(ctx, handle, letters)
        await mailboxes.take_from_box(ctx.api, ctx.stack.id, letters)
    elif transport == MESSAGE and box is not None:
        api = await ctx.users.connect(handle.physical_id, reveal(handle.data[kit.PASSWORD]))
        letters = await mailboxes.in_queue(api, box)
        await _hand_over(ctx, handle, letters)
        await mailboxes.take_from_queue(api, box, letters)


async def _hand_over(ctx: kit.Context[Any], handle: kit.Neighbour, letters: Sequence[mailboxes.Letter]) -> None:
    for each in letters:
        await ctx.pass_on(handle.reference, each.details, each.id)


@register("AWS::CloudFormation::WaitConditionHandle", support=supported("2014.1"))
class AwsWaitConditionHandle(kit.StackUserType[Properties]):
    """What is signalled when something elsewhere has happened; for AWS::CloudFormation::WaitCondition."""

    takes_signals = True
    collects_signals = True

    async def equip(self, ctx: kit.Context[Properties]) -> None:
        await self.sign(ctx, kit.Purpose.WAIT_CONDITION)

    def reference(self, ctx: kit.Context[Properties]) -> kit.Value:
        """The address that signals it without a token."""
        return kit.signed_address_of(ctx, {}) or super().reference(ctx)

    def receive(self, signalled: kit.Signalled, details: kit.Values | None) -> kit.Received | None:
        """All parts of a signal must be given, and nothing else."""
        if details is None or details.keys() != AWS.all:
            return None
        return AWS.note(signalled.metadata, details)


@register("OS::Heat::UpdateWaitConditionHandle", support=supported("2014.1"))
class UpdateWaitConditionHandle(AwsWaitConditionHandle):
    """A handle that every update of the stack makes anew, so that its conditions wait again."""

    renews = True
