"""Security services: where shares look up who people are."""

from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.kinds import Kind, Listing, Ties
from isotherm.localcloud.shared_file_system.dialect import DIALECT
from isotherm.localcloud.shared_file_system.entities import SecurityService
from isotherm.localcloud.shared_file_system.state import SharedFileSystems

SECURITY_SERVICES = Kind[SharedFileSystems, SecurityService](
    dialect=DIALECT,
    name="security_service",
    entity=SecurityService,
    path="/security-services",
    brief=True,
    listing=Listing(
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
            403, "Cannot delete security service. It is assigned to share network(s)."
        ),
    ),
)
