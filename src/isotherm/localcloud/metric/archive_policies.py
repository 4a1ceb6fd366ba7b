"""Archive policies: how finely and how long measures are kept."""

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import Kind, Wish
from isotherm.localcloud.metric.dialect import DIALECT
from isotherm.localcloud.metric.entities import ArchivePolicy
from isotherm.localcloud.metric.state import Metrics

_RULE = "archive policies"


def by_name(metrics: Metrics, caller: Caller, name: str) -> ArchivePolicy | None:
    return next(iter(metrics.policies.find(name=name)), None)


def create(metrics: Metrics, call: Call, wish: Wish) -> ArchivePolicy:
    if metrics.policies.find(name=wish["name"]):
        raise Fault(409, f"Archive policy {wish['name']} already exists")
    return metrics.policies.add(ArchivePolicy(id=wish["name"], **wish))


def refuse_used(metrics: Metrics, call: Call, policy: ArchivePolicy) -> None:
    if metrics.metrics.count("archive_policy_name", policy.name):
        raise Fault(400, f"Archive policy {policy.name} is still in use")


POLICIES = Kind[Metrics, ArchivePolicy](
    dialect=DIALECT,
    name="archive_policy",
    path="/archive_policy",
    entity=ArchivePolicy,
    admins=dict.fromkeys(("create", "update", "delete"), _RULE),
    find_as=by_name,
    create=create,
    delete=refuse_used,
)
del POLICIES.fields["id"]
