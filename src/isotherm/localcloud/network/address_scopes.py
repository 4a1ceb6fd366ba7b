"""Address scopes: subnet pools whose prefixes do not overlap."""

from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import Wish
from isotherm.localcloud.network import faults, sharing
from isotherm.localcloud.network.dialect import SHARED, NetworkKind
from isotherm.localcloud.network.entities import AddressScope
from isotherm.localcloud.network.state import Networking


def create(networking: Networking, call: Call, wish: Wish) -> AddressScope:
    if wish["ip_version"] not in (4, 6):
        raise faults.invalid_value("ip_version", f"{wish['ip_version']} is not in valid_values")
    shared = wish.pop("shared")
    scope = networking.add(networking.address_scopes, AddressScope(**wish))
    sharing.set_shared(networking, scope, "address_scope", shared=shared)
    return scope


def change(networking: Networking, call: Call, scope: AddressScope, wish: Wish) -> None:
    if "shared" in wish:
        sharing.set_shared(networking, scope, "address_scope", shared=wish.pop("shared"))
    networking.assign(networking.address_scopes, scope, wish)


def delete(networking: Networking, call: Call, scope: AddressScope) -> None:
    if any(pool.address_scope_id == scope.id for pool in networking.subnet_pools):
        raise faults.conflict(
            "AddressScopeInUse",
            f"Unable to complete operation on address scope {scope.id}. There are one or more "
            "subnet pools in use on the address scope.",
        )
    sharing.forget(networking, scope.id)


def _more(networking: Networking, call: Call, scope: AddressScope, view: str) -> dict[str, Any]:
    return {"shared": sharing.is_shared(networking, call.caller, scope)}


KIND = NetworkKind[AddressScope](
    name="address_scope",
    entity=AddressScope,
    path="/address-scopes",
    also={"shared": SHARED},
    create=create,
    change=change,
    delete=delete,
    visible=sharing.is_usable,
    more=_more,
)
