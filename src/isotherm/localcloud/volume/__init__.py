"""Block storage v3: volumes, snapshots, backups, types, attachments."""

from isotherm.localcloud.service import CatalogEntry, Registration
from isotherm.localcloud.volume import routes
from isotherm.localcloud.volume.faults import render
from isotherm.localcloud.volume.peering import PeeringBlockStorage
from isotherm.localcloud.volume.transitions import transitions

_URL = "/volume/v3/%(project_id)s"

registration = Registration(
    state=PeeringBlockStorage,
    mount="/volume",
    routes=routes.ALL,
    render=render,
    transitions=transitions,
    catalog=(
        CatalogEntry("block-storage", "cinder", _URL),
        CatalogEntry("volumev3", "cinderv3", _URL),
    ),
    request_id_headers=("x-openstack-request-id", "x-compute-request-id"),
)

__all__ = ["registration"]
