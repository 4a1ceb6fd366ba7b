"""Key manager v1: secrets, containers of them, and orders for new ones."""

from isotherm.localcloud.key_manager import (  # noqa: F401 -- routes of kinds
    access,
    consumers,
    metadata,
    quotas,
)
from isotherm.localcloud.key_manager.containers import CONTAINERS
from isotherm.localcloud.key_manager.dialect import MOUNT, render
from isotherm.localcloud.key_manager.orders import ORDERS
from isotherm.localcloud.key_manager.secrets import SECRETS
from isotherm.localcloud.key_manager.state import KeyManager
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=KeyManager,
    mount=MOUNT,
    routes=(quotas.versions, quotas.routes),
    kinds=(SECRETS, CONTAINERS, ORDERS),
    render=render,
    catalog=(CatalogEntry("key-manager", "barbican", MOUNT),),
)

__all__ = ["registration"]
