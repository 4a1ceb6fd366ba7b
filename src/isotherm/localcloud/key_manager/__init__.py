"""Key manager v1: secrets, containers of them, and orders for new ones."""

from isotherm.localcloud.key_manager.dialect import MOUNT, render
from isotherm.localcloud.key_manager.state import KeyManager
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=KeyManager,
    mount=MOUNT,
    parts=parts_of(__name__, late="generation"),
    render=render,
    catalog=(CatalogEntry("key-manager", "barbican", MOUNT),),
)
