"""Load balancers: each has an address, which a port of the network service keeps."""

from dataclasses import replace
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Wish, said_only
from isotherm.localcloud.kinds.checks import as_is, list_of, or_none
from isotherm.localcloud.load_balancer import statuses
from isotherm.localcloud.load_balancer.dialect import DIALECT, LIFE, PartKind, forget, references
from isotherm.localcloud.load_balancer.entities import LoadBalancer
from isotherm.localcloud.load_balancer.state import Balancing
from isotherm.localcloud.peers import VipWish

_PARTS = said_only(or_none(list_of(as_is)), update=False, default=None)


def create(service: Balancing, call: Call, wish: Wish) -> LoadBalancer:
    """Without its parts."""
    _require_offer(service, wish)
    alone = {name: each for name, each in wish.items() if name not in ("listeners", "pools")}
    balancer = LoadBalancer(**DIALECT.ownership(service, call.caller, LoadBalancer) | alone)
    _take_address(service, call, balancer)
    return service.balancers.add(balancer)


def _require_offer(service: Balancing, wish: Wish) -> None:
    """The flavor and the zone exist and may be used. Raises Fault 400."""
    flavor, zone = service.flavors.get(wish["flavor_id"] or ""), wish["availability_zone"]
    if wish["flavor_id"] and (flavor is None or not flavor.enabled):
        raise Fault(400, "Validation failure: Invalid flavor_id.")
    if zone and not any(each.name == zone and each.enabled for each in service.zones):
        raise Fault(400, f"Validation failure: Invalid availability_zone: {zone}.")


def _take_address(service: Balancing, call: Call, balancer: LoadBalancer) -> None:
    """Raises Fault 400 where the network service has none to give."""
    network = service.frame.peers.network
    try:
        if balancer.vip_port_id:
            port, balancer.owns_port = network.find_port(call.caller, balancer.vip_port_id), False
        elif balancer.vip_subnet_id or balancer.vip_network_id:
            wish = VipWish(
                network_id=balancer.vip_network_id,
                subnet_id=balancer.vip_subnet_id,
                address=balancer.vip_address,
                device_id=f"lb-{balancer.id}",
                name=f"octavia-lb-{balancer.id}",
            )
            port = network.create_vip_port(call.caller, wish)
        else:
            raise Fault(
                400,
                "Validation failure: VIP must contain one of: vip_port_id, vip_network_id, "
                "vip_subnet_id.",
            )
    except Fault as refusal:
        raise refusal if refusal.status == 409 else Fault(400, refusal.message) from refusal
    balancer.vip_port_id, balancer.vip_network_id = port.id, port.network_id
    if port.addresses:
        balancer.vip_address = port.addresses[0].address
        balancer.vip_subnet_id = balancer.vip_subnet_id or port.addresses[0].subnet_id


def delete(service: Balancing, call: Call, balancer: LoadBalancer) -> None:
    cascade = (call.argument("cascade") or "").lower() in ("true", "1", "yes")
    if not cascade and list(service.below(balancer)):
        raise Fault(
            400,
            f"Validation failure: Cannot delete Load Balancer {balancer.id} - it has children",
        )
    service.mark(list(service.below(balancer)), "PENDING_DELETE")


def remove(service: Balancing, balancer: LoadBalancer) -> None:
    forget(service, balancer)
    if balancer.owns_port and balancer.vip_port_id:
        service.frame.peers.network.release_port(balancer.vip_port_id)


def _more(service: Balancing, call: Call, balancer: LoadBalancer, view: str) -> dict[str, Any]:
    return {
        "listeners": references(service.listeners.find(loadbalancer_id=balancer.id)),
        "pools": references(service.pools.find(loadbalancer_id=balancer.id)),
        "additional_vips": [],
        "vip_vnic_type": "normal",
        "vip_sg_ids": [],
    }


BALANCERS = PartKind[LoadBalancer](
    dialect=DIALECT,
    name="loadbalancer",
    noun="Load Balancer",
    entity=LoadBalancer,
    limit="loadbalancer",
    life=replace(LIFE, removed=remove),
    also={"listeners": _PARTS, "pools": _PARTS},
    verbs=("list", "show", "update", "delete"),
    delete=delete,
    more=_more,
)


@BALANCERS.routes.get(f"{BALANCERS.one}/stats", "loadbalancer.show_stats")
def show_stats(service: Balancing, call: Call) -> object:
    BALANCERS.of(service, call)
    return {"stats": statuses.NO_TRAFFIC}


@BALANCERS.routes.get(f"{BALANCERS.one}/status", "loadbalancer.show_status")
@BALANCERS.routes.get(f"{BALANCERS.one}/statuses", "loadbalancer.show_status")
def show_status(service: Balancing, call: Call) -> object:
    tree = statuses.tree(service, BALANCERS.of(service, call))
    return {"statuses": {"loadbalancer": tree}}


@BALANCERS.routes.put(f"{BALANCERS.one}/failover", "loadbalancer.fail_over", status=202)
def fail_over(service: Balancing, call: Call) -> None:
    if not call.caller.is_admin:
        raise DIALECT.forbidden("failover")
    BALANCERS.begin(service, call, BALANCERS.of_own(service, call, "delete"), "update")
