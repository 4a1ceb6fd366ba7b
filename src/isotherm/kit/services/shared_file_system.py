"""Shared file systems: shares, and what they are made with."""

from typing import Any

from isotherm.kit.entity import Entity
from isotherm.kit.finder import Finder
from isotherm.kit.service import Service, declare

SHARED_FILE_SYSTEM = declare(
    Service(
        "shared-file-system",
        version="v2",
        microversions="shared-file-system",
        own_header="X-OpenStack-Manila-API-Version",
    )
)

_VERSION = "2.42"
"""Before networks had several subnets each."""


def _entity(key: str, path: str, finder: str = "", **more: Any) -> Entity:
    looked_up = Finder(finder) if finder else None
    detail = f"{path}/detail"
    return SHARED_FILE_SYSTEM.entity(
        key, path, finder=looked_up, **{"list_path": detail, "microversion": _VERSION, **more}
    )


SECURITY_SERVICE = _entity("security_service", "/security-services")
SHARE = _entity("share", "/shares")
SHARE_NETWORK = _entity("share_network", "/share-networks", "manila.share_network")
SHARE_SNAPSHOT = _entity("snapshot", "/snapshots", "manila.share_snapshot")
SHARE_TYPE = SHARED_FILE_SYSTEM.entity(
    "share_type",
    "/types",
    microversion=_VERSION,
    finder=Finder("manila.share_type", name_filter="", filters={"is_public": "all"}),
)
