"""OS::Keystone::Service: an entry in the catalogue."""

from isotherm.kit import Described, prop, register, supported
from isotherm.kit.services.identity import SERVICE
from isotherm.resources.identity.identity_type import IdentityType


class ServiceProperties(Described):
    type: str = prop("Kind of service, by which clients look for it.", update_allowed=True)
    enabled: bool = prop("Whether the catalogue shows it.", default=True, update_allowed=True, since="6.0.0")


@register("OS::Keystone::Service", support=supported("5.0.0"))
class Service(IdentityType[ServiceProperties]):
    """An entry in the catalogue; its endpoints go with it."""

    entity = SERVICE
