"""Compute's routes, a file per kind of object."""

from isotherm.localcloud.compute.routes import (
    actions,
    administration,
    consoles,
    flavors,
    instance_actions,
    interfaces,
    keypairs,
    metadata,
    quotas,
    server_groups,
    servers,
    versions,
    volume_attachments,
)

ALL = (
    versions.routes,
    servers.routes,
    actions.routes,
    consoles.routes,
    instance_actions.routes,
    interfaces.routes,
    metadata.routes,
    volume_attachments.routes,
    server_groups.routes,
    flavors.routes,
    keypairs.routes,
    quotas.routes,
    administration.routes,
)
