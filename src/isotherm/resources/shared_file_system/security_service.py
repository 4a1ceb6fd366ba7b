"""OS::Manila::SecurityService: where shares look up who people are."""

from isotherm import kit
from isotherm.kit import Named, prop, register, supported
from isotherm.kit.services.shared_file_system import SECURITY_SERVICE


class SecurityServiceProperties(Named):
    type: str = prop("Kind of service.", allowed=("ldap", "kerberos", "active_directory"))
    dns_ip: str | None = prop("Address of its DNS server.", update_allowed=True)
    server: str | None = prop("Its name or address.", update_allowed=True)
    domain: str | None = prop("Domain.", update_allowed=True)
    user: str | None = prop("User to log in as.", update_allowed=True)
    password: str | None = prop("Password of that user.", secret=True, reads=None, update_allowed=True)
    description: str | None = prop("Description.", update_allowed=True)


@register("OS::Manila::SecurityService", support=supported("5.0.0"))
class SecurityService(kit.EntityType[SecurityServiceProperties]):
    """Where shares look up who people are."""

    entity = SECURITY_SERVICE
    patience = 60.0
