"""Block storage v3: volumes, snapshots, backups, types, attachments."""

from isotherm.localcloud.service import CatalogEntry, Registration
from isotherm.localcloud.volume import quotas, surroundings, volume_actions  # noqa: F401 -- actions register themselves
from isotherm.localcloud.volume.attachments import ATTACHMENTS
from isotherm.localcloud.volume.backups import BACKUPS
from isotherm.localcloud.volume.dialect import render
from isotherm.localcloud.volume.peering import PeeringBlockStorage
from isotherm.localcloud.volume.qos import QOS
from isotherm.localcloud.volume.snapshots import SNAPSHOTS
from isotherm.localcloud.volume.types import TYPES
from isotherm.localcloud.volume.volumes import VOLUMES

_URL = "/volume/v3/%(project_id)s"
_KINDS = (VOLUMES, SNAPSHOTS, BACKUPS, ATTACHMENTS, TYPES, QOS)

registration = Registration(
    state=PeeringBlockStorage,
    mount="/volume",
    routes=(surroundings.versions, surroundings.routes, quotas.routes),
    kinds=_KINDS,
    render=render,
    catalog=(
        CatalogEntry("block-storage", "cinder", _URL),
        CatalogEntry("volumev3", "cinderv3", _URL),
    ),
    request_id_headers=("x-openstack-request-id", "x-compute-request-id"),
)

__all__ = ["registration"]
