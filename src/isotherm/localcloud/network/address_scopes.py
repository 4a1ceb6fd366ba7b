"""Address scopes: subnet pools whose prefixes do not overlap."""

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import Ties, Wish
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.entities import AddressScope
from isotherm.localcloud.network.state import Networking


def create(networking: Networking, call: Call, wish: Wish) -> AddressScope:
    if wish["ip_version"] not in (4, 6):
        raise faults.invalid_value("ip_version", f"{wish['ip_version']} is not in valid_values")
    return KIND.add(networking, call.caller, wish)


KIND = NetworkKind[AddressScope](
    name="address_scope",
    entity=AddressScope,
    path="/address-scopes",
    shared_as="address_scope",
    ties=Ties(
        users={"subnetpool": "address_scope_id"},
        used=lambda scope: faults.conflict(
            "AddressScopeInUse",
            f"Unable to complete operation on address scope {scope.id}. There are one or more "
            "subnet pools in use on the address scope.",
        ),
    ),
    create=create,
)
