"""Compute v2.1: servers and what belongs to them, with microversions up to 2.96."""

from isotherm.localcloud.compute.faults import render
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Compute,
    mount="/compute",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("compute", "nova", "/compute/v2.1"),),
    request_id_headers=("x-openstack-request-id", "x-compute-request-id"),
)
