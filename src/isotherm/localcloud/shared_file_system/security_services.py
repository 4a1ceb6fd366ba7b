"""Security services: where shares look up who people are."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing, Ties, Wish, merged
from isotherm.localcloud.kinds.views import FULL
from isotherm.localcloud.shared_file_system.dialect import DIALECT
from isotherm.localcloud.shared_file_system.entities import SecurityService, invalid_input
from isotherm.localcloud.shared_file_system.state import SharedFileSystems

_TYPES = ("active_directory", "ldap", "kerberos")


def check(shares: SharedFileSystems, call: Call, wish: Wish, there: SecurityService | None) -> None:
    (type_,) = merged(wish, there, "type")
    if type_ not in _TYPES:
        known = f"Valid types are {','.join(_TYPES)}."
        raise invalid_input(f"Invalid type {type_} specified for security service. {known}")


def _more(
    shares: SharedFileSystems, call: Call, service: SecurityService, view: str
) -> dict[str, Any]:
    if view != FULL or not call.path.endswith("/detail"):
        return {}
    return {"share_networks": [e.id for e in shares.networks if service.id in e.security_services]}


SECURITY_SERVICES = Kind[SharedFileSystems, SecurityService](
    dialect=DIALECT,
    name="security_service",
    entity=SecurityService,
    path="/security-services",
    brief=True,
    listing=Listing(
        linked=False,
        filters=("name", "type", "status", "dns_ip", "server", "domain", "user", "description"),
        matchers={
            "share_network_id": lambda shares, each, said: any(
                network.id == said and each.id in network.security_services
                for network in shares.networks
            )
        },
    ),
    ties=Ties(
        users={"share_network": "security_services"},
        used=lambda service: Fault(
            403, "Cannot delete security service. It is assigned to share network(s)"
        ),
    ),
    check=check,
    more=_more,
)
