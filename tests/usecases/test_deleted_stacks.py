"""Deleted stacks are there to be looked at, though the cloud answers them no more."""

from __future__ import annotations

import pytest
from tests.desk import Desk

from isotherm.core.errors import Denied
from isotherm.core.values import Value
from isotherm.kit import CloudApi
from isotherm.testing.token_cloud import TokenCloud
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.show import show_stack

ZONES = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Outputs": {"all": {"Value": {"Fn::GetAZs": ""}}},
}


async def refuse(cloud: TokenCloud, credentials: Value) -> CloudApi:
    raise Denied("The trust was revoked.")


async def test_one_that_asks_for_zones_is_shown_without_its_delegation(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.cloud.names.replies["GET /os-availability-zone"] = {"availabilityZoneInfo": []}
    stack = await create_stack(
        desk.services, desk.caller, CreateRequest(name="web", source=SourceRequest(template=ZONES))
    )
    await desk.settle(stack.id)
    await desk.delete(stack.id)
    monkeypatch.setattr(TokenCloud, "connect", refuse)
    shown = await show_stack(desk.services, desk.caller, "web", stack.id)
    assert (shown.stack.action, shown.outputs) == ("DELETE", None)
