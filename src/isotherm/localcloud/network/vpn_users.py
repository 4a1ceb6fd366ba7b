"""What private networks need of routers: it stays while a VPN service is there."""

from isotherm.localcloud.network import faults
from isotherm.localcloud.network.entities import Router
from isotherm.localcloud.network.guard_entities import VpnService
from isotherm.localcloud.network.state import Networking


def refuse_router_in_use(networking: Networking, router: Router) -> None:
    """Neither the router nor its gateway may go. Raises Fault 409."""
    using = [each.id for each in _services(networking) if each.router_id == router.id]
    if using:
        services = "services" if len(using) > 1 else "service"
        raise faults.conflict(
            "RouterInUse",
            f"Router {router.id} is currently used by VPN {services} ({','.join(using)})",
        )


def refuse_subnet_in_use(networking: Networking, router: Router, subnet_id: str) -> None:
    """Nor may the router's interface. Raises Fault 409."""
    for each in _services(networking):
        if (each.router_id, each.subnet_id) == (router.id, subnet_id):
            raise faults.conflict(
                "SubnetInUseByVPNService", f"Subnet {subnet_id} is used by VPNService {each.id}"
            )


def _services(networking: Networking) -> list[VpnService]:
    return [each for each in networking.collections["vpnservice"] if isinstance(each, VpnService)]
