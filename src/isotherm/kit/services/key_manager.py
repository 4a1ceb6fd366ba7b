"""Key manager: secrets and containers of them, known by their URLs."""

from isotherm.kit.entity import Entity
from isotherm.kit.finder import ANYTHING, Finder
from isotherm.kit.service import Service, declare

KEY_MANAGER = declare(Service("key-manager", version="v1", microversions="key-manager"))


def _entity(path: str, finder: str) -> Entity:
    looked_up = Finder(finder, ANYTHING, by_name=False, by_reference=True)
    return KEY_MANAGER.entity("", f"/{path}", path, finder=looked_up)


CONTAINER = _entity("containers", "barbican.container")
SECRET = _entity("secrets", "barbican.secret")
