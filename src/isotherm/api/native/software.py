"""Handlers of software configurations and deployments."""

from __future__ import annotations

from typing import Any

from isotherm.api.native.call import Call
from isotherm.kit.deployments import described_config, described_deployment
from isotherm.kit.software import SoftwareConfig
from isotherm.usecases import software


async def index_configs(call: Call) -> dict[str, Any]:
    found = await software.list_configs(
        call.services,
        call.caller,
        everywhere=call.query.flag("global_tenant"),
        limit=call.query.number("limit"),
        after=call.query.text("marker"),
    )
    return {"software_configs": [_listed_config(call, each) for each in found]}


def _listed_config(call: Call, config: SoftwareConfig) -> dict[str, Any]:
    project = {"project": config.project_id} if call.links.everywhere else {}
    return {**described_config(config, whole=False), **project}


async def create_config(call: Call) -> dict[str, Any]:
    config = await software.create_config(call.services, call.caller, await call.body())
    return {"software_config": described_config(config)}


async def show_config(call: Call) -> dict[str, Any]:
    config = await software.show_config(call.services, call.caller, call.path["config_id"])
    return {"software_config": described_config(config)}


async def delete_config(call: Call) -> None:
    await software.delete_config(call.services, call.caller, call.path["config_id"])


async def index_deployments(call: Call) -> dict[str, Any]:
    server_id = call.query.text("server_id")
    found = await software.list_deployments(call.services, call.caller, server_id)
    return {"software_deployments": [described_deployment(each) for each in found]}


async def create_deployment(call: Call) -> dict[str, Any]:
    body = await call.body()
    deployment = await software.create_deployment(call.services, call.caller, body)
    return {"software_deployment": described_deployment(deployment)}


async def show_deployment(call: Call) -> dict[str, Any]:
    wanted = call.path["deployment_id"]
    deployment = await software.show_deployment(call.services, call.caller, wanted)
    return {"software_deployment": described_deployment(deployment)}


async def update_deployment(call: Call) -> dict[str, Any]:
    wanted, body = call.path["deployment_id"], await call.body()
    deployment = await software.update_deployment(call.services, call.caller, wanted, body)
    return {"software_deployment": described_deployment(deployment)}


async def delete_deployment(call: Call) -> None:
    await software.delete_deployment(call.services, call.caller, call.path["deployment_id"])


async def metadata(call: Call) -> dict[str, Any]:
    server_id = call.path["server_id"]
    found = await software.deployments_of_server(call.services, call.caller, server_id)
    return {"metadata": [described_config(each) for each in found]}
