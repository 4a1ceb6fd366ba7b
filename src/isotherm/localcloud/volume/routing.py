"""Block storage's routes come with microversions; some are for administrators."""

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.microversions import VersionedRoutes
from isotherm.localcloud.volume.faults import forbidden, invalid
from isotherm.localcloud.volume.microversion import VERSIONS
from isotherm.localcloud.volume.state import BlockStorage


class VolumeRoutes(VersionedRoutes[BlockStorage]):
    def __init__(self) -> None:
        super().__init__(VERSIONS, forbidden, "/v3/{project_id}", "/v3")

    def check(self, call: Call) -> None:
        """The path names the token's project or none. Raises Fault 400."""
        named = call.params.get("project_id")
        if named is not None and named != call.caller.project_id:
            raise invalid("Malformed request url")
