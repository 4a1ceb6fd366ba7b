"""Taps: copies of the traffic of a port, sent to another one."""

from isotherm.localcloud.kinds import Ties
from isotherm.localcloud.network import ports
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.extension_entities import TapFlow, TapService
from isotherm.localcloud.network.private_networks import TAKEN_DOWN

SERVICES = NetworkKind[TapService](
    name="tap_service",
    entity=TapService,
    life=TAKEN_DOWN,
    path="/taas/tap_services",
    ties=Ties(names={"port_id": ports.KIND}, along={"tap_flow": "tap_service_id"}),
)
FLOWS = NetworkKind[TapFlow](
    name="tap_flow",
    entity=TapFlow,
    path="/taas/tap_flows",
    life=TAKEN_DOWN,
    ties=Ties(names={"tap_service_id": SERVICES, "source_port": ports.KIND}),
)
