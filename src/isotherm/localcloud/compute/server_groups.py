"""Server groups. Until 2.63 they list policies, since 2.64 they have one with rules."""

from typing import Any

from isotherm.localcloud.compute import checks
from isotherm.localcloud.compute.dialect import DIALECT
from isotherm.localcloud.compute.entities import ServerGroup
from isotherm.localcloud.compute.faults import invalid, quota_exceeded
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.compute.usage import used_by
from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import Kind, Listing, Wish, said
from isotherm.localcloud.kinds.checks import list_of, one_of, shape, text

_STRICT = ("anti-affinity", "affinity")
_ALL = (*_STRICT, "soft-anti-affinity", "soft-affinity")
_RULES = shape({"max_server_per_host": checks.integer(1)})
# Since then servers may be kept together or apart as far as that goes.
_SOFT = 15


def create(compute: Compute, call: Call, wish: Wish) -> ServerGroup:
    policy = wish.get("policy") or wish["policies"][0]
    known = _ALL if minor_of(call) >= _SOFT else _STRICT
    DIALECT.checked("policy" if "policy" in wish else "0", policy, one_of(*known))
    if wish.get("rules") and policy != "anti-affinity":
        raise invalid("Only anti-affinity policy supports rules.")
    used = used_by(compute, call.project_id)
    if compute.quotas.exceeded(call.project_id, used, {"server_groups": 1}):
        raise quota_exceeded("Quota exceeded, too many server groups.")
    return SERVER_GROUPS.add(compute, call.caller, {**wish, "policy": policy})


def delete(compute: Compute, call: Call, group: ServerGroup) -> None:
    for server in compute.servers.find(group_id=group.id):
        server.group_id = None
        compute.servers.save(server)


def _more(compute: Compute, call: Call, group: ServerGroup, view: str) -> dict[str, Any]:
    shown: dict[str, Any] = {} if minor_of(call) >= 64 else {"policies": [group.policy]}
    if minor_of(call) < 64:
        shown["metadata"] = {}
    return {**shown, "members": [each.id for each in compute.servers.find(group_id=group.id)]}


SERVER_GROUPS = Kind[Compute, ServerGroup](
    dialect=DIALECT,
    name="server_group",
    entity=ServerGroup,
    noun="Instance group",
    path="/os-server-groups",
    verbs=("create", "list", "show", "delete"),
    also={
        "name": said(checks.name_text, required=True),
        "policies": said(
            list_of(text(), least=1, most=1),
            required=True,
            shown=False,
            until=63,
        ),
        "policy": said(text(), required=True, since=64),
        "rules": said(_RULES, since=64),
    },
    listing=Listing(linked=False),
    create=create,
    delete=delete,
    more=_more,
)
