"""OS::Neutron::AddressScope: subnet pools whose addresses do not overlap."""

from isotherm.kit import Named, prop, register, supported
from isotherm.kit.services.network import ADDRESS_SCOPE
from isotherm.resources.network.network_type import NetworkType


class AddressScopeProperties(Named):
    shared: bool = prop("Whether all projects may use it.", default=False, update_allowed=True)
    tenant_id: str | None = prop(
        "Project that owns it; administrators only.", finds="keystone.project", sends="tenant_id"
    )
    ip_version: int = prop("Version of its addresses.", default=4, allowed=(4, 6))


@register("OS::Neutron::AddressScope", support=supported("6.0.0"))
class AddressScope(NetworkType[AddressScopeProperties]):
    """Subnet pools whose addresses do not overlap."""

    entity = ADDRESS_SCOPE
    extension = "address-scope"
    status_field = ""
