"""Members of pools."""

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Ties, Wish
from isotherm.localcloud.load_balancer.dialect import DIALECT, LIFE, PartKind
from isotherm.localcloud.load_balancer.entities import Member, Pool
from isotherm.localcloud.load_balancer.pools import POOLS
from isotherm.localcloud.load_balancer.state import Balancing

MEMBERS = PartKind[Member](
    dialect=DIALECT,
    name="member",
    path="/pools/{pool_id}/members",
    entity=Member,
    parent=POOLS,
    limit="member",
    life=LIFE,
    ties=Ties(
        unique=("pool_id", "address", "protocol_port"),
        taken=lambda member: Fault(
            409,
            f"Another member on this pool is already using ip {member.address} on "
            f"protocol_port {member.protocol_port}",
        ),
    ),
)


@MEMBERS.routes.put(MEMBERS.path, "member.replace_all", status=202)
def replace_all(service: Balancing, call: Call) -> None:
    """All members of a pool at once; with `additive_only` none goes."""
    pool = POOLS.find(service, call.caller, call.params["pool_id"])
    service.require_mutable(service.balancer_of(pool))
    said = DIALECT.body(call, "members")
    wishes = [MEMBERS.wish(call, each, "create") for each in said]
    present = {(m.address, m.protocol_port): m for m in service.members.find(pool_id=pool.id)}
    wanted = [(wish["address"], wish["protocol_port"]) for wish in wishes]
    if len(set(wanted)) < len(wanted):
        raise Fault(400, "Validation failure: A member is named twice.")
    if (call.argument("additive_only") or "").lower() != "true":
        for key, member in present.items():
            if key not in wanted:
                MEMBERS.begin(service, call, member, "delete")
    for key, wish in zip(wanted, wishes, strict=True):
        if key in present:
            _change(service, call, present[key], wish)
        else:
            _make(service, call, pool, wish)


def _make(service: Balancing, call: Call, pool: Pool, wish: Wish) -> None:
    owner = {"pool_id": pool.id, "project_id": pool.project_id}
    made = MEMBERS.add(service, call.caller, {**wish, **owner})
    MEMBERS.begin(service, call, made, "create")


def _change(service: Balancing, call: Call, member: Member, wish: Wish) -> None:
    fixed = ("address", "protocol_port", "subnet_id", "project_id", "vnic_type")
    own = {name: each for name, each in wish.items() if name not in fixed}
    if not own["name"]:  # which stays, where none is said
        del own["name"]
    MEMBERS.assign(service, member, own)
    MEMBERS.begin(service, call, member, "update")
