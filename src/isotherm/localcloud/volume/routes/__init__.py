"""Block storage's routes, a file per kind of object."""

from isotherm.localcloud.volume.routes import (
    attachments,
    backups,
    metadata,
    qos,
    quotas,
    services,
    snapshots,
    types,
    versions,
    volume_actions,
    volumes,
)

ALL = (
    versions.routes,
    volumes.routes,
    volume_actions.routes,
    metadata.routes,
    snapshots.routes,
    attachments.routes,
    types.routes,
    qos.routes,
    backups.routes,
    quotas.routes,
    services.routes,
)
