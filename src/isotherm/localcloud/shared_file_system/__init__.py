"""Shared file systems v2: shares, their types, networks and security services."""

from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration
from isotherm.localcloud.shared_file_system.dialect import render
from isotherm.localcloud.shared_file_system.state import SharedFileSystems

registration = Registration(
    state=SharedFileSystems,
    mount="/share",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("shared-file-system", "manila", "/share/v2"),),
    request_id_headers=("x-openstack-request-id", "x-compute-request-id"),
)
