"""Archive policies: how finely and how long measures are kept; and which metrics get which."""

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import Kind, Ties, Wish
from isotherm.localcloud.metric.dialect import DIALECT, Explained
from isotherm.localcloud.metric.entities import ArchivePolicy, ArchivePolicyRule
from isotherm.localcloud.metric.state import Metrics

_RULE = "archive policies"
_ADMINS = dict.fromkeys(("create", "update", "delete"), _RULE)


def by_name(metrics: Metrics, caller: Caller, name: str) -> ArchivePolicy | None:
    return next(iter(metrics.policies.find(name=name)), None)


def create(metrics: Metrics, call: Call, wish: Wish) -> ArchivePolicy:
    return POLICIES.add(metrics, call.caller, wish, id=wish["name"])


POLICIES = Kind[Metrics, ArchivePolicy](
    dialect=DIALECT,
    name="archive_policy",
    path="/archive_policy",
    entity=ArchivePolicy,
    also={"id": None},
    admins=_ADMINS,
    find_as=by_name,
    ties=Ties(
        users={"metric": "archive_policy_name", "archive_policy_rule": "archive_policy_name"},
        used=lambda policy: Fault(400, f"Archive policy {policy.name} is still in use"),
        unique=("name",),
        taken=lambda policy: Fault(409, f"Archive policy {policy.name} already exists"),
    ),
    create=create,
)


def _rule_by_name(metrics: Metrics, caller: Caller, name: str) -> ArchivePolicyRule | None:
    return next(iter(metrics.rules.find(name=name)), None)


def _check(metrics: Metrics, call: Call, wish: Wish, rule: ArchivePolicyRule | None) -> None:
    policy = wish.get("archive_policy_name")
    if policy and not metrics.policies.find(name=policy):
        raise Explained(400, "Archive policy does not exist", detail=policy)


RULES = Kind[Metrics, ArchivePolicyRule](
    dialect=DIALECT,
    name="archive_policy_rule",
    path="/archive_policy_rule",
    entity=ArchivePolicyRule,
    also={"id": None},
    admins=_ADMINS,
    find_as=_rule_by_name,
    ties=Ties(
        unique=("name",),
        taken=lambda rule: Fault(409, f"Archive policy rule {rule.name} already exists"),
    ),
    check=_check,
)
