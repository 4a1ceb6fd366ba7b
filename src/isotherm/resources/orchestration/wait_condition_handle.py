"""Handles of wait conditions: what is signalled when something elsewhere has happened."""

import json
from collections.abc import Mapping

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.resources.orchestration.wait_signals import AWS, NATIVE, SUCCESS

TOKEN, HEAT, CFN, NONE = "TOKEN_SIGNAL", "HEAT_SIGNAL", "CFN_SIGNAL", "NO_SIGNAL"
_NOT_YET = ("TEMP_URL_SIGNAL", "ZAQAR_SIGNAL")
_TOKEN, _ADDRESS, _AROUND = "token", "address", "around"


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


def signal_of(ctx: Here, remote: kit.Remote) -> kit.Value:
    """What signals by it, perhaps after it has logged in, as JSON text."""
    transport = ctx.props.signal_transport
    if transport == NONE:
        return "{}"
    if transport == CFN:
        signed = kit.signed_address_of(ctx, remote)
        return json.dumps({"alarm_url": signed.reveal()}) if signed else None
    if transport != HEAT:
        return "null"
    return json.dumps(
        {
            **ctx.data.get(_AROUND, {}),
            "username": ctx.physical_name,
            "user_id": ctx.physical_id,
            "password": ctx.data[kit.PASSWORD].reveal(),
            "project_id": ctx.data[kit.PROJECT],
            "alarm_url": ctx.data[_ADDRESS],
        }
    )


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
            doc="How to signal it, as JSON text (HEAT_, CFN_SIGNAL).",
            volatile=True,
            secret=True,
            reads=signal_of,
        ),
    )

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
        transport = properties.get("signal_transport")
        if transport in _NOT_YET:
            yield "signal_transport", f"{transport} is not supported yet: give {TOKEN}, {HEAT}, {CFN} or {NONE}"

    def wants_user(self, props: WaitConditionHandleProperties) -> bool:
        return props.signal_transport != NONE

    def wants_key(self, props: WaitConditionHandleProperties) -> bool:
        return props.signal_transport == CFN

    async def equip(self, ctx: Here) -> None:
        if ctx.props.signal_transport == CFN:
            await self.sign(ctx, kit.Purpose.WAIT_CONDITION)
            return
        ctx.data[_ADDRESS] = await ctx.users.signal_address(ctx.resource)
        if ctx.props.signal_transport == TOKEN:
            password = ctx.data[kit.PASSWORD].reveal()
            ctx.data[_TOKEN] = kit.Secret(await ctx.users.token(ctx.physical_id, password))
        ctx.data[_AROUND] = dict(await ctx.users.surroundings())

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
class AwsWaitConditionHandle(kit.StackUserType[AwsWaitConditionHandleProperties]):
    """What is signalled when something elsewhere has happened; for AWS::CloudFormation::WaitCondition."""

    takes_signals = True
    collects_signals = True

    async def equip(self, ctx: kit.Context[AwsWaitConditionHandleProperties]) -> None:
        await self.sign(ctx, kit.Purpose.WAIT_CONDITION)

    def reference(self, ctx: kit.Context[AwsWaitConditionHandleProperties]) -> kit.Value:
        """The address that signals it without a token."""
        return kit.signed_address_of(ctx, {}) or super().reference(ctx)

    def receive(self, signalled: kit.Signalled, details: Mapping[str, kit.Value] | None) -> kit.Received | None:
        """All parts of a signal must be given, and nothing else."""
        if details is None or details.keys() != AWS.all:
            return None
        return AWS.note(signalled.metadata, details)


@register("OS::Heat::UpdateWaitConditionHandle", support=supported("2014.1"))
class UpdateWaitConditionHandle(AwsWaitConditionHandle):
    """A handle that every update of the stack makes anew, so that its conditions wait again."""

    renews = True
