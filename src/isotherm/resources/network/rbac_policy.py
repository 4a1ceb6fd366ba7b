"""OS::Neutron::RBACPolicy: lets another project use an object of the network service."""

from isotherm import kit
from isotherm.kit import Properties, changeable, prop, register, supported
from isotherm.kit.services.network import RBAC_POLICY
from isotherm.resources.network.network_type import NetworkType

_KINDS = ("network", "qos_policy", "security_group", "address_scope", "subnetpool")
_EXTERNAL = "access_as_external"


class RbacPolicyProperties(Properties):
    object_type: str = prop("Kind of the object.", allowed=_KINDS)
    target_tenant: str = changeable("Project that may use it; '*' for all.")
    action: str = prop("What it may be used as.", allowed=("access_as_shared", _EXTERNAL))
    object_id: str = prop("The object, by name or id.", reads=None)
    tenant_id: str | None = prop("Project that owns the policy; administrators only.")


@register("OS::Neutron::RBACPolicy", support=supported("6.0.0"))
class RbacPolicy(NetworkType[RbacPolicyProperties]):
    """Lets another project use an object of the network service."""

    entity = RBAC_POLICY
    extension = "rbac-policies"
    name_field = ""

    async def create(self, ctx: kit.Context[RbacPolicyProperties]) -> kit.Outcome:
        remote = await ctx.api.create(RBAC_POLICY, await _body(ctx, self.create_body(ctx)))
        return kit.Started(str(remote["id"]), remote)

    async def find(self, ctx: kit.Context[RbacPolicyProperties]) -> kit.Candidates:
        """No two policies say the same."""
        body = await _body(ctx, self.create_body(ctx))
        wanted = {name: str(body[name]) for name in ("object_type", "object_id", "action", "target_tenant")}
        return [self.candidate(each) for each in await ctx.api.list(RBAC_POLICY, **wanted)]

    def problems(self, properties: kit.Values) -> kit.Problems:
        kind = properties.get("object_type")
        if properties.get("action") == _EXTERNAL and isinstance(kind, str) and kind != "network":
            yield "action", f"must not be {_EXTERNAL} for a {kind}: only networks can be external"


async def _body(ctx: kit.Context[RbacPolicyProperties], body: kit.Fields) -> kit.Fields:
    """With the object's id: which kind of name it has, only the kind of object tells."""
    found = await ctx.api.find(f"neutron.{ctx.props.object_type}", ctx.props.object_id)
    return {**body, "object_id": found}
