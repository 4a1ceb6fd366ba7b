"""Archive policies: how finely and how long measures are kept."""

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import Kind, Ties, Wish
from isotherm.localcloud.metric.dialect import DIALECT
from isotherm.localcloud.metric.entities import ArchivePolicy
from isotherm.localcloud.metric.state import Metrics

_RULE = "archive policies"


def by_name(metrics: Metrics, caller: Caller, name: str) -> ArchivePolicy | None:
    return next(iter(metrics.policies.find(name=name)), None)


def create(metrics: Metrics, call: Call, wish: Wish) -> ArchivePolicy:
    return POLICIES.add(metrics, call.caller, wish, id=wish["name"])


POLICIES = Kind[Metrics, ArchivePolicy](
    dialect=DIALECT,
    name="archive_policy",
    path="/archive_policy",
    entity=ArchivePolicy,
    admins=dict.fromkeys(("create", "update", "delete"), _RULE),
    find_as=by_name,
    ties=Ties(
        users={"metric": "archive_policy_name"},
        used=lambda policy: Fault(400, f"Archive policy {policy.name} is still in use"),
        unique=("name",),
        taken=lambda policy: Fault(409, f"Archive policy {policy.name} already exists"),
    ),
    create=create,
)
del POLICIES.fields["id"]
