"""Block storage v3: volumes, snapshots, backups, types, attachments."""

from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration
from isotherm.localcloud.volume.dialect import render
from isotherm.localcloud.volume.peering import PeeringBlockStorage

_URL = "/volume/v3/%(project_id)s"

registration = Registration(
    state=PeeringBlockStorage,
    mount="/volume",
    parts=parts_of(__name__),
    render=render,
    catalog=(
        CatalogEntry("block-storage", "cinder", _URL),
        CatalogEntry("volumev3", "cinderv3", _URL),
    ),
    request_id_headers=("x-openstack-request-id", "x-compute-request-id"),
)
