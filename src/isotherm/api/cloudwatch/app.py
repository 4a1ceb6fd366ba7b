"""Puts the CloudWatch door together: one table of actions, in three protocols."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from isotherm.api.aws.description import load_description
from isotherm.api.aws.door import AwsDoor, with_faults
from isotherm.api.aws.rpc import CBOR, JSON, RpcDoor, codec_of, with_rpc_faults
from isotherm.api.cloudwatch.actions import ACTIONS
from isotherm.usecases.services import Services


def build_cloudwatch(services: Services) -> ASGIApp:
    """The ASGI application of the CloudWatch API."""
    description = load_description(__package__)
    query = with_faults(AwsDoor(services, description, ACTIONS))
    rpc = {
        codec.media_type: with_rpc_faults(RpcDoor(services, description, ACTIONS, codec), codec)
        for codec in (JSON, CBOR)
    }

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        codec = codec_of(Request(scope).headers)
        app = query if codec is None else rpc[codec.media_type]
        await app(scope, receive, send)

    return door
