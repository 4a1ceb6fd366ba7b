"""Handles of wait conditions: what is signalled when something elsewhere has happened."""

import json
import secrets
from collections.abc import Mapping

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.resources.orchestration.wait_signals import AWS, NATIVE, SUCCESS

TOKEN, HEAT, NONE = "TOKEN_SIGNAL", "HEAT_SIGNAL", "NO_SIGNAL"
_NOT_YET = ("CFN_SIGNAL", "TEMP_URL_SIGNAL", "ZAQAR_SIGNAL")
_TOKEN, _PASSWORD, _PROJECT, _ADDRESS, _AROUND = "token", "password", "project", "address", "around"


class WaitConditionHandleProperties(Properties):
    signal_transport: str = prop(
        "How those who signal it get to know the way.",
        default="TOKEN_SIGNAL",
        allowed=("CFN_SIGNAL", "TEMP_URL_SIGNAL", "HEAT_SIGNAL", "NO_SIGNAL", "ZAQAR_SIGNAL", "TOKEN_SIGNAL"),
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


def signal_of(ctx: Here, _: kit.Remote) -> kit.Value:
    """What logs in and signals by it, as JSON text."""
    if ctx.props.signal_transport == NONE:
        return "{}"
    if ctx.props.signal_transport != HEAT:
        return "null"
    return json.dumps(
        {
            **ctx.data.get(_AROUND, {}),
            "username": ctx.physical_name,
            "user_id": ctx.physical_id,
            "password": ctx.data[_PASSWORD].reveal(),
            "project_id": ctx.data[_PROJECT],
            "alarm_url": ctx.data[_ADDRESS],
        }
    )


@register("OS::Heat::WaitConditionHandle", support=supported("2014.2"))
class WaitConditionHandle(kit.ResourceType[WaitConditionHandleProperties]):
    """What is signalled when something elsewhere has happened, and what wait conditions look at."""

    effectless = False
    made_when_adopted = True
    takes_signals = True
    collects_signals = True
    attributes = (
        attr("token", doc="Token to signal it with (TOKEN_SIGNAL).", volatile=True, secret=True, reads=token_of),
        attr("endpoint", doc="Address to signal (TOKEN_SIGNAL).", volatile=True, reads=endpoint_of),
        attr("curl_cli", doc="Command that signals it (TOKEN_SIGNAL).", volatile=True, secret=True, reads=curl_of),
        attr(
            "signal", doc="How to signal it, as JSON text (HEAT_SIGNAL).", volatile=True, secret=True, reads=signal_of
        ),
    )

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
        transport = properties.get("signal_transport")
        if transport in _NOT_YET:
            yield "signal_transport", f"{transport} is not supported yet: give {TOKEN}, {HEAT} or {NONE}"

    async def create(self, ctx: Here) -> kit.Outcome:
        if ctx.props.signal_transport == NONE:
            ctx.physical_id = ctx.physical_name
            return kit.Ready({})
        return kit.Started(await self._make_user(ctx))

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        """With a user, what a client has to know to signal by it; a user that was found again
        gets another password."""
        if ctx.props.signal_transport == NONE or _AROUND in ctx.data:
            return kit.Ready({})
        if _PROJECT not in ctx.data:
            await self._make_user(ctx)
        password = ctx.data[_PASSWORD].reveal()
        ctx.data[_ADDRESS] = await ctx.users.signal_address(ctx.resource)
        if ctx.props.signal_transport == TOKEN:
            ctx.data[_TOKEN] = kit.Secret(await ctx.users.token(ctx.physical_id, password))
        ctx.data[_AROUND] = dict(await ctx.users.surroundings())
        return kit.Ready({})

    async def _make_user(self, ctx: Here) -> str:
        password = secrets.token_hex(16)
        user_id, project_id = await ctx.users.make(ctx.physical_name, password)
        ctx.data |= {_PASSWORD: kit.Secret(password), _PROJECT: project_id}
        return user_id

    async def delete(self, ctx: Here) -> kit.Outcome:
        if ctx.props.signal_transport != NONE:
            await ctx.users.remove(ctx.physical_id)
        return kit.Ready({})

    async def observe(self, ctx: Here) -> kit.Remote | None:
        there = ctx.props.signal_transport == NONE or await ctx.users.exists(ctx.physical_id)
        return {} if there else None

    async def find(self, ctx: Here) -> kit.Candidates:
        if ctx.props.signal_transport == NONE:
            return ()
        user_id = await ctx.users.find(ctx.physical_name)
        return () if user_id is None else (kit.Candidate(user_id),)

    def receive(self, signalled: kit.Signalled, details: Mapping[str, kit.Value] | None) -> kit.Received | None:
        """All parts of a signal may be left out."""
        told = details or {}
        number = 1 + NATIVE.count(signalled.metadata)
        return NATIVE.note(
            signalled.metadata,
            {
                "status": told.get("status") or SUCCESS,
                "reason": told.get("reason") or f"Signal {number} received",
                "data": told.get("data"),
                "id": told.get("id") or str(number),
            },
        )


class AwsWaitConditionHandleProperties(Properties):
    """None."""


@register("AWS::CloudFormation::WaitConditionHandle", support=supported("2014.1"))
class AwsWaitConditionHandle(kit.NamedType[AwsWaitConditionHandleProperties]):
    """What is signalled when something elsewhere has happened; for AWS::CloudFormation::WaitCondition."""

    takes_signals = True
    collects_signals = True
    # It is to be an address that may be signalled without a token, and there is none yet.
    referred_to_by = frozenset({"AWS::CloudFormation::WaitCondition"})

    def receive(self, signalled: kit.Signalled, details: Mapping[str, kit.Value] | None) -> kit.Received | None:
        """All parts of a signal must be given, and nothing else."""
        if details is None or details.keys() != AWS.all:
            return None
        return AWS.note(signalled.metadata, details)


@register("OS::Heat::UpdateWaitConditionHandle", support=supported("2014.1"))
class UpdateWaitConditionHandle(AwsWaitConditionHandle):
    """A handle that every update of the stack makes anew, so that its conditions wait again."""

    renews = True
