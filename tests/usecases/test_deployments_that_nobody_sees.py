"""Deployments to servers on which nothing would look for them are refused at once."""

from __future__ import annotations

from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.diagnostics import InvalidDocument
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack


def template(server: dict[str, Any], kind: str, of: Any = None) -> dict[str, Any]:
    deployed = {
        "config": {"get_resource": "config"},
        "server": of or {"get_resource": "machine"},
        "signal_transport": "NO_SIGNAL",
    }
    return {
        "heat_template_version": "2021-04-16",
        "parameters": {"format": {"type": "string", "default": "RAW"}},
        "resources": {
            "config": {"type": "OS::Heat::SoftwareConfig"},
            "machine": server,
            "deployed": {"type": kind, "properties": deployed},
        },
    }


def nova(**more: Any) -> dict[str, Any]:
    found_later = {"get_resource": "config"}
    properties = {"flavor": found_later, "image": found_later, **more}
    return {"type": "OS::Nova::Server", "properties": properties}


async def create(desk: Desk, wanted: dict[str, Any]) -> None:
    desk.cloud.offered |= {"compute", "network"}
    request = CreateRequest(name="web", source=SourceRequest(template=wanted))
    await create_stack(desk.services, desk.caller, request)


@pytest.mark.parametrize("kind", ["OS::Heat::SoftwareDeployment", "OS::Heat::StructuredDeployment"])
@pytest.mark.parametrize(
    ("server", "boots_with"),
    [
        (nova(), "HEAT_CFNTOOLS"),
        (nova(user_data_format={"get_param": "format"}), "RAW"),
    ],
)
async def test_it_says_what_the_server_boots_with(
    desk: Desk, kind: str, server: dict[str, Any], boots_with: str
) -> None:
    with pytest.raises(InvalidDocument) as refused:
        await create(desk, template(server, kind))
    assert f"user_data_format of machine is {boots_with}" in str(refused.value)
    assert "resources.deployed.properties.server" in str(refused.value)


@pytest.mark.parametrize(
    ("server", "of"),
    [
        (nova(user_data_format="SOFTWARE_CONFIG"), None),
        ({"type": "OS::Heat::DeployedServer"}, None),
        (nova(), "the-id-of-another"),
    ],
)
async def test_what_looks_or_is_not_known_is_taken(
    desk: Desk, server: dict[str, Any], of: Any
) -> None:
    await create(desk, template(server, "OS::Heat::SoftwareDeployment", of))
