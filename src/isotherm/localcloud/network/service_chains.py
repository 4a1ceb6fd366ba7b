"""Service chains: which traffic goes through which pairs of ports, in which order."""

from collections.abc import Callable
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Ties, Wish
from isotherm.localcloud.network import faults, ports
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.entities import NetworkEntity
from isotherm.localcloud.network.extension_entities import (
    FlowClassifier,
    PortChain,
    PortPair,
    PortPairGroup,
)
from isotherm.localcloud.network.state import Networking


def _in_use(noun: str, entity_id: str) -> Fault:
    return faults.conflict(f"{noun.title().replace(' ', '')}InUse", f"{noun} {entity_id} in use.")


def _used(noun: str) -> Callable[[NetworkEntity], Fault]:
    return lambda entity: _in_use(noun, entity.id)


def _in_one_only(kind: str, field: str) -> Callable[[Networking, Call, Wish, Any], None]:
    """What the field names is in one object of the kind only."""
    noun = field.removesuffix("s").replace("_", " ").capitalize()

    def check(networking: Networking, call: Call, wish: Wish, there: Any) -> None:
        for other in networking.collections[kind]:
            for taken in set(wish.get(field, ())) & set(getattr(other, field)):
                if other is not there:
                    raise _in_use(noun, taken)

    return check


def create_chain(networking: Networking, call: Call, wish: Wish) -> PortChain:
    number = 1 + max((each.chain_id for each in CHAINS.made(networking)), default=0)
    return CHAINS.add(networking, call.caller, wish, chain_id=number)


CLASSIFIERS = NetworkKind[FlowClassifier](
    name="flow_classifier",
    entity=FlowClassifier,
    path="/sfc/flow_classifiers",
    ties=Ties(
        names={"logical_source_port": ports.KIND, "logical_destination_port": ports.KIND},
        users={"port_chain": "flow_classifiers"},
        used=_used("Flow Classifier"),
    ),
)
PAIRS = NetworkKind[PortPair](
    name="port_pair",
    entity=PortPair,
    path="/sfc/port_pairs",
    ties=Ties(
        names={"ingress": ports.KIND, "egress": ports.KIND},
        users={"port_pair_group": "port_pairs"},
        used=_used("Port Pair"),
    ),
)
GROUPS = NetworkKind[PortPairGroup](
    name="port_pair_group",
    entity=PortPairGroup,
    path="/sfc/port_pair_groups",
    ties=Ties(
        names={"port_pairs": PAIRS},
        users={"port_chain": "port_pair_groups"},
        used=_used("Port Pair Group"),
    ),
    check=_in_one_only("port_pair_group", "port_pairs"),
)
CHAINS = NetworkKind[PortChain](
    name="port_chain",
    entity=PortChain,
    path="/sfc/port_chains",
    ties=Ties(names={"port_pair_groups": GROUPS, "flow_classifiers": CLASSIFIERS}),
    check=_in_one_only("port_chain", "flow_classifiers"),
    create=create_chain,
)
