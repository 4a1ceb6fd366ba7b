"""Object store v1: accounts, containers, objects, and who gets to them."""

from isotherm.localcloud.object_store.faults import render
from isotherm.localcloud.object_store.state import ObjectStore
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=ObjectStore,
    mount="/object-store",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("object-store", "swift", "/object-store/v1/AUTH_%(project_id)s"),),
    request_id_headers=("x-trans-id", "x-openstack-request-id"),
)
