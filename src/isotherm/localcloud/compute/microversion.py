"""Compute's microversions."""

from isotherm.localcloud.microversions import Microversions

MIN, MAX = 1, 96
VERSIONS = Microversions(("compute",), 2, MIN, MAX, own_header="X-OpenStack-Nova-API-Version")
minor_of = VERSIONS.minor_of
version_headers = VERSIONS.headers
