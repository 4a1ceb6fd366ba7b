"""Key manager: secrets, containers of them and orders for new ones, known by their URLs."""

from isotherm.kit.entity import Entity
from isotherm.kit.finder import ANYTHING, Finder
from isotherm.kit.service import Service, declare

KEY_MANAGER = declare(Service("key-manager", version="v1", microversions="key-manager"))


def _entity(kind: str, finder: str = "") -> Entity:
    looked_up = Finder(finder, ANYTHING, by_name=False) if finder else None
    return KEY_MANAGER.entity(
        "", f"/{kind}s", f"{kind}s", id_field=f"{kind}_ref", by_reference=True, finder=looked_up
    )


CONTAINER = _entity("container", "barbican.container")
ORDER = _entity("order")
SECRET = _entity("secret", "barbican.secret")
