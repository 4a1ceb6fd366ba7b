"""Taps: copies of the traffic of a port, sent to another one."""

from dataclasses import replace
from typing import Any

from isotherm.localcloud.kinds import Life, Ties
from isotherm.localcloud.network import ports
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.extension_entities import TapFlow, TapService
from isotherm.localcloud.network.private_networks import TAKEN_DOWN
from isotherm.localcloud.network.state import Networking

_LIFE: Life[Networking, Any] = replace(TAKEN_DOWN, creating="DOWN")

SERVICES = NetworkKind[TapService](
    name="tap_service",
    entity=TapService,
    life=_LIFE,
    path="/taas/tap_services",
    ties=Ties(names={"port_id": ports.KIND}, along={"tap_flow": "tap_service_id"}),
)
FLOWS = NetworkKind[TapFlow](
    name="tap_flow",
    entity=TapFlow,
    path="/taas/tap_flows",
    life=_LIFE,
    ties=Ties(names={"tap_service_id": SERVICES}),
)
