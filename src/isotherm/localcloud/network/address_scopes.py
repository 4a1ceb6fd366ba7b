"""Address scopes: subnet pools whose prefixes do not overlap."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller
from isotherm.localcloud.network import faults, sharing
from isotherm.localcloud.network.attributes import (
    REQUIRED,
    SHARED,
    Attribute,
    Schema,
    Wish,
)
from isotherm.localcloud.network.checks import integer, text
from isotherm.localcloud.network.entities import AddressScope
from isotherm.localcloud.network.kinds import Kind
from isotherm.localcloud.network.state import Networking

SCHEMA = Schema(
    "address_scope",
    (
        Attribute("name", text(), REQUIRED),
        Attribute("ip_version", integer(), REQUIRED, put=False),
        SHARED,
    ),
)


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
    networking.address_scopes.remove(scope.id)


def show(networking: Networking, scope: AddressScope, caller: Caller) -> dict[str, Any]:
    return {
        "id": scope.id,
        "project_id": scope.project_id,
        "tenant_id": scope.project_id,
        "name": scope.name,
        "ip_version": scope.ip_version,
        "shared": sharing.is_shared(networking, caller, scope),
    }


KIND = Kind[AddressScope](
    name="address_scope",
    plural="address_scopes",
    path="/address-scopes",
    schema=SCHEMA,
    collection=lambda networking: networking.address_scopes,
    show=show,
    create=create,
    change=change,
    delete=delete,
    visible=sharing.is_usable,
)
