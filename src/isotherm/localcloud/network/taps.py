"""Taps: copies of the traffic of a port, sent to another one."""

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import Wish
from isotherm.localcloud.network import ports
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.extension_entities import TapFlow, TapService
from isotherm.localcloud.network.private_networks import TAKEN_DOWN
from isotherm.localcloud.network.state import Networking


def create_service(networking: Networking, call: Call, wish: Wish) -> TapService:
    ports.KIND.find(networking, call.caller, wish["port_id"])
    return networking.add(SERVICES.made(networking), TapService(**wish))


def delete_service(networking: Networking, call: Call, service: TapService) -> None:
    """Its flows go with it."""
    for flow in FLOWS.made(networking):
        if flow.tap_service_id == service.id:
            FLOWS.made(networking).remove(flow.id)


SERVICES = NetworkKind[TapService](
    name="tap_service",
    entity=TapService,
    life=TAKEN_DOWN,
    path="/taas/tap_services",
    create=create_service,
    delete=delete_service,
)


def create_flow(networking: Networking, call: Call, wish: Wish) -> TapFlow:
    SERVICES.find(networking, call.caller, wish["tap_service_id"])
    ports.KIND.find(networking, call.caller, wish["source_port"])
    return networking.add(FLOWS.made(networking), TapFlow(**wish))


FLOWS = NetworkKind[TapFlow](
    name="tap_flow",
    entity=TapFlow,
    path="/taas/tap_flows",
    life=TAKEN_DOWN,
    create=create_flow,
)
