"""Metering: labels, and rules that say which traffic counts for them."""

from ipaddress import ip_network

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import Ties, Wish
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.extension_entities import MeteringLabel, MeteringLabelRule
from isotherm.localcloud.network.state import Networking

_VERBS = ("create", "list", "show", "delete")


LABELS = NetworkKind[MeteringLabel](
    name="metering_label",
    entity=MeteringLabel,
    path="/metering/metering-labels",
    verbs=_VERBS,
    admins={"create": "rule:create_metering_label", "delete": "rule:delete_metering_label"},
    ties=Ties(along={"metering_label_rule": "metering_label_id"}),
    visible=lambda networking, caller, label: label.shared or caller.sees(label.project_id),
)


def create_rule(networking: Networking, call: Call, wish: Wish) -> MeteringLabelRule:
    label = LABELS.find(networking, call.caller, wish["metering_label_id"])
    wanted = wish["remote_ip_prefix"]
    for other in RULES.made(networking):
        same = (other.metering_label_id, other.direction) == (label.id, wish["direction"])
        if same and wanted and other.remote_ip_prefix and _overlap(wanted, other.remote_ip_prefix):
            raise faults.conflict(
                "MeteringLabelRuleOverlaps",
                f"Label rule with remote_ip_prefix {wanted} overlaps another.",
            )
    return RULES.add(networking, call.caller, wish, project_id=label.project_id)


def _overlap(one: str, other: str) -> bool:
    first, second = ip_network(one, strict=False), ip_network(other, strict=False)
    return first.version == second.version and first.overlaps(second)


RULES = NetworkKind[MeteringLabelRule](
    name="metering_label_rule",
    entity=MeteringLabelRule,
    path="/metering/metering-label-rules",
    verbs=_VERBS,
    admins={
        "create": "rule:create_metering_label_rule",
        "delete": "rule:delete_metering_label_rule",
    },
    create=create_rule,
)
