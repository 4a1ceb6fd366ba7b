"""Service chains: which traffic goes through which pairs of ports, in which order."""

from collections.abc import Iterable
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Wish
from isotherm.localcloud.network import faults, ports
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.extension_entities import (
    FlowClassifier,
    PortChain,
    PortPair,
    PortPairGroup,
)
from isotherm.localcloud.network.state import Networking


def _in_use(noun: str, entity_id: str) -> Fault:
    return faults.conflict(f"{noun.title().replace(' ', '')}InUse", f"{noun} {entity_id} in use.")


def _refuse_taken(
    networking: Networking, kind: NetworkKind[Any], field: str, ids: Iterable[str], own_id: str
) -> None:
    """Each can be in one only."""
    for other in kind.made(networking):
        for taken in set(ids) & set(getattr(other, field)):
            if other.id != own_id:
                raise _in_use(field.removesuffix("s").replace("_", " ").capitalize(), taken)


def create_classifier(networking: Networking, call: Call, wish: Wish) -> FlowClassifier:
    for name in ("logical_source_port", "logical_destination_port"):
        if wish[name]:
            ports.KIND.find(networking, call.caller, wish[name])
    return networking.add(CLASSIFIERS.made(networking), FlowClassifier(**wish))


def delete_classifier(networking: Networking, call: Call, classifier: FlowClassifier) -> None:
    if any(classifier.id in each.flow_classifiers for each in CHAINS.made(networking)):
        raise _in_use("Flow Classifier", classifier.id)


CLASSIFIERS = NetworkKind[FlowClassifier](
    name="flow_classifier",
    entity=FlowClassifier,
    path="/sfc/flow_classifiers",
    create=create_classifier,
    delete=delete_classifier,
)


def create_pair(networking: Networking, call: Call, wish: Wish) -> PortPair:
    for name in ("ingress", "egress"):
        ports.KIND.find(networking, call.caller, wish[name])
    return networking.add(PAIRS.made(networking), PortPair(**wish))


def delete_pair(networking: Networking, call: Call, pair: PortPair) -> None:
    if any(pair.id in each.port_pairs for each in GROUPS.made(networking)):
        raise _in_use("Port Pair", pair.id)


PAIRS = NetworkKind[PortPair](
    name="port_pair",
    entity=PortPair,
    path="/sfc/port_pairs",
    create=create_pair,
    delete=delete_pair,
)


def _check_group(networking: Networking, call: Call, wish: Wish, own_id: str = "") -> None:
    for each in wish.get("port_pairs", ()):
        PAIRS.find(networking, call.caller, each)
    _refuse_taken(networking, GROUPS, "port_pairs", wish.get("port_pairs", ()), own_id)


def create_group(networking: Networking, call: Call, wish: Wish) -> PortPairGroup:
    _check_group(networking, call, wish)
    return networking.add(GROUPS.made(networking), PortPairGroup(**wish))


def change_group(networking: Networking, call: Call, group: PortPairGroup, wish: Wish) -> None:
    _check_group(networking, call, wish, group.id)
    networking.assign(GROUPS.made(networking), group, wish)


def delete_group(networking: Networking, call: Call, group: PortPairGroup) -> None:
    if any(group.id in each.port_pair_groups for each in CHAINS.made(networking)):
        raise _in_use("Port Pair Group", group.id)


GROUPS = NetworkKind[PortPairGroup](
    name="port_pair_group",
    entity=PortPairGroup,
    path="/sfc/port_pair_groups",
    create=create_group,
    change=change_group,
    delete=delete_group,
)


def _check_chain(networking: Networking, call: Call, wish: Wish, own_id: str = "") -> None:
    for each in wish.get("port_pair_groups", ()):
        GROUPS.find(networking, call.caller, each)
    for each in wish.get("flow_classifiers", ()):
        CLASSIFIERS.find(networking, call.caller, each)
    _refuse_taken(networking, CHAINS, "flow_classifiers", wish.get("flow_classifiers", ()), own_id)


def create_chain(networking: Networking, call: Call, wish: Wish) -> PortChain:
    _check_chain(networking, call, wish)
    made = CHAINS.made(networking)
    number = 1 + max((each.chain_id for each in made), default=0)
    return networking.add(made, PortChain(**wish, chain_id=number))


def change_chain(networking: Networking, call: Call, chain: PortChain, wish: Wish) -> None:
    _check_chain(networking, call, wish, chain.id)
    networking.assign(CHAINS.made(networking), chain, wish)


CHAINS = NetworkKind[PortChain](
    name="port_chain",
    entity=PortChain,
    path="/sfc/port_chains",
    create=create_chain,
    change=change_chain,
)
