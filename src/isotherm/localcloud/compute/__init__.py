"""Compute v2.1: servers and what belongs to them, with microversions up to 2.96."""

from isotherm.localcloud.compute import (
    action_log_routes,
    administration,
    consoles,
    interfaces,
    keypairs,
    quotas,
    server_actions,
    server_labels,
    servers,
    versions,
    volume_attachments,
)
from isotherm.localcloud.compute.aggregates import AGGREGATES
from isotherm.localcloud.compute.faults import render
from isotherm.localcloud.compute.flavors import FLAVORS
from isotherm.localcloud.compute.server_groups import SERVER_GROUPS
from isotherm.localcloud.compute.state import Compute, transitions
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Compute,
    mount="/compute",
    routes=(
        versions.routes,
        servers.routes,
        server_actions.routes,
        consoles.routes,
        action_log_routes.routes,
        interfaces.routes,
        server_labels.routes,
        volume_attachments.routes,
        keypairs.routes,
        quotas.routes,
        administration.routes,
    ),
    kinds=(FLAVORS, SERVER_GROUPS, AGGREGATES),
    render=render,
    transitions=transitions,
    catalog=(CatalogEntry("compute", "nova", "/compute/v2.1"),),
    request_id_headers=("x-openstack-request-id", "x-compute-request-id"),
)

__all__ = ["Compute", "registration"]
