"""Shared file systems v2: shares, their types, networks and security services."""

from isotherm.localcloud.service import CatalogEntry, Registration
from isotherm.localcloud.shared_file_system import surroundings
from isotherm.localcloud.shared_file_system.dialect import render
from isotherm.localcloud.shared_file_system.security_services import SECURITY_SERVICES
from isotherm.localcloud.shared_file_system.share_access import LOCATIONS
from isotherm.localcloud.shared_file_system.share_networks import NETWORKS
from isotherm.localcloud.shared_file_system.share_types import TYPES
from isotherm.localcloud.shared_file_system.shares import SHARES
from isotherm.localcloud.shared_file_system.snapshots import SNAPSHOTS
from isotherm.localcloud.shared_file_system.state import SharedFileSystems

registration = Registration(
    state=SharedFileSystems,
    mount="/share",
    routes=(surroundings.versions, surroundings.quotas.routes, LOCATIONS),
    kinds=(SHARES, SNAPSHOTS, TYPES, NETWORKS, SECURITY_SERVICES),
    render=render,
    catalog=(CatalogEntry("shared-file-system", "manila", "/share/v2"),),
    request_id_headers=("x-openstack-request-id", "x-compute-request-id"),
)

__all__ = ["registration"]
