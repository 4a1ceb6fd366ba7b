"""Compute's routes, a file per kind of object."""

from isotherm.localcloud.compute.routes import (
    flavors,
    keypairs,
    servers,
    versions,
    volume_attachments,
)

ALL = (
    versions.routes,
    servers.routes,
    volume_attachments.routes,
    flavors.routes,
    keypairs.routes,
)
