"""Compute's routes come and go with microversions; some are for administrators."""

from isotherm.localcloud.compute.microversion import VERSIONS
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.microversions import VersionedRoutes


class ComputeRoutes(VersionedRoutes[Compute]):
    def __init__(self) -> None:
        super().__init__(VERSIONS, forbidden, "/v2.1/{project_id}", "/v2.1")


def require(call: Call, policy: str) -> None:
    """Raises Fault 403 for anybody but an administrator."""
    if not call.caller.is_admin:
        raise forbidden(policy)


def forbidden(policy: str) -> Fault:
    return Fault(403, f"Policy doesn't allow os_compute_api:{policy} to be performed.")
