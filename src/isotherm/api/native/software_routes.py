"""Routes of software configurations and deployments."""

from __future__ import annotations

from isotherm.api.native import paths, software
from isotherm.api.native.queries import Arity
from isotherm.api.native.routing import Route

SOFTWARE: tuple[Route, ...] = (
    Route(
        "software_config_index",
        "GET",
        paths.CONFIGS,
        software.index_configs,
        "software_configs:index",
        query=dict.fromkeys(("global_tenant", "limit", "marker"), Arity.SINGLE),
        summary="List software configurations",
    ),
    Route(
        "software_config_create",
        "POST",
        paths.CONFIGS,
        software.create_config,
        "software_configs:create",
        summary="Create a software configuration",
    ),
    Route(
        "software_config_show",
        "GET",
        f"{paths.CONFIGS}/{{config_id}}",
        software.show_config,
        "software_configs:show",
        summary="Show a software configuration",
    ),
    Route(
        "software_config_delete",
        "DELETE",
        f"{paths.CONFIGS}/{{config_id}}",
        software.delete_config,
        "software_configs:delete",
        success=204,
        summary="Delete a software configuration",
    ),
    Route(
        "software_deployment_index",
        "GET",
        paths.DEPLOYMENTS,
        software.index_deployments,
        "software_deployments:index",
        query={"server_id": Arity.SINGLE},
        summary="List software deployments",
    ),
    Route(
        "software_deployment_metadata",
        "GET",
        f"{paths.DEPLOYMENTS}/metadata/{{server_id}}",
        software.metadata,
        "software_deployments:metadata",
        summary="Show what is to be deployed to a server",
    ),
    Route(
        "software_deployment_create",
        "POST",
        paths.DEPLOYMENTS,
        software.create_deployment,
        "software_deployments:create",
        summary="Create a software deployment",
    ),
    Route(
        "software_deployment_show",
        "GET",
        f"{paths.DEPLOYMENTS}/{{deployment_id}}",
        software.show_deployment,
        "software_deployments:show",
        summary="Show a software deployment",
    ),
    Route(
        "software_deployment_update",
        "PUT",
        f"{paths.DEPLOYMENTS}/{{deployment_id}}",
        software.update_deployment,
        "software_deployments:update",
        summary="Change a software deployment",
    ),
    Route(
        "software_deployment_delete",
        "DELETE",
        f"{paths.DEPLOYMENTS}/{{deployment_id}}",
        software.delete_deployment,
        "software_deployments:delete",
        success=204,
        summary="Delete a software deployment",
    ),
)
