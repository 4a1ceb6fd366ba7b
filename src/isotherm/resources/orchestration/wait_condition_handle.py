"""Handles of wait conditions: what is signalled when something elsewhere has happened."""

from collections.abc import Mapping

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.resources.orchestration.wait_signals import AWS, NATIVE, SUCCESS

_BY_REQUEST = "NO_SIGNAL"
_OTHERS = ("CFN_SIGNAL", "TEMP_URL_SIGNAL", "HEAT_SIGNAL", "ZAQAR_SIGNAL", "TOKEN_SIGNAL")


class WaitConditionHandleProperties(Properties):
    signal_transport: str = prop(
        "How those who signal it get to know the way.",
        default="TOKEN_SIGNAL",
        allowed=("CFN_SIGNAL", "TEMP_URL_SIGNAL", "HEAT_SIGNAL", "NO_SIGNAL", "ZAQAR_SIGNAL", "TOKEN_SIGNAL"),
        since="6.0.0",
    )


@register("OS::Heat::WaitConditionHandle", support=supported("2014.2"))
class WaitConditionHandle(kit.NamedType[WaitConditionHandleProperties]):
    """What is signalled when something elsewhere has happened, and what wait conditions look at."""

    takes_signals = True
    collects_signals = True
    attributes = (
        attr("token", doc="Token to signal it with; none without a transport.", volatile=True, reads=lambda *_: None),
        attr("endpoint", doc="Address to signal; none without a transport.", volatile=True, reads=lambda *_: None),
        attr(
            "curl_cli", doc="Command that signals it; none without a transport.", volatile=True, reads=lambda *_: None
        ),
        attr("signal", doc="How to signal it, as JSON text.", volatile=True, reads=lambda *_: "{}"),
    )

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
        transport = properties.get("signal_transport")
        if transport in _OTHERS:
            yield (
                "signal_transport",
                f"{transport} is not supported yet: give {_BY_REQUEST} and signal it with the API",
            )

    def receive(self, signalled: kit.Signalled, details: Mapping[str, kit.Value] | None) -> kit.Received | None:
        """All parts of a signal may be left out."""
        told = details or {}
        number = 1 + sum(1 for _ in NATIVE.signals(signalled.metadata))
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
